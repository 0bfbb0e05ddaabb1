"""From readings to intervals: what a meter's or sensor's raw values say about each quarter of an hour.

Three kinds, one way: readings become spans (a time with a value or an amount), and spans are shared out over the windows.
A measurement holds until the next reading; a total covers its own interval; a register's span is the difference of two
readings, after resets, roll-overs, swaps and one-sample glitches are dealt with.
"""

import polars as pl

from ondol.common.frames import flag_where, largest, smallest, with_schema
from ondol.common.instants import HOUR_US, SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS
from ondol.history.rules.intervals import allocate, estimated_where_cut
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind

LONGEST_HOLD_US = 2 * HOUR_US
"""A measured value is taken to hold until the next one, but no longer than this or 1.5 times the usual spacing."""
_PLAUSIBLE_RATE_FACTOR = 20.0
_RATES_NEEDED = 8


def intervals_of(point: Point, readings: pl.DataFrame, window_s: int = RAW_RESOLUTION_S) -> pl.DataFrame:
    """Intervals of `window_s` (INTERVALS) from one point's readings (READINGS, sorted by time, unique)."""
    spans = spans_of(point, readings)
    if spans.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    window_us = window_s * SECOND_US
    first = smallest(spans["start"]) // window_us
    last = -(-largest(spans["end"]) // window_us)
    parts = allocate(spans, range(first * window_us, (last + 1) * window_us, window_us), ["amount"])
    parts = parts.with_columns(estimated_where_cut(window_us)) if point.is_additive else parts
    return _summarize(point, parts, first, window_s)


def spans_of(point: Point, readings: pl.DataFrame) -> pl.DataFrame:
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
        spans = register_differences(readings, point.rollover_at, point.max_per_hour)
    return with_schema(spans, _SPANS)


_SPANS = pl.Schema({"start": pl.Int64, "end": pl.Int64, "amount": pl.Float64, "value": pl.Float64, "quality": pl.UInt8})


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


def register_differences(readings: pl.DataFrame, rollover_at: float | None, max_per_hour: float | None) -> pl.DataFrame:
    """Amounts between a register's consecutive readings: never negative, never implausibly large, flagged where not plain.

    - One sample out of line with its neighbours (a dip or a spike) is left out: GLITCH.
    - A fall is a roll-over when the count to `rollover_at` and on is plausible, else a reset to zero: RESET.
    - A step that is not plausible (a swapped meter) counts the usual rate for that time instead: RESET and ESTIMATED.

    Plausible is at most `max_per_hour`; without it, 20 times the 95th percentile of the rates seen.
    Returns `start`, `end`, `amount`, `value` (the later reading) and `quality`.
    """
    before, after = pl.col("value").shift(1), pl.col("value").shift(-1)
    out_of_line = (after >= before) & ((pl.col("value") < before) | (pl.col("value") > after))
    marked = readings.with_columns(out_of_line.fill_null(value=False).alias("glitch"))
    near_glitch = pl.col("glitch").shift(1).fill_null(value=False)
    kept = marked.with_columns(near_glitch.alias("after_glitch")).filter(~pl.col("glitch"))
    steps = kept.with_columns(
        pl.col("time_us").shift(1).alias("start"),
        pl.col("time_us").alias("end"),
        pl.col("value").shift(1).alias("before"),
    ).drop_nulls("start")
    hours = (pl.col("end") - pl.col("start")) / HOUR_US
    steps = steps.with_columns((pl.col("value") - pl.col("before")).alias("step"), hours.alias("hours"))
    usual, most = _rates(steps, max_per_hour)
    rolled = (pl.lit(rollover_at) - pl.col("before") + pl.col("value")) if rollover_at else pl.lit(None, pl.Float64)
    plausible = most * pl.col("hours")
    amount = (
        pl.when((pl.col("step") >= 0) & (pl.col("step") <= plausible)).then(pl.col("step"))
        .when((pl.col("step") < 0) & (rolled >= 0) & (rolled <= plausible)).then(rolled)
        .when((pl.col("step") < 0) & (pl.col("value") >= 0) & (pl.col("value") <= plausible)).then(pl.col("value"))
        .otherwise(usual * pl.col("hours"))
    )  # fmt: skip
    is_plain = (pl.col("step") >= 0) & (pl.col("step") <= plausible)
    is_guess = ~is_plain & (amount != rolled).fill_null(value=True) & (amount != pl.col("value"))
    return steps.with_columns(
        amount.alias("amount"),
        pl.col("quality")
        | flag_where(~is_plain, Quality.RESET)
        | flag_where(is_guess, Quality.ESTIMATED)
        | flag_where(pl.col("after_glitch"), Quality.GLITCH),
    )


def _rates(steps: pl.DataFrame, max_per_hour: float | None) -> tuple[float, float]:
    """Usual and largest plausible amount per hour."""
    rates = steps.filter(pl.col("step") >= 0).select(pl.col("step") / pl.col("hours")).to_series()
    usual = rates.median()
    usual = float(usual) if isinstance(usual, int | float) else 0.0
    if max_per_hour is not None:
        return min(usual, max_per_hour), max_per_hour
    high = rates.quantile(0.95)
    if rates.len() < _RATES_NEEDED or not high:
        return usual, float("inf")
    return usual, high * _PLAUSIBLE_RATE_FACTOR


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
    return rows.select(
        pl.lit(point.id).alias("point_id"),
        ((pl.col("bin") + first_bin) * window_s).alias("start"),
        pl.lit(window_s).alias("duration_s"),
        "value",
        pl.col("quality") | partial,
        "measured_share",
        "value_min",
        "value_max",
        "value_last",
    ).cast(INTERVALS)  # pyright: ignore[reportArgumentType]
