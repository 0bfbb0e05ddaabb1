"""The names under which devices send a point: shown, added and taken away."""

from collections.abc import Sequence

from ondol.common.access import Access, Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotFound
from ondol.points.change_point import require_whole
from ondol.points.needs import PointNeeds
from ondol.readings.model import LONGEST_SOURCE
from ondol.sites.model import Point
from ondol.sites.reach import reach_point
from ondol.sites.rules import check_own_name


def names_of(access: Access, points: Sequence[Point], needs: PointNeeds) -> dict[str, list[str]]:
    """The names of those of the points that are theirs, by key; who rents a part of a building is told none."""
    access.require(Scope.READ)
    theirs = [point for point in points if access.spaces is None and access.reaches(point.building_key)]
    found = needs.records.names([point.id for point in theirs])
    return {point.key: found.get(point.id, []) for point in theirs}


def add_name(access: Access, key: str, source: str, needs: PointNeeds) -> Point:
    """Let a point be known by one more name; what waits under it follows. Raises NotFound, InvalidInput, AlreadyExists."""
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    require_whole(access, point, needs)
    if point.formula is not None:
        raise InvalidInput(f"{point.key!r} is a virtual point: it is reckoned, and no device sends it")
    if not 1 <= len(source) <= LONGEST_SOURCE or "\0" in source:
        raise InvalidInput(f"a name has 1 to {LONGEST_SOURCE} characters, and none of them is NUL")
    check_own_name(access, point.building_key, source)
    known = needs.sites.points_by_key([source]).get(source)
    if known is not None and known.id == point.id:
        raise AlreadyExists(f"{source[:200]!r} is a name of this point already")
    if known is not None:
        is_theirs = access.reaches_space(known.building_key, known.space)
        whose = f"of the point {known.key!r}" if is_theirs else "taken"
        raise AlreadyExists(
            f"the name {source[:200]!r} is {whose} already; take it away there first, or choose another"
        )
    needs.sites.add_alias(point.key, source)
    needs.index.forget()
    needs.audit.record(access, "point named", f"{point.key}: {source}"[:200])
    return point


def take_name(access: Access, key: str, source: str, needs: PointNeeds) -> None:
    """Take a name away: what comes under it from now on is a new device's. Raises NotFound."""
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    require_whole(access, point, needs)
    if not needs.records.release_name(point, source):
        raise NotFound(
            f"{source[:200]!r} is no name of {point.key!r}; GET /api/v1/points/{point.key} lists its aliases"
        )
    needs.index.forget()
    needs.audit.record(access, "point's name taken away", f"{point.key}: {source}"[:200])
