"""Virtual points: intervals reckoned by a formula from those of other points.

A formula is reckoned over the shortest spans in which no input's interval is cut: a quarter of an hour where all are measured live, an
hour or a day where one input is known only so. Where any input is not known the whole time, nothing is.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
import polars as pl

from ondol.common.formulas import from_base_units, in_base_units, measure_of, parse_formula
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
    formula = parse_formula(point.formula or "")
    edges = _edges([intervals.filter(pl.col("point_id") == it.id) for it in inputs.values()])
    if len(edges) < 2:
        return pl.DataFrame(schema=INTERVALS)
    parts = [
        _in_cells(intervals.filter(pl.col("point_id") == it.id), edges, n, is_amount=it.is_additive)
        for n, it in enumerate(inputs.values())
    ]
    cells = reduce(lambda left, right: left.join(right, on="bin"), parts).sort("bin")
    starts, numbers = pl.Series("start", edges), range(len(parts))
    cells = cells.with_columns(
        starts.gather(cells["bin"]).alias("start"),
        (starts.gather(cells["bin"] + 1) - starts.gather(cells["bin"])).alias("duration_s"),
    )
    columns = {key: in_base_units(it.unit, pl.col(f"value{n}")) for n, (key, it) in enumerate(inputs.items())}
    measure = formula.measure({key: measure_of(it.unit, is_amount=it.is_additive) for key, it in inputs.items()})
    value = from_base_units(point.unit, formula.value(columns, pl.col("duration_s") / HOUR_S), measure)
    return intervals_frame(
        cells.with_columns(value.alias("value")).filter(pl.col("value").is_finite()),
        point_id=point.id,
        quality=reduce(lambda left, right: left | right, (pl.col(f"quality{n}") for n in numbers)),
        measured_share=pl.min_horizontal(f"share{n}" for n in numbers),
    )


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
    """Ascending instants at which some interval begins or ends and none is cut.

    Inputs whose intervals never begin together are cut where the coarsest of them begin.
    """
    if any(rows.is_empty() for rows in inputs):
        return []
    bounds = [(rows["start"].to_numpy(), rows.select(END.cast(pl.Int64)).to_series().to_numpy()) for rows in inputs]
    marks = np.unique(np.concatenate([side for pair in bounds for side in pair]))
    cut = np.zeros(len(marks), dtype=bool)
    for starts, ends in bounds:
        before = np.searchsorted(starts, marks, side="left") - 1
        cut |= (before >= 0) & (ends[before] > marks)
    whole = marks[~cut]
    longest = max(int(np.max(ends - starts)) for starts, ends in bounds)
    lengths = np.diff(whole)
    if not (lengths > longest).any():
        return whole.tolist()
    coarsest = max(bounds, key=lambda pair: float(np.median(pair[1] - pair[0])))
    long_after = whole[:-1][lengths > longest]
    within = np.isin(whole[np.clip(np.searchsorted(whole, marks, side="right") - 1, 0, None)], long_after)
    theirs = np.isin(marks, np.concatenate(coarsest))
    return marks[~cut | (within & theirs)].tolist()
