"""Points come to be because readings of them arrived; what is not understood waits for somebody to name it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ondol.common.access import Access
from ondol.common.errors import AlreadyExists, StoreUnavailable
from ondol.common.keys import OTHER_SIGNS
from ondol.readings.group_meters import grouped, set_behind
from ondol.readings.model import LONGEST_SOURCE, Sent, Submission
from ondol.readings.model.devices import device_key
from ondol.readings.needs import Matching
from ondol.readings.place_in_rooms import in_rooms
from ondol.readings.rules.same_entity import names_in_other_units
from ondol.readings.rules.understanding import BESIDE, Understanding, understand
from ondol.readings.rules.uses import is_beside_heat
from ondol.sites.create_points import create_points
from ondol.sites.model import NewPoint, PointKind
from ondol.sites.rules import is_own_name

MOST_NEW_NAMES = 5000
"""Names that are new in one part of a body; more are asked to come again, when these are known."""
LONGEST_FLOOR = 20
Details = Mapping[str, Sent]
"""What was sent along with a name, by source."""
_NOTHING_SENT = Sent()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name that waits to be named by somebody, in the building whose device it is."""

    name: str
    building_key: str
    sent: Sent


@dataclass(slots=True)
class Registration:
    """What became of sources without a point: `refused` says why, `waiting` are kept; the others are points now."""

    refused: dict[str, str] = field(default_factory=dict[str, str])
    waiting: dict[str, Waiting] = field(default_factory=dict[str, Waiting])


def own_names(access: Access, sources: Iterable[str], details: Details, bucket: str | None) -> dict[str, str]:
    """The names under which sources are known whose writer is limited to buildings, where they are not the sources themselves.

    Devices of two buildings may go by the same name, and none may catch what those of another building send.
    """
    if access.buildings is None:
        return {}
    homes = {
        source: building_of(source, details.get(source, _NOTHING_SENT), bucket, access.buildings) for source in sources
    }
    return {
        source: f"{building}.{source}"
        for source, building in homes.items()
        if source and building is not None and not is_own_name(building, source)
    }


def register_points(
    access: Access,
    sources: Sequence[str],
    names: Mapping[str, str],
    submission: Submission,
    bucket: str | None,
    needs: Matching,
) -> Registration:
    """Create points for sources that have none, where a building in reach is named and what they send is understood.

    `names` are those of `own_names`. Raises StoreUnavailable when there were too many to take at once.
    """
    reached = {building.key for building in needs.records.buildings() if access.reaches(building.key)}
    units = _units_of(submission, sources)
    homes = needs.devices.homes(names.get(source, source) for source in sources[:MOST_NEW_NAMES])
    released = needs.devices.released(names.get(source, source) for source in sources[:MOST_NEW_NAMES])
    found = Registration()
    thermal = _thermal(submission.details)
    new: dict[str, dict[str, NewPoint]] = defaultdict(dict)
    for source in sources[:MOST_NEW_NAMES]:
        sent = submission.details.get(source, _NOTHING_SENT)
        name, building = names.get(source, source), building_of(source, sent, bucket, reached)
        waits_in = homes.get(name)
        if building is None and waits_in in reached:
            building = waits_in
        reason = _unfit(name, sent)
        if building is None or reason is not None:
            found.refused[source] = reason or _no_building(source)
            continue
        if thermal and _head(sent) in thermal:
            sent = _beside_heat(sent)
        meant = understand(source, sent, units.get(source, ""))
        if waits_in is not None and not meant.lacks and _waits_beside_heat(name, needs):
            sent = _beside_heat(sent)
            meant = understand(source, sent, units.get(source, ""))
        # A name that somebody took from a point is not to make that point again by itself.
        if meant.lacks or name in released:
            is_of_another = waits_in not in (None, building)
            found.waiting[source] = Waiting(f"{building}.{name}" if is_of_another else name, building, sent)
        else:
            is_prefixed = access.buildings is not None or source in names or sent.is_home_assistant
            new[building][source] = describe_new_point(name, sent, meant, building if is_prefixed else None)
    for building, points in new.items():
        for source in create_described(access, building, points, submission.details, needs):
            # Another request was quicker, or two names come down to one key.
            name, sent = names.get(source, source), submission.details.get(source, _NOTHING_SENT)
            if not needs.index.find([name]) and not _is_same_entity(access, name, sent, points[source], needs):
                found.refused[source] = f"the key for {source!r} is taken by another point; send a point tag"
    if len(sources) > MOST_NEW_NAMES:
        raise StoreUnavailable(
            f"there are more than {MOST_NEW_NAMES:,} new names; they are taken in part by part, send again"
        )
    return found


def create_described(
    access: Access, building: str, points: Mapping[str, NewPoint], details: Details, needs: Matching
) -> list[str]:
    """Create points, by source, in the rooms that were sent and behind the meters there; returns sources whose key is taken."""
    placed = in_rooms(access, building, points, details, needs)
    taken = _create(access, building, grouped(building, placed, needs.records), needs)
    set_behind(access, building, points, needs)
    return taken


def with_heat_meters(details: Details) -> Details:
    """The details, in which what stands beside the fields of a heat meter says so."""
    thermal = _thermal(details)
    return {source: _beside_heat(sent) if _head(sent) in thermal else sent for source, sent in details.items()}


def _units_of(submission: Submission, sources: Sequence[str]) -> dict[str, str]:
    """Units that came with readings of the sources."""
    if submission.units is None:
        return {}
    wanted = set(sources)
    sent = zip(submission.sources, submission.units, strict=True)
    return {source: unit for source, unit in sent if unit and source in wanted}


def _no_building(source: str) -> str:
    return (
        f"no building is known for the new point {source!r}: send a building_id tag, begin the key with the "
        "building's key, write to a bucket of its name, or use a token limited to one building"
    )


def _create(access: Access, building: str, points: Mapping[str, NewPoint], needs: Matching) -> list[str]:
    """Create all at once, or one by one where that fails; returns the sources whose key is taken."""
    try:
        create_points(
            access, building, list(points.values()),
            records=needs.records, index=needs.index, results=needs.results, audit=needs.audit,
        )  # fmt: skip
    except AlreadyExists:
        if len(points) == 1:
            return list(points)
        return [
            taken for source, point in points.items() for taken in _create(access, building, {source: point}, needs)
        ]
    return []


def _thermal(details: Details) -> set[str]:
    """The heads of heat meters: what came along with a temperature of the flow or a volume."""
    return {_head(sent) for sent in details.values() if sent.measurement and is_beside_heat(sent.field)}


def _head(sent: Sent) -> str:
    return "\n".join([sent.measurement, *(f"{name}={value}" for name, value in sorted(sent.tags.items()))])


def _beside_heat(sent: Sent) -> Sent:
    return replace(sent, texts={**sent.texts, BESIDE: "heat"})


def _waits_beside_heat(name: str, needs: Matching) -> bool:
    """Whether a name that waits came beside the fields of a heat meter, which do not come with each message."""
    kept = needs.devices.find(device_key(name))
    return kept is not None and BESIDE in kept.sent.texts


def _is_same_entity(access: Access, name: str, sent: Sent, new: NewPoint, needs: Matching) -> bool:
    """Whether it is an entity that is known in another unit: then it goes by one more name, and its values are converted."""
    others = set(needs.index.find(names_in_other_units(name, sent)).values())
    point = next((it for it in others if it.key == new.key and it.kind is new.kind), None)
    if point is None:
        return False
    needs.records.add_alias(point.key, name)
    needs.index.forget()
    needs.audit.record(access, "point changed", f"{point.key}: sent in {new.unit}, kept in {point.unit}")
    return True


def building_of(source: str, sent: Sent, bucket: str | None, reached: Set[str]) -> str | None:
    """The building in reach that is named: by a tag, the key's beginning or the bucket; else the only one in reach."""
    named = (sent.tags.get("building_id"), source.split(".")[0], bucket)
    if found := next((key for key in named if key in reached), None):
        return found
    return next(iter(reached)) if len(reached) == 1 else None


def _unfit(name: str, sent: Sent) -> str | None:
    """Why no point can be made of what was sent; a point that a store does not take would cost its neighbours their readings."""
    if not name or len(name) > LONGEST_SOURCE or "\0" in name:
        return f"a name has 1 to {LONGEST_SOURCE} characters, and none of them is NUL"
    floor = sent.tags.get("floor") or ""
    if len(floor) > LONGEST_FLOOR or not floor.isprintable():
        return f"the floor {floor[:40]!r} has more than {LONGEST_FLOOR} characters, or some that cannot be seen; shorten the tag"
    if any("\0" in text for text in (*sent.tags.values(), *sent.texts.values())):
        return "a tag or the unit holds a NUL character; leave that out"
    return None


def describe_new_point(source: str, sent: Sent, meant: Understanding, building: str | None = None) -> NewPoint:
    """A point that is registered because readings of it arrived; with a building its key begins with that one's."""
    name = sent.usual_key or source
    key = _slug(name)
    if building is not None and not key.startswith(f"{building}."):
        key = _slug(f"{building}.{name}")
    floor = sent.tags.get("floor")
    return NewPoint(
        key=key,
        name=(sent.texts.get("friendly_name_str") or sent.texts.get("friendly_name") or name)[:200],
        quantity=(meant.quantity or "value")[:50],
        unit=meant.unit or "",
        kind=meant.kind or PointKind.MEASUREMENT,
        role=meant.role,
        floor=None if floor is None else floor[:20],
        from_device=True,
        alias=source if key != source else None,
    )


def _slug(text: str) -> str:
    return re.sub(rf"[^\w.\-]+|{OTHER_SIGNS}", "_", text).strip("_.")[:200] or "point"
