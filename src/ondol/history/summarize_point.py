"""What a point's values come to over a range: from history at its own resolution, however coarse a chart draws them."""

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

import polars as pl

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.formulas import parse_formula
from ondol.common.instants import epoch_s, from_epoch_s
from ondol.common.messages import said
from ondol.history.ports import HistoryRecords
from ondol.history.rules.intervals import allocate
from ondol.history.rules.virtual_quotients import mean_quotients
from ondol.sites.model import Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point


@dataclass(frozen=True, slots=True)
class Extreme:
    """A value and the start of the interval that has it, the first one where several do."""

    value: float
    time: datetime


@dataclass(frozen=True, slots=True)
class PointSummary:
    """Figures of `count` intervals, most of them `interval_s` long. `sum` is of amounts alone; a state's `mean` and `deviation`
    weigh by time (a quotient's mean is sum over sum), and its extremes are those of the readings. `flagged` counts intervals with any
    flag, `flagged_share` is their part of `count`. Everything is None, and the counts 0, where nothing is known.
    """

    point: Point
    count: int
    interval_s: int | None = None
    sum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    minimum: Extreme | None = None
    maximum: Extreme | None = None
    flagged: int = 0
    flagged_share: float | None = None


def summarize_point(
    access: Access, point_key: str, start: datetime, end: datetime, *, sites: SiteRecords, history: HistoryRecords
) -> PointSummary:
    """Figures of start <= t < end. An amount over an edge of the range counts by its part.

    Raises NotFound, InvalidInput when the end is not after the start.
    """
    point = reach_point(access, point_key, sites)
    if end <= start:
        raise InvalidInput(said("the end must lie after the start; swap them or choose a longer range"))
    bounds = epoch_s(start), epoch_s(end)
    intervals = history.read([point.id], *bounds)
    if intervals.is_empty():
        return PointSummary(point, 0)
    spans = intervals.with_columns((pl.col("start") + pl.col("duration_s")).alias("end"))
    parts = allocate(spans, bounds, ["value"] if point.is_additive else []).sort("start")
    lengths = intervals["duration_s"].value_counts().sort(["count", "duration_s"], descending=[True, False])
    seconds = pl.col("end") - pl.col("start")
    measured_s = seconds * pl.col("measured_share").fill_null(1.0)
    mean, deviation = _spread(parts, pl.lit(1.0) if point.is_additive else measured_s)
    mean = _quotient_mean(point, intervals, bounds, sites, history) or mean
    flagged = intervals.filter(pl.col("quality") != 0).height
    return PointSummary(
        point, intervals.height, int(lengths["duration_s"][0]),
        float(parts["value"].sum()) if point.is_additive else None, mean, deviation,
        _extreme(parts, "value_min", descending=False), _extreme(parts, "value_max", descending=True),
        flagged, flagged / intervals.height,
    )  # fmt: skip


def _quotient_mean(
    point: Point, own: pl.DataFrame, bounds: tuple[int, int], sites: SiteRecords, history: HistoryRecords
) -> float | None:
    """Of a quotient, sum over sum; None for any other point."""
    if point.formula is None:
        return None
    inputs = sites.points_by_key(parse_formula(point.formula).inputs)
    known = history.read([it.id for it in inputs.values()], *bounds)
    rows = mean_quotients(point, inputs, known, own, bounds)
    return float(rows["value"][0]) if rows is not None and rows.height else None


def _spread(parts: pl.DataFrame, weight: pl.Expr) -> tuple[float, float]:
    """Mean and standard deviation; where nothing weighs anything, all weigh the same."""
    weighed = parts.select("value", weight.alias("weight"))
    if not weighed["weight"].sum():
        weighed = weighed.with_columns(pl.lit(1.0).alias("weight"))
    total = float(weighed["weight"].sum())
    mean = float((weighed["value"] * weighed["weight"]).sum()) / total
    return mean, sqrt(float(((weighed["value"] - mean) ** 2 * weighed["weight"]).sum()) / total)


def _extreme(parts: pl.DataFrame, column: str, *, descending: bool) -> Extreme:
    known = parts.select("start", pl.coalesce(column, "value").alias("value"))
    start_s, value = known.sort(["value", "start"], descending=[descending, False]).row(0)
    return Extreme(value, from_epoch_s(start_s))
