"""Means of virtual points that divide: sum over sum, no mean of quotients."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

import polars as pl

from ondol.common.formulas import from_base_units, parse_formula
from ondol.history.model import INTERVALS
from ondol.history.rules.intervals import allocate
from ondol.history.rules.stretches import END
from ondol.history.rules.virtual import HOURS, cells_of, columns_of, measures_of, reckoned
from ondol.sites.model import Point


def mean_quotients(
    point: Point, inputs: Mapping[str, Point], intervals: pl.DataFrame, own: pl.DataFrame, edges: Sequence[int]
) -> pl.DataFrame | None:
    """`start`, `value`, `quality` of each bin between the edges: what stands above the line in sum, over what stands below.

    A day's coefficient of performance is its heat over its power, no mean of quarter-hours. None for what is no quotient.
    `own`: the intervals (INTERVALS) that are kept of the point. Bins in which they say something else than its inputs, since the point
    itself was repaired, are left to the mean of these.
    """
    quotient = parse_formula(point.formula or "").quotient
    if quotient is None:
        return None
    cells = cells_of(inputs, intervals)
    bounds = pl.Series("start", edges, dtype=pl.Int64)
    if cells.is_empty():
        return _repaired(pl.DataFrame(schema=INTERVALS), own, edges).filter(pl.col("value").is_not_null()).sort("start")
    measures, columns = measures_of(inputs), columns_of(inputs)
    sums = [
        (part.value(columns, HOURS) * (1.0 if part.measure(measures).is_amount else HOURS)).alias(name)
        for part, name in zip(quotient, ("above", "below"), strict=True)
    ]
    flags = reduce(or_, (pl.col(f"quality{n}") for n in range(len(inputs))))
    known = cells.filter(pl.col("start") >= bounds[0], pl.col("start") < bounds[-1]).select(
        "start", *sums, flags.alias("quality")
    )
    bins = pl.Series("bin", bounds.search_sorted(known["start"], side="right"), dtype=pl.Int64) - 1
    grouped = (
        known.with_columns(bins)
        .group_by("bin")
        .agg(pl.col("above").sum(), pl.col("below").sum(), pl.col("quality").bitwise_or())
    )
    measure = parse_formula(point.formula or "").measure(measures)
    value = from_base_units(point.unit, pl.col("above") / pl.col("below"), measure)
    repaired = _repaired(reckoned(point, inputs, intervals), own, edges)
    rows = (
        grouped.with_columns(bounds.gather(grouped["bin"]), value.alias("value"))
        .filter(pl.col("value").is_finite(), ~pl.col("start").is_in(repaired["start"].implode()))
        .select("start", "value", "quality")
    )
    return pl.concat([rows, repaired.filter(pl.col("value").is_not_null())]).sort("start")


def _repaired(computed: pl.DataFrame, own: pl.DataFrame, edges: Sequence[int]) -> pl.DataFrame:
    """`start`, `value`, `quality` of the bins in which the point says something else than is computed of it; null where it says nothing."""
    bounds = pl.Series("start", edges, dtype=pl.Int64)
    value, other = pl.col("value"), pl.col("value_computed")
    same = (value - other).abs() <= pl.max_horizontal(value.abs(), other.abs()) * _SAME
    both = own.select("start", "value").join(
        computed.select("start", "value"), on="start", how="full", suffix="_computed", coalesce=True
    )
    starts = both.filter(pl.col("start") >= bounds[0], pl.col("start") < bounds[-1], ~same.fill_null(value=False))[
        "start"
    ]
    bins = pl.DataFrame({"bin": bounds.search_sorted(starts, side="right").cast(pl.Int64) - 1}).unique()
    parts = allocate(own.with_columns(END.alias("end")), edges, [])
    length = pl.col("end") - pl.col("start")
    means = parts.group_by(pl.col("bin").cast(pl.Int64)).agg(
        ((pl.col("value") * length).sum() / length.sum()).alias("value"), pl.col("quality").bitwise_or()
    )
    return (
        bins.with_columns(bounds.gather(bins["bin"]).alias("start"))
        .join(means, on="bin", how="left")
        .select("start", "value", pl.col("quality").cast(pl.UInt16))
    )


_SAME = 1e-9
"""What is kept and what is computed anew differ by so much where nothing was changed."""
