"""What of the sites an access reaches. Everything else is NotFound, as if it did not exist."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from ondol.common.access import Access, Scope, no_point
from ondol.common.formulas import parse_formula
from ondol.sites.model import Building, Point, PointRole
from ondol.sites.ports import SiteRecords


def reach_building(access: Access, key: str, records: SiteRecords, scope: Scope = Scope.READ) -> Building:
    """The building of which something is theirs. Raises NotFound, NotAllowed."""
    access.require(scope)
    access.require_building(key)
    return building_in_reach(access, records.building(key))


def building_in_reach(access: Access, building: Building) -> Building:
    """What of the building is theirs to know. The contract power is no tenant's: it is agreed on for the building as a whole."""
    return building if access.spaces is None else replace(building, contract_power_kw=None)


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
    if access.spaces is None or (found.submeter_of is None and found.role is PointRole.MAIN and not found.formula):
        return found
    others = records.points(found.building_key)
    return next(point for point in points_in_reach(access, others) if point.id == found.id)


def points_in_reach(access: Access, points: Sequence[Point]) -> list[Point]:
    """Those of the points that are theirs; `points` hold whole buildings. As far as a tenant can tell, a meter is behind the
    nearest one that is theirs, and behind none where there is no such one.
    """
    if access.spaces is None:
        return [point for point in points if access.reaches(point.building_key)]
    mains = {point.key: point.submeter_of for point in points}
    theirs = {point.key: point for point in points if access.reaches_space(point.building_key, point.space)}
    return [_as_theirs(point, _nearest(point, mains, theirs), theirs) for point in theirs.values()]


def _as_theirs(point: Point, main: str | None, theirs: Container[str]) -> Point:
    """A submeter with no main that is theirs is a main to them; a formula that names what is not theirs is not told."""
    is_first = main is None and point.role is PointRole.SUBMETER
    formula = (
        point.formula if point.formula and all(it in theirs for it in parse_formula(point.formula).inputs) else None
    )
    return replace(point, submeter_of=main, role=PointRole.MAIN if is_first else point.role, formula=formula)


def _nearest(point: Point, mains: Mapping[str, str | None], theirs: Container[str]) -> str | None:
    """The first of the meters in front of the point that is theirs."""
    main, passed = point.submeter_of, {point.key}
    while main is not None and main not in theirs and main not in passed:
        passed.add(main)
        main = mains.get(main)
    return main if main is not None and main in theirs and main != point.key else None
