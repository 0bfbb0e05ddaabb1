"""Points come to be: by hand, by a file, or because a device began to send them."""

from collections.abc import Iterable, Sequence

from ondol.common.access import Access, Scope, no_point
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput
from ondol.common.results import Results
from ondol.sites.check_formula import check_formula
from ondol.sites.model import NewPoint, Point
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_whole_building
from ondol.sites.rules import check_own_name, check_point


def create_points(
    access: Access, building_key: str, new: Sequence[NewPoint], *, records: SiteRecords, index: PointIndex,
    results: Results, audit: Audit,
) -> list[Point]:  # fmt: skip
    """Add points to a building, all or none.

    Raises NotFound, AlreadyExists when a key is taken, InvalidInput when a key or alias is not one that they may give.
    """
    building = reach_whole_building(access, building_key, records, Scope.WRITE)
    for point in new:
        check_point(point)
        check_own_name(access, building_key, point.key)
        check_own_name(access, building_key, point.alias or point.key)
    check_mains(access, building_key, {p.submeter_of for p in new if p.submeter_of} - {p.key for p in new}, records)
    for point in new:
        check_formula(access, building_key, point, records)
    points = records.add_points(building_key, new)
    index.forget()
    results.forget("usage", str(building.id))
    audit.record(access, "points created", f"{building_key}: {', '.join(point.key for point in points)}"[:200])
    return points


def check_mains(access: Access, building_key: str, mains: Iterable[str], records: SiteRecords) -> None:
    """Meters that others are to be submeters of. Raises NotFound, InvalidInput when one belongs to another building."""
    mains = sorted(mains)
    found = records.points_by_key(mains) if mains else {}
    for key in mains:
        if key not in found or not access.reaches_space(found[key].building_key, found[key].space):
            raise no_point(key)
        if found[key].building_key != building_key:
            raise InvalidInput(
                f"{key!r} is a meter of another building; a submeter and its meter belong to one building"
            )
