"""How fast a register can count: what is plausible for it, learnt from all that it has counted."""

import math
from dataclasses import dataclass
from typing import Self

import polars as pl

from ondol.common.instants import HOUR_US, MINUTE_US, SECOND_US

_SURPRISING, _SUSPICIOUS, _IMPLAUSIBLE = 5.0, 20.0, 100.0
_SMALL_SHARE = 0.002
_LIFETIME_GROWTH = 0.25
_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """Amounts an hour. `fastest` is what the register was seen to keep up, or 0 when nothing is known of it.

    A step up to `surprising` is ordinary. Up to `suspicious` it counts as it stands, up to `implausible` as well but flagged,
    and beyond that it is no use but another register - unless it is small beside what the register shows.
    """

    fastest: float
    surprising: float
    suspicious: float
    implausible: float

    @classmethod
    def learnt(cls, readings: pl.DataFrame, known: float | None, max_per_hour: float | None) -> Self:
        """From a stated limit, else from what was known before and the readings (sorted, unique) together.

        Rounded up to a power of two: another reading hardly ever moves what is plausible.
        """
        if max_per_hour is not None:
            return cls(max_per_hour / _SUSPICIOUS, max_per_hour, max_per_hour, max_per_hour)
        seen = max(known or 0.0, sustained_per_hour(readings) or 0.0) or _first_guess(readings)
        fastest = rounded_up(seen)
        return cls(fastest, fastest * _SURPRISING, fastest * _SUSPICIOUS, fastest * _IMPLAUSIBLE)

    def is_implausible(self, step: float, hours: float, shown: float) -> bool:
        """Whether a rise cannot be use. `shown` is what the register read."""
        return step > self.implausible * hours and step > _SMALL_SHARE * abs(shown)


def rounded_up(per_hour: float) -> float:
    """The next power of two, and 0 for 0."""
    return 2.0 ** math.ceil(math.log2(per_hour)) if per_hour > 0 else 0.0


def counted_hours(start_us: pl.Expr, end_us: pl.Expr) -> pl.Expr:
    """Hours between, at least a minute: two readings at nearly the same time do not make a step fast."""
    return (end_us - start_us).clip(lower_bound=MINUTE_US) / HOUR_US


def hours_between(start_us: int, end_us: int) -> float:
    """`counted_hours` of two instants."""
    return max(end_us - start_us, MINUTE_US) / HOUR_US


def sustained_per_hour(readings: pl.DataFrame) -> float | None:
    """The fastest pace that was kept up over three rises in a row, or None.

    What is no use comes alone: a swap, a spike, the return from zero. No such step can make itself plausible, and as a maximum
    it may be taken of parts of the history in any order.
    """
    return _kept_up(_rises(readings), _IN_A_ROW)


def _rises(readings: pl.DataFrame) -> pl.DataFrame:
    """`pace`, `stretch` (without any fall in it), `from_zero` and `then_falls` of each step that goes up."""
    value, time_us = pl.col("value"), pl.col("time_us")
    step, hours = value.diff(), time_us.diff().clip(lower_bound=SECOND_US) / HOUR_US
    return (
        readings.select(
            step.alias("step"),
            (step / hours).alias("pace"),
            (step < 0).fill_null(value=False).cum_sum().alias("stretch"),
            (value.shift(1) == 0).alias("from_zero"),
            (step.shift(-1) < 0).fill_null(value=False).alias("then_falls"),
        )
        .filter(pl.col("step") > 0)
        .drop("step")
    )


def _kept_up(rises: pl.DataFrame, count: int) -> float | None:
    rises = rises.filter(~pl.col("from_zero") & ~pl.col("then_falls"))
    together = pl.col("stretch") == pl.col("stretch").shift(count - 1)
    slowest = pl.min_horizontal(pl.col("pace").shift(n) for n in range(count))
    best = rises.select(slowest.filter(together).max()).item() if rises.height else None
    return None if best is None else float(best)


def _first_guess(readings: pl.DataFrame) -> float:
    """What to go by while there are no three rises in a row."""
    rises = _rises(readings)
    pair = _kept_up(rises, 2)
    if pair is not None:
        return pair
    alone = rises.filter(~pl.col("from_zero") & ~pl.col("then_falls"))
    if alone.is_empty() and _restarts(readings):
        alone = rises
    lower = alone["pace"].quantile(0.5, "lower")
    return float(lower) if lower is not None else 0.0


def _restarts(readings: pl.DataFrame) -> bool:
    """Whether the counts before the falls differ as those of days do, not as those of a lifetime that reads 0 at times."""
    peaks = readings.filter(pl.col("value").shift(-1) < pl.col("value"))["value"]
    if peaks.len() < 2:
        return False
    return not peaks.is_sorted() or peaks[0] < (1 - _LIFETIME_GROWTH) * peaks[-1]
