"""From readings to intervals: what a meter's or sensor's raw values say about each quarter of an hour.

Three kinds, one way: readings become spans (a time with a value or an amount), and spans are shared out over the windows.
A measurement holds until the next reading; a total covers its own interval; a register's span is the difference of two
readings, after resets, roll-overs, swaps and excursions are dealt with.
"""

import polars as pl

from ondol.common.frames import flag_where, largest, smallest, with_schema
from ondol.common.instants import HOUR_US, SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, intervals_frame
from ondol.history.rules.intervals import allocate, estimated_where_cut
from ondol.history.rules.registers import register_differences
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind

LONGEST_HOLD_US = 2 * HOUR_US
"""A measured value is taken to hold until the next one, but no longer than this or 1.5 times the usual spacing."""


def intervals_of(
    point: Point, readings: pl.DataFrame, window_s: int = RAW_RESOLUTION_S, fastest: float | None = None
) -> pl.DataFrame:
    """Intervals of `window_s` (INTERVALS) from one point's readings (READINGS, sorted by time, unique).

    `fastest` is what is known of a register's pace beside these readings.
    """
    return windows_of(point, spans_of(point, readings, fastest), window_s)


def windows_of(point: Point, spans: pl.DataFrame, window_s: int = RAW_RESOLUTION_S) -> pl.DataFrame:
    """The spans of one point shared out over intervals of `window_s` (INTERVALS)."""
    if spans.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    window_us = window_s * SECOND_US
    first = smallest(spans["start"]) // window_us
    last = -(-largest(spans["end"]) // window_us)
    parts = allocate(spans, range(first * window_us, (last + 1) * window_us, window_us), ["amount"])
    parts = parts.with_columns(estimated_where_cut(window_us)) if point.is_additive else parts
    return _summarize(point, parts, first, window_s)


def spans_of(point: Point, readings: pl.DataFrame, fastest: float | None = None) -> pl.DataFrame:
    """What each reading stands for: `start`, `end` (microseconds), `amount`, `value`, `quality`, `is_reading`.

    `amount` is value times microseconds for a measurement and the amount itself otherwise.
    """
    if readings.is_empty():
        return pl.DataFrame(schema=_SPANS)
    if point.kind is PointKind.MEASUREMENT:
        spans = _held(readings)
    elif point.kind is PointKind.TOTAL:
        length_us = (point.interval_s or RAW_RESOLUTION_S) * SECOND_US
        spans = readings.with_columns(
            pl.col("time_us").alias("start"),
            (pl.col("time_us") + length_us).alias("end"),
            pl.col("value").alias("amount"),
        )
    else:
        spans = register_differences(readings, point.rollover_at, point.max_per_hour, fastest)
    return with_schema(spans, _SPANS)


_SPANS = pl.Schema(
    {"start": pl.Int64, "end": pl.Int64, "amount": pl.Float64, "value": pl.Float64, "quality": pl.UInt16}
)


def usual_spacing_us(readings: pl.DataFrame) -> int | None:
    """Median time between two readings, or None for fewer than two."""
    spacing = readings["time_us"].diff().drop_nulls().median()
    return int(spacing) if isinstance(spacing, int | float) else None


def _held(readings: pl.DataFrame) -> pl.DataFrame:
    spacing = usual_spacing_us(readings)
    longest = min(max(int(1.5 * spacing), SECOND_US), LONGEST_HOLD_US) if spacing else RAW_RESOLUTION_US
    until_next = pl.col("time_us").shift(-1) - pl.col("time_us")
    # The newest value has no successor yet: it is taken to hold for the usual spacing.
    hold = until_next.fill_null(min(spacing or longest, longest)).clip(upper_bound=longest)
    return readings.with_columns(
        pl.col("time_us").alias("start"),
        (pl.col("time_us") + hold).alias("end"),
        (pl.col("value") * hold).alias("amount"),
    )


def _summarize(point: Point, parts: pl.DataFrame, first_bin: int, window_s: int) -> pl.DataFrame:
    window_us = float(window_s * SECOND_US)
    covered = (pl.col("end") - pl.col("start")).sum()
    amount = pl.col("amount").sum()
    value = amount if point.is_additive else amount / covered
    extreme = None if point.is_additive else pl.col("value")
    rows = (
        parts.sort("start")
        .group_by("bin", maintain_order=True)
        .agg(
            value.alias("value"),
            pl.col("quality").bitwise_or(),
            (covered / window_us).clip(0, 1).alias("measured_share"),
            (pl.lit(None) if extreme is None else extreme.min()).alias("value_min"),
            (pl.lit(None) if extreme is None else extreme.max()).alias("value_max"),
            pl.col("value").last().alias("value_last"),
        )
    )
    partial = flag_where(pl.col("measured_share") < 0.999, Quality.PARTIAL)
    return intervals_frame(
        rows,
        point_id=point.id,
        start=(pl.col("bin") + first_bin) * window_s,
        duration_s=window_s,
        quality=pl.col("quality") | partial,
    )
