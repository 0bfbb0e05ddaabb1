"""What is said of a point changes."""

from dataclasses import replace

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput
from ondol.common.results import Results
from ondol.sites.check_formula import check_dependents, check_formula
from ondol.sites.create_points import check_mains
from ondol.sites.model import Point, PointChange, changed_fields
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point, reach_whole_building


def change_point(
    access: Access, key: str, change: PointChange, *, records: SiteRecords, index: PointIndex, results: Results,
    audit: Audit,
) -> Point:  # fmt: skip
    """Change some fields. Raises NotFound, InvalidInput when nothing would change or the meter tree would have a loop."""
    point = reach_point(access, key, records, Scope.WRITE)
    fields = changed_fields(change)
    if not fields or fields.get("name", "") is None:
        raise InvalidInput("send at least one field to change; a name cannot be null")
    if "space" in fields:
        reach_whole_building(access, point.building_key, records, Scope.WRITE)
    main = fields.get("submeter_of")
    if main is not None:
        check_mains(access, point.building_key, [main], records)
        _check_tree(point, records.point(main), records)
    _check_formulas(access, point, replace(point, **fields), records)
    changed = records.change_point(key, change)
    index.forget()
    results.forget("usage", str(point.building_id))
    audit.record(access, "point changed", key)
    return changed


def _check_formulas(access: Access, point: Point, changed: Point, records: SiteRecords) -> None:
    """What is measured stays measured, and what is reckoned reckoned."""
    if (point.formula is None) != (changed.formula is None):
        raise InvalidInput("a point is measured or has a formula for good; create a virtual point beside it")
    if changed.formula != point.formula or (changed.formula and _reads_as(changed) != _reads_as(point)):
        check_formula(access, point.building_key, changed, records)
    if _reads_as(changed) != _reads_as(point):
        check_dependents(changed, records)


def _reads_as(point: Point) -> tuple[object, ...]:
    return point.unit, point.kind, point.quantity, point.role, point.submeter_of


def _check_tree(point: Point, main: Point, records: SiteRecords) -> None:
    """A meter behind itself, at any distance, would count nothing at all."""
    mains = {other.key: other.submeter_of for other in records.points(point.building_key)}
    above, passed = main.key, set[str]()
    while above is not None and above not in passed:
        if above == point.key:
            raise InvalidInput(
                "a point cannot be a submeter of itself, nor of one behind it; name the meter in front of it, or null"
            )
        passed.add(above)
        above = mains.get(above)
