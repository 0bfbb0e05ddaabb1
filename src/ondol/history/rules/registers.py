"""Registers that count up: what was used between two of their readings."""

import polars as pl

from ondol.common.frames import flag_where
from ondol.common.instants import HOUR_US
from ondol.common.quality import Quality

_PLAUSIBLE_RATE_FACTOR = 20.0
_RATES_NEEDED = 8


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
