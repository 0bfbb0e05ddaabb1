"""Virtual points: intervals reckoned by a formula from those of other points.

A formula is reckoned over the longest intervals of its inputs: a quarter of an hour where all are measured live, an hour or a day where
one input is known only so. Where any input is not known the whole time, nothing is.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

import numpy as np
import polars as pl

from ondol.common.formulas import Measure, from_base_units, in_base_units, measure_of, parse_formula
from ondol.common.instants import HOUR_S, QUARTER_S
from ondol.history.model import INTERVALS, LONGEST_INTERVAL_S, intervals_frame
from ondol.history.rules.intervals import allocate, estimated_where_cut
from ondol.history.rules.stretches import END
from ondol.sites.model import Point

REACH_S = 2 * LONGEST_INTERVAL_S
"""How far around a change inputs have to be known, so that what is reckoned there is as if all were."""


def reckoned(point: Point, inputs: Mapping[str, Point], intervals: pl.DataFrame) -> pl.DataFrame:
    """Intervals (INTERVALS) of the virtual point, sorted; `intervals` are those of its inputs.

    Flags of the inputs travel on; `measured_share` is the least of theirs. What gives no number (a division by nothing) is left out.
    """
    formula, numbers = parse_formula(point.formula or ""), range(len(inputs))
    cells = cells_of(inputs, intervals)
    if cells.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    measure = formula.measure(measures_of(inputs))
    value = from_base_units(point.unit, formula.value(columns_of(inputs), HOURS), measure)
    return intervals_frame(
        cells.with_columns(value.alias("value")).filter(pl.col("value").is_finite()),
        point_id=point.id,
        quality=reduce(or_, (pl.col(f"quality{n}") for n in numbers)),
        measured_share=pl.min_horizontal(f"share{n}" for n in numbers),
    )


HOURS = pl.col("duration_s") / HOUR_S
"""How long a cell is."""


def measures_of(inputs: Mapping[str, Point]) -> dict[str, Measure]:
    """What each input gives."""
    return {key: measure_of(it.unit, is_amount=it.is_additive) for key, it in inputs.items()}


def columns_of(inputs: Mapping[str, Point]) -> dict[str, pl.Expr]:
    """The columns of `cells_of` by key, in base units."""
    return {key: in_base_units(it.unit, pl.col(f"value{n}")) for n, (key, it) in enumerate(inputs.items())}


def cells_of(inputs: Mapping[str, Point], intervals: pl.DataFrame) -> pl.DataFrame:
    """`start`, `duration_s` of the spans in which all inputs are known; `value`, `quality`, `share` of the n-th with its number."""
    edges = _edges([intervals.filter(pl.col("point_id") == it.id) for it in inputs.values()])
    if len(edges) < 2:
        return pl.DataFrame()
    parts = [
        _in_cells(intervals.filter(pl.col("point_id") == it.id), edges, n, is_amount=it.is_additive)
        for n, it in enumerate(inputs.values())
    ]
    cells, starts = reduce(lambda left, right: left.join(right, on="bin"), parts).sort("bin"), pl.Series("start", edges)
    ends = starts.gather(cells["bin"] + 1)
    return cells.with_columns(start := starts.gather(cells["bin"]), (ends - start).alias("duration_s"))


def _in_cells(intervals: pl.DataFrame, edges: Sequence[int], number: int, *, is_amount: bool) -> pl.DataFrame:
    """`bin`, `value`, `quality`, `share` (numbered) of the cells that one input covers as a whole."""
    length = pl.col("end") - pl.col("start")
    spans = intervals.with_columns(END.alias("end"))
    parts = allocate(spans, edges, ["value"] if is_amount else []).with_columns(estimated_where_cut(QUARTER_S - 1))
    bounds = pl.Series(edges)
    wanted_s = bounds.gather(parts["bin"] + 1) - bounds.gather(parts["bin"])
    known_s = length.sum()
    mean = (pl.col("value") * length).sum() / known_s
    return (
        parts.with_columns(wanted_s.alias("wanted_s"))
        .group_by("bin")
        .agg(
            (pl.col("value").sum() if is_amount else mean).alias(f"value{number}"),
            pl.col("quality").bitwise_or().alias(f"quality{number}"),
            ((pl.col("measured_share").fill_null(1.0) * length).sum() / known_s).alias(f"share{number}"),
            known_s.alias("known_s"),
            pl.col("wanted_s").first(),
        )
        .filter(pl.col("known_s") >= pl.col("wanted_s"))
        .drop("known_s", "wanted_s")
    )


def _edges(inputs: Sequence[pl.DataFrame]) -> list[int]:
    """Ascending instants at which some interval begins or ends and no longer one is cut.

    Of intervals as long that overlap, those of the earlier input stay whole.
    """
    if any(rows.is_empty() for rows in inputs):
        return []
    bounds = [(rows["start"].to_numpy(), rows.select(END.cast(pl.Int64)).to_series().to_numpy()) for rows in inputs]
    marks = np.unique(np.concatenate([side for pair in bounds for side in pair]))
    ended, cut = np.zeros_like(marks), np.zeros_like(marks)
    for n, (starts, ends) in enumerate(bounds):
        weights = (ends - starts) * len(bounds) + len(bounds) - n
        for side in (starts, ends):
            np.maximum.at(ended, np.searchsorted(marks, side), weights)
        before = np.clip(np.searchsorted(starts, marks, side="left") - 1, 0, None)
        inside = (starts[before] < marks) & (marks < ends[before])
        cut = np.maximum(cut, np.where(inside, weights[before], 0))
    return marks[ended > cut].tolist()
