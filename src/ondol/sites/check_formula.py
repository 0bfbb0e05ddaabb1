"""A virtual point's formula is held against the points that it reads, before anything is kept."""

from collections.abc import Iterable, Mapping

from ondol.common.access import Access, no_point
from ondol.common.errors import InvalidInput
from ondol.common.formulas import Formula, Measure, measure_of, parse_formula
from ondol.common.messages import said
from ondol.sites.count_once import check_counted_once, counted_twice, read_at_any_distance
from ondol.sites.model import NewPoint, Point, PointKind
from ondol.sites.ports import SiteRecords

MOST_INPUTS = 50


def check_formula(access: Access, building_key: str, point: NewPoint | Point, records: SiteRecords) -> None:
    """Whether the point can be what its formula gives. Raises NotFound, InvalidInput that says what does not fit.

    Every input belongs to the building and is in reach, none is behind the point itself, and units and kind agree. As a main meter
    it may not count again what its inputs count.
    """
    if point.formula is None:
        return
    formula = parse_formula(point.formula)
    _check_inputs(access, building_key, formula, records)
    points = {it.key: it for it in records.points(building_key)}
    _check_loops(point.key, formula, points)
    _check_result(point, formula, points)


def kind_of_formula(access: Access, building_key: str, text: str, records: SiteRecords) -> PointKind:
    """What kind of point the formula makes: amounts a total, what is steady a measurement. Raises as `check_formula`."""
    formula = parse_formula(text)
    _check_inputs(access, building_key, formula, records)
    points = {it.key: it for it in records.points(building_key)}
    given = formula.measure(_measures(formula, points))
    return PointKind.TOTAL if given.is_amount else PointKind.MEASUREMENT


def _measures(formula: Formula, points: Mapping[str, Point]) -> dict[str, Measure]:
    return {key: measure_of(points[key].unit, is_amount=points[key].is_additive) for key in formula.inputs}


def _check_result(point: NewPoint | Point, formula: Formula, points: Mapping[str, Point]) -> None:
    """What the formula gives is what the point says it is, and nothing counts twice. Raises InvalidInput."""
    _check_kind(point, formula.measure(_measures(formula, points)))
    twice = counted_twice(point, points)
    if twice:
        raise InvalidInput(
            said(
                "the building's %(quantity)s would count %(points)s twice, by itself and in the formula; give the virtual point the role "
                "check or submeter, or its inputs another one",
                quantity=point.quantity,
                points=", ".join(twice),
            )
        )


def _check_kind(point: NewPoint | Point, given: Measure) -> None:
    if point.kind is PointKind.TOTAL_INCREASING:
        raise InvalidInput(
            said("a virtual point is no register; its kind is total for amounts, measurement for what is steady")
        )
    kind = PointKind.TOTAL if given.is_amount else PointKind.MEASUREMENT
    if point.kind is not kind:
        text = (
            said("the formula gives amounts: the kind of %(point)s has to be total", point=repr(point.key))
            if given.is_amount
            else said(
                "the formula gives steady values: the kind of %(point)s has to be measurement", point=repr(point.key)
            )
        )
        raise InvalidInput(text)
    wanted = measure_of(point.unit, is_amount=given.is_amount)
    is_difference = wanted.is_temperature and given == Measure(wanted.dimensions)
    if wanted.dimensions != given.dimensions or (given.is_temperature and not wanted.is_temperature):
        found = " ".join(f"{name}^{power}" if power != 1 else name for name, power in given.dimensions)
        raise InvalidInput(
            said(
                "the formula gives %(found)s, which is no %(unit)s",
                found=found or said("a plain number"),
                unit=point.unit or said("number without unit"),
            )
        )
    if is_difference and point.unit != "K":
        raise InvalidInput(said("the formula gives a difference of temperatures; its unit is K"))


def check_dependents(changed: Point, records: SiteRecords) -> None:
    """Whether the virtual points that read the point still hold with what it is to become. Raises InvalidInput."""
    before = {point.key: point for point in records.points(changed.building_key)}
    points = before | {changed.key: changed}
    for point in points.values():
        if point.formula is None or changed.key not in (formula := parse_formula(point.formula)).inputs:
            continue
        try:
            _check_result(point, formula, points)
        except InvalidInput as error:
            raise InvalidInput(
                said(
                    "the virtual point %(point)s reads it: %(why)s; change that formula first",
                    point=repr(point.key),
                    why=str(error),
                )
            ) from error
    check_counted_once(before.values(), points.values())


def readers_of(key: str, points: Iterable[Point]) -> list[str]:
    """Keys of the virtual points among `points` whose formula reads the point."""
    return [point.key for point in points if point.formula and key in parse_formula(point.formula).inputs]


def _check_inputs(access: Access, building_key: str, formula: Formula, records: SiteRecords) -> None:
    keys = formula.inputs
    if len(keys) > MOST_INPUTS:
        raise InvalidInput(
            said(
                "a formula reads at most %(most)s points; put some of them into a virtual point of their own",
                most=MOST_INPUTS,
            )
        )
    found = records.points_by_key(keys)
    for key in keys:
        if (
            key not in found
            or found[key].key != key
            or not access.reaches_space(found[key].building_key, found[key].space)
        ):
            raise no_point(key)
        if found[key].building_key != building_key:
            raise InvalidInput(
                said(
                    "%(point)s is a point of another building; a formula reads points of its own building",
                    point=repr(key),
                )
            )


def _check_loops(key: str, formula: Formula, points: Mapping[str, Point]) -> None:
    """A point that is reckoned from itself, at any distance, would never be done."""
    if key in read_at_any_distance(formula, points):
        raise InvalidInput(
            said(
                "%(point)s would be reckoned from itself; leave it and what reads it out of its formula",
                point=repr(key),
            )
        )
