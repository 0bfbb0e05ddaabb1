"""How long a power that is not sampled evenly holds: files whose spacing changes, and logs on change."""

import polars as pl

from ondol.common.instants import DAY_US, HOUR_S, MINUTE_S, SECOND_US
from ondol.common.units import UNITS

LONGEST_HOLD_S = 2 * HOUR_S
_EVEN = 0.95


def is_power(unit: str) -> bool:
    """Whether a mean of the unit counts as energy for the time that it holds."""
    known = UNITS.get(unit)
    return known is not None and known.dimension == "power"


def with_holds(frame: pl.DataFrame) -> pl.DataFrame:
    """The readings with `end_us`, where their spacing is uneven and a minute or more; else as they are.

    A value holds until the next one when that comes within one and a half times the usual spacing, or when the gaps before and
    after it are as long: then readings come as seldom there. Else it holds for the usual spacing, and the rest is not known.
    """
    gaps = frame["time_us"].diff().drop_nulls()
    usual = gaps.median()
    if not isinstance(usual, float) or usual < MINUTE_S * SECOND_US or (gaps == usual).mean() == 1:
        return frame
    is_even = ((gaps - usual).abs() <= 0.05 * usual).mean()
    if isinstance(is_even, float) and is_even >= _EVEN:
        return frame
    gap = pl.col("time_us").shift(-1) - pl.col("time_us")
    beside = pl.min_horizontal(gap.shift(1), gap.shift(-1))
    allowed = pl.max_horizontal(pl.lit(1.5 * usual), 1.5 * beside.fill_null(0)).clip(upper_bound=DAY_US)
    hold = pl.when(gap <= allowed).then(gap).otherwise(pl.lit(usual)).fill_null(usual).cast(pl.Int64)
    whole_seconds = (pl.col("time_us") + hold) // SECOND_US * SECOND_US
    return frame.with_columns(whole_seconds.alias("end_us"))
