"""Meters that devices send, placed by what is known of their devices: parts behind their meter, views beside it."""

from collections.abc import Mapping
from dataclasses import replace

from ondol.common.access import Access
from ondol.readings.needs import Matching
from ondol.readings.rules.same_building import roles_beside
from ondol.readings.rules.same_device import mains_of, role_behind
from ondol.sites.model import NewPoint, Point, PointChange
from ondol.sites.ports import SiteRecords


def grouped(building: str, new: Mapping[str, NewPoint], records: SiteRecords) -> dict[str, NewPoint]:
    """The points with the better meter of the same device in front of them, those in front first."""
    meters = [point for point in records.points(building) if point.usage_unit is not None]
    coming = [point for point in new.values() if _is_meter(point)]
    inside = roles_beside(building, [*(it for it in meters if it.is_main_meter), *coming])
    new = {
        source: replace(point, role=inside[point.key]) if point.key in inside else point
        for source, point in new.items()
    }
    behind = mains_of(building, [*meters, *(point for point in new.values() if _is_meter(point))])
    in_front = {key: main for key, main in behind.items() if key not in {point.key for point in meters}}
    placed = {
        source: replace(point, submeter_of=in_front[point.key], role=role_behind(building, point))
        if point.key in in_front
        else point
        for source, point in new.items()
    }
    return dict(sorted(placed.items(), key=lambda item: item[1].submeter_of is not None))


def set_behind(access: Access, building: str, new: Mapping[str, NewPoint], needs: Matching) -> None:
    """Put what a device sent before behind its better meter, or the building's, that came now; what a person set up stays as it is."""
    keys = {point.key for point in new.values()}
    meters = [point for point in needs.records.points(building) if point.usage_unit is not None]
    by_key = {meter.key: meter for meter in meters}
    for key, main in mains_of(building, meters).items():
        point = by_key[key]
        if main in keys and key not in keys and point.from_device and point.submeter_of is None:
            change = PointChange(submeter_of=main, role=role_behind(building, point))
            _change(access, key, change, f"behind {main}, of the same device", needs)
    mains = [meter for meter in needs.records.points(building) if meter.is_main_meter]
    known = roles_beside(building, [meter for meter in mains if meter.key not in keys])
    for key, role in roles_beside(building, mains).items():
        if key not in known and key not in keys and by_key[key].from_device:
            _change(access, key, PointChange(role=role), f"{role} of the building's meter that came now", needs)


def _change(access: Access, key: str, change: PointChange, why: str, needs: Matching) -> None:
    needs.records.change_point(key, change)
    needs.index.forget()
    needs.audit.record(access, "point changed", f"{key}: {why}")


def _is_meter(new: NewPoint) -> bool:
    return Point(0, new.key, 0, "", new.name, new.quantity, new.unit, new.kind).usage_unit is not None
