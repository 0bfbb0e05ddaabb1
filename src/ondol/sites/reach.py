"""What of the sites an access reaches. Everything else is NotFound, as if it did not exist."""

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
    return found


def points_in_reach(access: Access, points: list[Point]) -> list[Point]:
    """Those of the points that are theirs."""
    return [point for point in points if access.reaches_space(point.building_key, point.space)]


def main_meters_in_reach(access: Access, points: list[Point], quantity: str) -> list[Point]:
    """The meters whose sum is what they used of the quantity, among points in reach.

    For a whole building those are its main meters; for a tenant, the meters in the spaces that are behind no other of theirs.
    """
    theirs = {point.key for point in points} if access.spaces is not None else set[str]()
    return [
        point
        for point in points
        if point.quantity == quantity
        and point.usage_unit
        and (point.submeter_of is None or (access.spaces is not None and point.submeter_of not in theirs))
    ]
