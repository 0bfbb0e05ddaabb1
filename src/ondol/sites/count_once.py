"""What a virtual main reads must not count by itself, too: the building's use would hold it twice."""

from collections.abc import Iterable, Mapping

from ondol.common.errors import InvalidInput
from ondol.common.formulas import Formula, parse_formula
from ondol.common.messages import said
from ondol.sites.model import NewPoint, Point, PointRole


def counted_twice(point: NewPoint | Point, points: Mapping[str, Point]) -> list[str]:
    """What a virtual main reads, at any distance, that is a main of its quantity itself, or stands behind one."""
    if point.formula is None or point.role is not PointRole.MAIN or point.submeter_of is not None:
        return []
    others = {key: it for key, it in points.items() if key != point.key}
    read = [it for it in read_at_any_distance(parse_formula(point.formula), others) if it in others]
    return [it for it in read if any(_is_main(above, point) for above in _with_those_in_front(it, others))]


def check_counted_once(before: Iterable[Point], after: Iterable[Point]) -> None:
    """Whether what changes makes no virtual main count again what counts by itself. Raises InvalidInput that names it."""
    earlier, later = ({point.key: point for point in points} for points in (before, after))
    for key, point in later.items():
        twice = [
            it
            for it in counted_twice(point, later)
            if key not in earlier or it not in counted_twice(earlier[key], earlier)
        ]
        if twice:
            raise InvalidInput(
                said(
                    "the building's %(quantity)s would count %(points)s twice, by itself and in the virtual main %(virtual)s; give one of "
                    "them another role first",
                    quantity=point.quantity,
                    points=", ".join(twice),
                    virtual=repr(key),
                )
            )


def _is_main(above: Point, point: NewPoint | Point) -> bool:
    return above.is_main_meter and above.quantity == point.quantity


def _with_those_in_front(key: str, points: Mapping[str, Point]) -> list[Point]:
    found: dict[str, Point] = {}
    above: str | None = key
    while above is not None and above in points and above not in found:
        found[above] = points[above]
        above = points[above].submeter_of
    return list(found.values())


def read_at_any_distance(formula: Formula, points: Mapping[str, Point]) -> list[str]:
    """What the formula reads, and what the formulas of these read."""
    ahead, passed = list(formula.inputs), dict[str, None]()
    while ahead:
        current = ahead.pop(0)
        if current not in passed:
            passed[current] = None
            further = points[current].formula if current in points else None
            ahead += parse_formula(further).inputs if further else []
    return list(passed)
