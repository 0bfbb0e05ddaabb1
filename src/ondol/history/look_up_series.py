"""One point over time, at any resolution from raw readings to months."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import polars as pl

from ondol.common.access import Access, Scope, no_point
from ondol.common.errors import InvalidInput
from ondol.common.formulas import parse_formula
from ondol.common.instants import DAY_S, HOUR_S, MINUTE_S, SECOND_US, epoch_s, epoch_us
from ondol.common.messages import said
from ondol.history.model import intervals_frame
from ondol.history.ports import HistoryRecords
from ondol.history.rules.intervals import Resolution, allocate, calendar_edges, estimated_where_cut
from ondol.history.rules.virtual_quotients import mean_quotients
from ondol.readings.ports import TimeSeries
from ondol.sites.model import RAW_RESOLUTION_S, Building, Point
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords

LONGEST_RAW_RANGE_S = 2 * DAY_S
"""Longer ranges are answered from history, never from raw readings."""
_COARSER = [Resolution.MINUTE, Resolution.QUARTER_HOUR, Resolution.HOUR, Resolution.DAY, Resolution.MONTH]


class Aggregate(StrEnum):
    """How the values inside an interval become one."""

    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Series:
    """A point's values: times in microseconds UTC (interval starts), None where nothing is known.

    `interval` is the resolution that was used: coarser than asked where the answer would have too many values.
    """

    point: Point
    interval: Resolution
    times_us: pl.Series
    values: pl.Series
    quality: pl.Series


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuestion:
    """Values of a point in start <= t < end. Without `aggregate` amounts are summed and measurements averaged."""

    point_key: str
    start: datetime
    end: datetime
    interval: Resolution = Resolution.QUARTER_HOUR
    aggregate: Aggregate | None = None
    max_points: int = 2000


def look_up_series(
    access: Access, asked: SeriesQuestion, *, sites: SiteRecords, index: PointIndex, timeseries: TimeSeries,
    history: HistoryRecords,
) -> Series:  # fmt: skip
    """What is known of the point. Raises NotFound, InvalidInput when the end is not after the start or the range is too long."""
    access.require(Scope.READ)
    point = index.find([asked.point_key]).get(asked.point_key)
    if point is None or not access.reaches_space(point.building_key, point.space):
        raise no_point(asked.point_key)
    start, end, interval, max_points = asked.start, asked.end, asked.interval, asked.max_points
    if end <= start:
        raise InvalidInput(said("the end must lie after the start; swap them or choose a longer range"))
    start_s, end_s = epoch_s(start), epoch_s(end)
    if interval is Resolution.RAW:
        raw = _raw(point, epoch_us(start), epoch_us(end), timeseries, history, max_points)
        if raw is not None:
            return raw
        interval = Resolution.MINUTE
    building = sites.building(point.building_key)
    interval, edges = _resolution(interval, start_s, end_s, building, max_points)
    aggregate = asked.aggregate or (Aggregate.SUM if point.is_additive else Aggregate.MEAN)
    plain = aggregate in (Aggregate.MEAN, Aggregate.SUM)
    intervals = history.read([point.id], start_s, end_s, only_values=plain)
    if interval is Resolution.MINUTE:
        intervals = _with_minutes(point, intervals, start_s, end_s, timeseries)
    if point.formula and aggregate is Aggregate.MEAN and interval is not Resolution.MINUTE:
        inputs = index.find(parse_formula(point.formula).inputs)
        known = history.read([it.id for it in inputs.values()], start_s, end_s)
        rows = mean_quotients(point, inputs, known, intervals, edges)
        if rows is not None:
            return _series(point, interval, rows, edges)
    return _aggregated(point, interval, intervals, edges, aggregate)


def _raw(
    point: Point, start_us: int, end_us: int, timeseries: TimeSeries, history: HistoryRecords, max_points: int
) -> Series | None:
    """Raw readings, before them history at its own resolution; None where that is more than `max_points` or too long."""
    readings = pl.DataFrame(schema={"time_us": pl.Int64, "value": pl.Float64, "quality": pl.UInt16})
    if end_us - start_us <= LONGEST_RAW_RANGE_S * SECOND_US:
        readings = timeseries.read([point.id], start_us, end_us).select(
            "time_us", "value", pl.col("quality").cast(pl.UInt16)
        )
    older = history.read([point.id], start_us // SECOND_US, -(-end_us // SECOND_US)).select(
        (pl.col("start") * SECOND_US).alias("time_us"), "value", "quality"
    )
    older = older.filter(pl.col("time_us") >= start_us, pl.col("time_us") < end_us)
    if readings.height:
        first = readings["time_us"][0] // (RAW_RESOLUTION_S * SECOND_US) * RAW_RESOLUTION_S * SECOND_US
        older = older.filter(pl.col("time_us") < first)
    every = pl.concat([older, readings])
    if every.height > max_points:
        return None
    return Series(point, Resolution.RAW, every["time_us"], every["value"], every["quality"])


def _resolution(
    interval: Resolution, start_s: int, end_s: int, building: Building, max_points: int
) -> tuple[Resolution, list[int]]:
    """The asked resolution, or the finest coarser one that gives at most `max_points` values."""
    for candidate in _COARSER[_COARSER.index(interval) :]:
        too_long = candidate is Resolution.MINUTE and end_s - start_s > LONGEST_RAW_RANGE_S
        too_many = candidate.seconds is not None and (end_s - start_s) / candidate.seconds > max_points
        if not too_long and not too_many:
            edges = calendar_edges(start_s, end_s, candidate, building.zone)
            if len(edges) - 1 <= max_points:
                return candidate, edges
    raise InvalidInput(
        said("the range holds more than %(max_points)s months; ask for a shorter one", max_points=max_points)
    )


def _with_minutes(
    point: Point, intervals: pl.DataFrame, start_s: int, end_s: int, timeseries: TimeSeries
) -> pl.DataFrame:
    """History, replaced by minutes of raw readings where there are any."""
    if point.is_additive:
        return intervals
    minutes = timeseries.buckets(point.id, start_s * SECOND_US, end_s * SECOND_US, 60 * SECOND_US)
    if minutes.is_empty():
        return intervals
    first = int(minutes["time_us"][0]) // SECOND_US
    older = intervals.filter(pl.col("start") + pl.col("duration_s") <= first)
    fine = intervals_frame(
        minutes, point_id=point.id, start=pl.col("time_us") // SECOND_US, duration_s=MINUTE_S,
        value=pl.col("mean"), value_min=pl.col("min"), value_max=pl.col("max"), value_last=pl.col("last"),
    )  # fmt: skip
    return pl.concat([older, fine])


def _aggregated(
    point: Point, interval: Resolution, intervals: pl.DataFrame, edges: list[int], aggregate: Aggregate
) -> Series:
    if _fits(intervals, interval, edges):
        return _series(point, interval, intervals.select("start", _plain(aggregate).alias("value"), "quality"), edges)
    return _series(point, interval, _by_bin(point, intervals, edges, aggregate), edges)


def _series(point: Point, interval: Resolution, rows: pl.DataFrame, edges: list[int]) -> Series:
    """The rows (`start`, `value`, `quality`) in order, and nothing where there is none."""
    if rows.height == len(edges) - 1:
        rows = rows.sort("start")
        return Series(point, interval, rows["start"] * SECOND_US, rows["value"], rows["quality"])
    bins = pl.DataFrame({"start": edges[:-1]}, schema={"start": pl.Int64})
    rows = bins.join(rows, on="start", how="left", maintain_order="left")
    return Series(point, interval, rows["start"] * SECOND_US, rows["value"], rows["quality"])


def _fits(intervals: pl.DataFrame, interval: Resolution, edges: list[int]) -> bool:
    """Whether each interval of history is one of those asked for, so that nothing needs to be shared out."""
    step = interval.seconds
    if step is None or intervals.is_empty() or (edges[1] - edges[0]) != step or (edges[-1] - edges[-2]) != step:
        return False
    aligned = (intervals["start"] - edges[0]) % step == 0
    return bool((intervals["duration_s"] == step).all() and aligned.all() and int(intervals["start"][0]) >= edges[0])


def _plain(aggregate: Aggregate) -> pl.Expr:
    other = {Aggregate.MIN: "value_min", Aggregate.MAX: "value_max", Aggregate.LAST: "value_last"}.get(aggregate)
    return pl.coalesce(other, "value") if other else pl.col("value")


def _by_bin(point: Point, intervals: pl.DataFrame, edges: list[int], aggregate: Aggregate) -> pl.DataFrame:
    spans = intervals.with_columns((pl.col("start") + pl.col("duration_s")).alias("end"))
    shortest = min(edges[1] - edges[0], edges[-1] - edges[-2], HOUR_S)
    parts = allocate(spans, edges, ["value"] if point.is_additive else []).with_columns(estimated_where_cut(shortest))
    length = pl.col("end") - pl.col("start")
    value = {
        Aggregate.MEAN: pl.col("value").mean()
        if point.is_additive
        else (pl.col("value") * length).sum() / length.sum(),
        Aggregate.MIN: pl.coalesce("value_min", "value").min(),
        Aggregate.MAX: pl.coalesce("value_max", "value").max(),
        Aggregate.SUM: pl.col("value").sum(),
        Aggregate.LAST: pl.coalesce("value_last", "value").last(),
    }[aggregate]
    grouped = parts.sort("start").group_by("bin").agg(value.alias("value"), pl.col("quality").bitwise_or())
    starts = pl.Series("start", edges, dtype=pl.Int64).gather(grouped["bin"])
    return grouped.with_columns(starts).select("start", "value", "quality")
