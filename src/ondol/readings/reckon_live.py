"""The newest value of a virtual point, from the newest values of what it reads."""

from collections.abc import Iterable, Mapping

import polars as pl

from ondol.common.formulas import from_base_units, in_base_units, measure_of, parse_formula
from ondol.common.instants import SECOND_US
from ondol.sites.model import RAW_RESOLUTION_S, Point, PointKind
from ondol.sites.point_index import PointIndex

LONGEST_APART_US = RAW_RESOLUTION_S * SECOND_US
"""Readings further apart say nothing about one moment."""

Newest = tuple[int, float, int]
"""Time (microseconds UTC), value and quality of a reading."""


def read_by(points: Iterable[Point], index: PointIndex) -> dict[str, Point]:
    """Everything that the formulas of the points read, at any distance, by key."""
    found: dict[str, Point] = {}
    ahead = {key for point in points for key in _inputs(point)}
    while ahead:
        found |= (newer := index.find(ahead))
        ahead = {key for point in newer.values() for key in _inputs(point)} - found.keys()
    return found


def reckon_live(point: Point, inputs: Mapping[str, Point], newest: Mapping[int, Newest]) -> Newest | None:
    """The value now. None where an input has none, where they lie too far apart, or where an amount is wanted, which no moment has."""
    if point.formula is None:
        return newest.get(point.id) if point.kind is PointKind.MEASUREMENT else None
    if point.kind is not PointKind.MEASUREMENT:
        return None
    formula = parse_formula(point.formula)
    known = {key: reckon_live(inputs[key], inputs, newest) if key in inputs else None for key in formula.inputs}
    values = {key: reading for key, reading in known.items() if reading is not None}
    if len(values) < len(known):
        return None
    times = [time_us for time_us, _, _ in values.values()]
    if max(times) - min(times) > LONGEST_APART_US:
        return None
    columns = {key: in_base_units(inputs[key].unit, pl.lit(value)) for key, (_, value, _) in values.items()}
    measure = formula.measure({key: measure_of(inputs[key].unit, is_amount=False) for key in values})
    value = pl.select(from_base_units(point.unit, formula.value(columns, pl.lit(1.0)), measure)).item()
    quality = 0
    for _, _, flags in values.values():
        quality |= flags
    return None if value is None else (max(times), value, quality)


def _inputs(point: Point) -> list[str]:
    return parse_formula(point.formula).inputs if point.formula else []
