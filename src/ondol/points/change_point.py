"""A point changes: what is said of it, and the building that it belongs to."""

from dataclasses import dataclass, replace

from ondol.common.access import Access, Scope, no_point
from ondol.common.errors import InvalidInput
from ondol.history.change_point import ChangeNeeds
from ondol.history.change_point import change_point as change_meaning
from ondol.points.needs import PointNeeds
from ondol.sites.check_formula import readers_of
from ondol.sites.count_once import check_counted_once
from ondol.sites.create_points import check_mains
from ondol.sites.model import UNCHANGED, Building, Point, PointChange, changed_fields
from ondol.sites.reach import reach_point, reach_whole_building
from ondol.sites.rules import is_own_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PointEdit:
    """Fields to change, and the key of the building that it is to belong to.

    `forget_older` lets go of history that cannot be made again.
    """

    change: PointChange
    building: str | None = None
    forget_older: bool = False


def edit_point(access: Access, key: str, edit: PointEdit, needs: PointNeeds) -> Point:
    """Change a point; in another building its key stays as it is, its history and names go along, its room and floor do not.

    Raises NotFound, InvalidInput when it is part of a tree of meters that would stay behind.
    """
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    if edit.building is None or edit.building == point.building_key:
        if not changed_fields(edit.change) and edit.building is not None:
            return point
        return _change(access, point, edit.change, edit, needs)
    to = reach_whole_building(access, edit.building, needs.sites, Scope.WRITE)
    before = require_whole(access, point, needs)
    check_not_read(point, "moves", needs)
    if point.formula is not None:
        raise InvalidInput(
            f"{point.key!r} is reckoned from points of its building; create a virtual point in {to.key!r} instead, and delete this one"
        )
    main = _main_there(access, point, to, edit.change, needs)
    space = None if edit.change.space is UNCHANGED else edit.change.space
    if space is not None and space not in {it.key for it in needs.sites.spaces(to.key)}:
        raise InvalidInput(f"the building {to.key!r} has no space {space!r}; create it first, or leave it out")
    here = replace(
        edit.change,
        space=UNCHANGED,
        submeter_of=UNCHANGED,
        floor=None if edit.change.floor is UNCHANGED else edit.change.floor,
    )
    _change(access, point, here, edit, needs)
    point = needs.sites.point(point.key)
    names = [
        name
        for name in (point.key, *needs.records.names([point.id]).get(point.id, []))
        if not is_own_name(before.key, name)
    ]
    needs.records.move(point, {before.id: before}, to, main, [f"{before.key}.{name}" for name in names])
    if space is not None:
        needs.sites.change_point(point.key, PointChange(space=space))
    needs.settle([point], [before, to])
    needs.audit.record(access, "point moved", f"{point.key}: from {before.key} to {to.key}")
    return needs.sites.point(point.key)


def require_whole(access: Access, point: Point, needs: PointNeeds) -> Building:
    """The point's building, which has to be theirs as a whole. Raises NotFound."""
    if access.spaces is not None:
        raise no_point(point.key)
    return needs.sites.building(point.building_key)


def check_not_read(point: Point, what: str, needs: PointNeeds) -> None:
    """Raises InvalidInput while virtual points read it: what they are reckoned from is not taken away from them."""
    readers = readers_of(point.key, needs.sites.points(point.building_key))
    if readers:
        raise InvalidInput(
            f"the virtual points {', '.join(readers[:5])} read {point.key!r}; change or delete these before it {what}"
        )


def check_without(point: Point, heir: str | None, needs: PointNeeds) -> None:
    """Raises InvalidInput where its submeters, that will stand behind the heir, would count twice without it."""
    points = needs.sites.points(point.building_key)
    left = [replace(it, submeter_of=heir) if it.submeter_of == point.key else it for it in points if it.id != point.id]
    check_counted_once(points, left)


def _change(access: Access, point: Point, change: PointChange, edit: PointEdit, needs: PointNeeds) -> Point:
    changing = ChangeNeeds(needs.sites, needs.history, needs.timeseries, needs.index, needs.results, needs.audit)
    changed = change_meaning(access, point.key, change, changing, forget_older=edit.forget_older)
    if changed.quantity != point.quantity or changed.kind is not point.kind:
        needs.live.forget([point])
    return changed


def _main_there(access: Access, point: Point, to: Building, change: PointChange, needs: PointNeeds) -> str | None:
    """The meter in front of it in the other building. Raises InvalidInput where the tree of meters would be torn."""
    behind = [it.key for it in needs.sites.points(point.building_key) if it.submeter_of == point.key]
    if behind:
        raise InvalidInput(
            f"{', '.join(behind[:5])} would stay behind as submeters of a meter of another building; "
            "give them another submeter_of, or null, first"
        )
    if change.submeter_of is UNCHANGED:
        if point.submeter_of is not None:
            raise InvalidInput(
                f"{point.key!r} is a submeter of {point.submeter_of!r}, which stays in its building; "
                f"send submeter_of as well: a meter of {to.key!r}, or null"
            )
        return None
    if change.submeter_of is not None:
        check_mains(access, to.key, [change.submeter_of], needs.sites)
    return change.submeter_of
