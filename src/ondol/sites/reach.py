"""What of the sites an access reaches. Everything else is NotFound, as if it did not exist."""

from collections.abc import Sequence
from dataclasses import replace

from ondol.common.access import Access, Scope, no_point
from ondol.sites.model import Building, Point
from ondol.sites.ports import SiteRecords


def reach_building(access: Access, key: str, records: SiteRecords, scope: Scope = Scope.READ) -> Building:
    """The building of which something is theirs. Raises NotFound, NotAllowed."""
    access.require(scope)
    access.require_building(key)
    return records.building(key)


def reach_whole_building(access: Access, key: str, records: SiteRecords, scope: Scope = Scope.READ) -> Building:
    """The building that is theirs as a whole. Raises NotFound, NotAllowed."""
    access.require(scope)
    access.require_whole_building(key)
    return records.building(key)


def reach_points(
    access: Access, building_key: str | None, records: SiteRecords, scope: Scope = Scope.READ
) -> list[Point]:
    """Their points of a building, or of all buildings, by key. Raises NotFound, NotAllowed."""
    access.require(scope)
    if building_key is not None:
        access.require_building(building_key)
    return points_in_reach(access, records.points(building_key))


def reach_point(access: Access, key: str, records: SiteRecords, scope: Scope = Scope.READ) -> Point:
    """The point that is theirs. Raises NotFound, NotAllowed."""
    access.require(scope)
    found = records.points_by_key([key]).get(key)
    if found is None or not access.reaches_space(found.building_key, found.space):
        raise no_point(key)
    if access.spaces is None or found.submeter_of is None:
        return found
    (shown,) = points_in_reach(access, [found, records.point(found.submeter_of)])[:1]
    return shown


def points_in_reach(access: Access, points: Sequence[Point]) -> list[Point]:
    """Those of the points that are theirs. A tenant's meter is behind no meter that is not theirs, as far as they can tell."""
    if access.spaces is None:
        return [point for point in points if access.reaches(point.building_key)]
    theirs = {point.key: point for point in points if access.reaches_space(point.building_key, point.space)}
    return [point if point.submeter_of in theirs else replace(point, submeter_of=None) for point in theirs.values()]
