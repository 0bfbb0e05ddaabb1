"""A name that sent readings becomes a point: somebody says what it is, and its kept readings follow."""

from dataclasses import dataclass, replace

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput, NotFound, StoreUnavailable
from ondol.common.units import UNITS, find_unit
from ondol.readings.group_meters import grouped, set_behind
from ondol.readings.model import Submission
from ondol.readings.model.devices import NewDevice
from ondol.readings.ports import NewDevices
from ondol.readings.record_readings import RecordingNeeds, record_readings
from ondol.readings.register_points import describe_new_point
from ondol.readings.rules.understanding import Understanding, understand
from ondol.readings.rules.words import AMOUNTS
from ondol.sites.create_points import create_points
from ondol.sites.model import NewPoint, Point, PointKind
from ondol.sites.reach import reach_point, reach_whole_building

_FOLLOW_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a name is: a new point of a quantity, unit and kind, or with `point` alone one that exists already."""

    quantity: str | None = None
    unit: str | None = None
    kind: PointKind | None = None
    interval_s: int | None = None
    name: str | None = None
    point: str | None = None


def waiting_devices(access: Access, building_key: str, needs: RecordingNeeds) -> list[tuple[NewDevice, Understanding]]:
    """Names of a building that wait, each with what is understood of it already. Raises NotFound, NotAllowed."""
    reach_whole_building(access, building_key, needs.matching.records)
    found = needs.matching.devices.waiting(building_key)
    return [(device, understand(device.source, device.sent, device.unit or "")) for device in found]


def name_device(access: Access, key: str, naming: Naming, needs: RecordingNeeds) -> Point:
    """Make a point of it, or let it be one more name of a point; returns that point, to which its readings have gone.

    Raises NotFound, AlreadyExists, InvalidInput when something is lacking or the unit does not fit.
    """
    access.require(Scope.WRITE)
    device = _reach(access, key, needs)
    matching = needs.matching
    if naming.point is not None:
        point = reach_point(access, naming.point, matching.records, Scope.WRITE)
        if point.building_key != device.building_key:
            raise InvalidInput(
                f"{naming.point!r} is a point of another building; the device sends to {device.building_key!r}"
            )
        matching.records.add_alias(point.key, device.source)
        matching.index.forget()
    else:
        named = {device.source: describe_named(device, naming)}
        ((_, new),) = grouped(device.building_key, named, matching.records).items()
        (point,) = create_points(
            access, device.building_key, [new],
            records=matching.records, index=matching.index, results=matching.results, audit=matching.audit,
        )  # fmt: skip
        set_behind(access, device.building_key, named, matching)
    matching.audit.record(access, "device named", f"{device.source[:150]}: {point.key}")
    follow(device.key, needs)
    return point


def forget_device(access: Access, key: str, needs: RecordingNeeds) -> None:
    """Let go of a name and its kept readings; when it sends again it is new again. Raises NotFound."""
    access.require(Scope.WRITE)
    device = _reach(access, key, needs)
    needs.matching.devices.drop(device.key)
    needs.matching.audit.record(access, "device forgotten", f"{device.source[:150]}: {device.readings:,} readings")


def follow_named(needs: RecordingNeeds) -> None:
    """Readings that still wait although their name is that of a point by now go where they belong."""
    waiting = {device.source: device.key for device in needs.matching.devices.waiting()}
    for source in needs.matching.index.find(waiting):
        follow(waiting[source], needs)


def follow(key: str, needs: RecordingNeeds) -> None:
    """Record what waits under the name of a point; a crash in between only means doing it again. Raises StoreUnavailable."""
    devices: NewDevices = needs.matching.devices
    while (some := devices.oldest(key, _FOLLOW_AT_ONCE)).height:
        sources, times_us, values = (some[name].to_list() for name in ("source", "time_us", "value"))
        units = some["unit"].to_list() if some["unit"].null_count() < some.height else None
        receipt = record_readings(
            SYSTEM, Submission(sources, times_us, values, range(1, some.height + 1), units), None, needs
        )
        if receipt.rejected:
            raise StoreUnavailable(f"readings that wait were refused: {receipt.errors[0].reason}")
        devices.drop(key, int(some["time_us"][-1]))


def _reach(access: Access, key: str, needs: RecordingNeeds) -> NewDevice:
    device = needs.matching.devices.find(key)
    if device is None or access.spaces is not None or not access.reaches(device.building_key):
        raise NotFound(f"there is no new device {key!r}; GET /api/v1/devices/new?building=KEY lists those that wait")
    return device


def describe_named(device: NewDevice, naming: Naming) -> NewPoint:
    """The point that a name becomes by what is said of it and what it sends. Raises InvalidInput when something is lacking or wrong."""
    meant = understand(device.source, device.sent, device.unit or "")
    quantity, unit = naming.quantity or meant.quantity, naming.unit or meant.unit
    found = find_unit(unit or "")
    is_state = found is not None and found.dimension not in AMOUNTS
    kind = naming.kind or meant.kind or (PointKind.MEASUREMENT if is_state else None)
    said = Understanding(quantity, unit, kind)
    if said.lacks:
        raise InvalidInput(f"say what it is: {', '.join(said.lacks)} cannot be told from what it sends")
    if found is None:
        raise InvalidInput(f"the unit {unit!r} is not known; choose one of {', '.join(UNITS)}")
    sent_unit = device.unit or device.sent.unit or None
    known = find_unit(sent_unit or "")
    if known is not None and meant.unit is not None and known.dimension != found.dimension:
        raise InvalidInput(
            f"it sends {sent_unit!r}, which does not convert to {found.symbol!r}; choose a unit that does"
        )
    point = describe_new_point(
        device.source, device.sent, Understanding(quantity, found.symbol, kind, meant.role), device.building_key
    )
    return _with(point, naming, sent_unit if meant.unit is None else None)


def _with(point: NewPoint, naming: Naming, sent_unit: str | None) -> NewPoint:
    return replace(
        point, name=naming.name or point.name, interval_s=naming.interval_s, sent_unit=sent_unit, from_device=False
    )
