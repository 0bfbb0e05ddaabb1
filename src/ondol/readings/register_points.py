"""Points come to be because readings of them arrived."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from ondol.common.access import Access
from ondol.common.errors import AlreadyExists
from ondol.common.keys import OTHER_SIGNS
from ondol.common.units import find_unit
from ondol.readings.model import LONGEST_SOURCE
from ondol.sites.create_points import create_points
from ondol.sites.model import NewPoint
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.rules import is_own_name

MOST_NEW_POINTS_A_REQUEST = 1000
LONGEST_FLOOR = 20
_USUAL_UNITS = {"temperature": "degC", "humidity": "%", "illuminance": "lx", "co2": "ppm", "power": "kW"}
Details = Mapping[str, Mapping[str, str]]
"""What was sent about a new point, by source: tags of line protocol, its unit."""


def own_names(access: Access, sources: Iterable[str], details: Details, bucket: str | None) -> dict[str, str]:
    """The names under which sources are known whose writer is limited to buildings, where they are not the sources themselves.

    Devices of two buildings may go by the same name, and none may catch what those of another building send.
    """
    if access.buildings is None:
        return {}
    homes = {source: _building_of(source, details.get(source, {}), bucket, access.buildings) for source in sources}
    return {
        source: f"{building}.{source}"
        for source, building in homes.items()
        if source and building is not None and not is_own_name(building, source)
    }


def register_points(
    access: Access, sources: Sequence[str], names: Mapping[str, str], details: Details, bucket: str | None, *,
    records: SiteRecords, index: PointIndex, **more: Any,
) -> dict[str, str]:  # fmt: skip
    """Create points for sources that have none, where a building in reach is named; returns why others are refused.

    `names` are those of `own_names`.
    """
    reached = {building.key for building in records.buildings() if access.reaches(building.key)}
    refused: dict[str, str] = {}
    new: dict[str, dict[str, NewPoint]] = defaultdict(dict)
    for source in sources[:MOST_NEW_POINTS_A_REQUEST]:
        about = details.get(source, {})
        name, building = names.get(source, source), _building_of(source, about, bucket, reached)
        if not source or len(name) > LONGEST_SOURCE or "\0" in name:
            refused[source] = f"a name has 1 to {LONGEST_SOURCE} characters, and none of them is NUL"
        elif building is None:
            refused[source] = (
                f"no building is known for the new point {source!r}: send a building_id tag, begin the key with the "
                "building's key, write to a bucket of its name, or use a token limited to one building"
            )
        elif (reason := _unfit(about)) is not None:
            refused[source] = reason
        else:
            of_building = None if access.buildings is None and source not in names else building
            new[building][source] = describe_new_point(name, about, of_building)
    for source in sources[MOST_NEW_POINTS_A_REQUEST:]:
        refused[source] = f"more than {MOST_NEW_POINTS_A_REQUEST} unknown points in one request; send fewer at a time"
    for building, points in new.items():
        for source in _create(access, building, points, records=records, index=index, **more):
            # Another request was quicker, or two names come down to one key.
            if not index.find([names.get(source, source)]):
                refused[source] = f"the key for {source!r} is taken by another point; send a point tag"
    return refused


def _create(access: Access, building: str, points: Mapping[str, NewPoint], **needs: Any) -> list[str]:
    """Create all at once, or one by one where that fails; returns the sources whose key is taken."""
    try:
        create_points(access, building, list(points.values()), **needs)
    except AlreadyExists:
        if len(points) == 1:
            return list(points)
        return [
            taken for source, point in points.items() for taken in _create(access, building, {source: point}, **needs)
        ]
    return []


def _building_of(source: str, about: Mapping[str, str], bucket: str | None, reached: Set[str]) -> str | None:
    """The building that is named: by a tag, the key's beginning or the bucket; else the only one in reach."""
    named = (about.get("building_id"), source.split(".")[0], bucket)
    if found := next((key for key in named if key in reached), None):
        return found
    return next(iter(reached)) if len(reached) == 1 else None


def _unfit(about: Mapping[str, str]) -> str | None:
    """Why no point can be made of what was sent; a point that a store does not take would cost its neighbours their readings."""
    floor = about.get("floor") or ""
    if len(floor) > LONGEST_FLOOR or not floor.isprintable():
        return f"the floor {floor[:40]!r} has more than {LONGEST_FLOOR} characters, or some that cannot be seen; shorten the tag"
    if any("\0" in text for text in about.values()):
        return "a tag or the unit holds a NUL character; leave that out"
    return None


def describe_new_point(source: str, about: Mapping[str, str], building: str | None = None) -> NewPoint:
    """A point that is registered because readings of it arrived; with a building its key begins with that one's."""
    name = about.get("key") or source
    quantity = about.get("sensor_type") or name.rsplit(".", 1)[-1] or "value"
    unit = find_unit(about.get("unit", ""))
    key = _slug(name)
    if building is not None and not key.startswith(f"{building}."):
        key = _slug(f"{building}.{name}")
    floor = about.get("floor")
    return NewPoint(
        key=key,
        name=name[:200],
        quantity=quantity[:50],
        unit=unit.symbol if unit else (about.get("unit") or _USUAL_UNITS.get(quantity, ""))[:20],
        floor=None if floor is None else floor[:20],
        alias=source if key != source else None,
    )


def _slug(text: str) -> str:
    return re.sub(rf"[^\w.\-]+|{OTHER_SIGNS}", "_", text).strip("_.")[:200] or "point"
