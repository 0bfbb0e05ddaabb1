"""What the readings of a series come to: intervals of history, and the months that they add up to."""

from dataclasses import dataclass, replace

import polars as pl

from ondol.common.frames import with_schema
from ondol.common.units import conversion
from ondol.history.aggregate_readings import old_intervals
from ondol.history.model import INTERVALS
from ondol.history.rules.periods import period_intervals
from ondol.history.rules.usage import usage_spans
from ondol.imports.model import SeriesSpec
from ondol.readings.model import READINGS
from ondol.sites.model import Building, Point, PointKind


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What a local month (`2024-06`) comes to: usage in `Point.usage_unit`, the sum of other amounts, the mean of a state."""

    month: str
    value: float


def point_of(spec: SeriesSpec) -> Point:
    """The point that a series would become."""
    return Point(0, spec.point, 0, "", spec.point, spec.quantity, spec.unit, spec.kind, spec.interval_s, role=spec.role)


def converted(frame: pl.DataFrame, spec: SeriesSpec, point: Point) -> pl.DataFrame:
    """The readings (READINGS and `end_us`) in the unit of the point."""
    factor, offset = conversion(spec.unit, point.unit) or (1.0, 0.0)
    readings = frame.select(
        pl.lit(point.id).alias("point_id"),
        "time_us",
        (pl.col("value") * factor + offset).alias("value") if (factor, offset) != (1.0, 0.0) else pl.col("value"),
        "quality",
    )
    return with_schema(readings, READINGS).with_columns(frame["end_us"])


def intervals_of_readings(point: Point, readings: pl.DataFrame, spec: SeriesSpec, building: Building) -> pl.DataFrame:
    """History (INTERVALS) of readings as `converted` gives them."""
    if readings.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    if point.kind is not PointKind.TOTAL_INCREASING and readings["end_us"].is_not_null().any():
        return period_intervals(point, readings, building)
    regular = replace(point, interval_s=spec.interval_s or point.interval_s)
    return old_intervals(regular, readings.drop("end_us"))


def month_totals(point: Point, intervals: pl.DataFrame, building: Building) -> list[MonthTotal]:
    """The months of intervals, in order. An interval counts in the month that it begins in."""
    if intervals.is_empty():
        return []
    if point.usage_unit is not None:
        spans = usage_spans(intervals, {point.id: point}).select("start", pl.col("usage").alias("value"))
        total = pl.col("value").sum()
    else:
        spans = intervals.select("start", "value")
        total = pl.col("value").sum() if point.is_additive else pl.col("value").mean()
    local = pl.from_epoch("start").dt.replace_time_zone("UTC").dt.convert_time_zone(building.timezone)
    by_month = spans.group_by(local.dt.strftime("%Y-%m").alias("month")).agg(total).sort("month")
    return [MonthTotal(month, value) for month, value in by_month.iter_rows()]
