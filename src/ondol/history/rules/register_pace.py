"""How fast a register can count: what is plausible for it, learnt from all that it has counted."""

import math
from dataclasses import dataclass
from typing import Self

import polars as pl

from ondol.common.instants import HOUR_US, MINUTE_US, SECOND_US

_SURPRISING, _SUSPICIOUS, _IMPLAUSIBLE = 5.0, 20.0, 100.0
_SMALL_SHARE = 0.01
_LIFETIME_GROWTH = 0.25
_IN_A_ROW = 3
_TIMES = 4
_SOON = 9
_FEW = 3
_OFTEN = 0.2


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
    is_stated: bool = False

    @classmethod
    def learnt(cls, readings: pl.DataFrame, known: float | None, max_per_hour: float | None) -> Self:
        """From a stated limit, else from what was known before and the readings (sorted, unique) together.

        Rounded up to a power of two: another reading hardly ever moves what is plausible.
        """
        if max_per_hour is not None:
            return cls(max_per_hour / _SUSPICIOUS, max_per_hour, max_per_hour, max_per_hour, is_stated=True)
        seen = max(known or 0.0, sustained_per_hour(readings) or 0.0) or _first_guess(readings)
        fastest = rounded_up(seen)
        return cls(fastest, fastest * _SURPRISING, fastest * _SUSPICIOUS, fastest * _IMPLAUSIBLE)

    def is_implausible(self, step: float, hours: float, shown: float) -> bool:
        """Whether a rise cannot be use. `shown` is what the register read."""
        return step > self.implausible * hours and (self.is_stated or step > _SMALL_SHARE * abs(shown))


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
    """The fastest pace that was kept up over three rises in a row, or reached four times, or None.

    What is no use comes alone: a swap, a spike, the return from zero. No such step can make itself plausible, and as a maximum
    it may be taken of parts of the history in any order. Rises soon after a fall tell nothing: they may lead out of a dip.
    """
    rises = _clean(_rises(readings)).filter(~pl.col("after_fall"))
    in_a_row = _kept_up(rises, _IN_A_ROW)
    if rises.height < _TIMES:
        return in_a_row
    return max(in_a_row or 0.0, float(rises["pace"].top_k(_TIMES).sort()[0]))


def rises_beyond(readings: pl.DataFrame, pace: Pace, first_us: int, last_us: int) -> bool:
    """Whether the register rose at a surprising pace in first <= t < last or at the next reading, and nothing says why.

    The rise may be one of those that recur: then all that is known of the register has to be looked at.
    """
    until_us = readings.filter(pl.col("time_us") >= last_us)["time_us"].min() or last_us
    rises = _clean(_rises(readings)).filter(~pl.col("after_fall"), pl.col("pace") > pace.surprising)
    return rises.filter(pl.col("time_us").is_between(first_us, until_us)).height > 0


def _rises(readings: pl.DataFrame) -> pl.DataFrame:
    """Each step that goes up: `time_us`, `rise`, `pace`, `stretch` (without any fall in it), `from_zero`, `after_fall`, `then_falls`."""
    value, time_us = pl.col("value"), pl.col("time_us")
    step, hours = value.diff(), time_us.diff().clip(lower_bound=SECOND_US) / HOUR_US
    falls = (step < 0).fill_null(value=False)
    return readings.select(
        "time_us",
        step.alias("rise"),
        (step / hours).alias("pace"),
        falls.cum_sum().alias("stretch"),
        (value.shift(1) == 0).alias("from_zero"),
        (falls.cast(pl.UInt8).rolling_sum(_SOON, min_samples=1) > 0).alias("after_fall"),
        falls.shift(-1, fill_value=False).alias("then_falls"),
    ).filter(pl.col("rise") > 0)


def _clean(rises: pl.DataFrame) -> pl.DataFrame:
    return rises.filter(~pl.col("from_zero") & ~pl.col("then_falls"))


def _kept_up(rises: pl.DataFrame, count: int) -> float | None:
    together = pl.col("stretch") == pl.col("stretch").shift(count - 1)
    slowest = pl.min_horizontal(pl.col("pace").shift(n) for n in range(count))
    best = rises.select(slowest.filter(together).max()).item() if rises.height else None
    return None if best is None else float(best)


def _first_guess(readings: pl.DataFrame) -> float:
    """What to go by while nothing was kept up."""
    restarts = _restarts(readings)
    # Between zeros that come and go the count itself tells.
    rises = _rises(readings if restarts else readings.filter(pl.col("value") != 0))
    alone = _clean(rises)
    row = _kept_up(alone, _IN_A_ROW) or _kept_up(alone, 2)
    if row is not None:
        return row
    if restarts:
        alone = rises
    elif alone.height == 1 and readings.height > _FEW:
        # Of a register that rested otherwise: what it made in all that time, for a single rise may be a swap.
        hours = readings.select(counted_hours(pl.col("time_us").shift(1), pl.col("time_us")).sum()).item()
        return float(alone["rise"][0]) / float(hours)
    lower = alone["pace"].quantile(0.5, "lower")
    return float(lower) if lower is not None else 0.0


def _restarts(readings: pl.DataFrame) -> bool:
    """Whether the counts before the falls differ as those of days do, not as those of a lifetime that reads 0 at times."""
    peaks = readings.filter(pl.col("value").shift(-1) < pl.col("value"))["value"]
    if peaks.len() < max(2, _OFTEN * readings.height):
        return False
    return not peaks.is_sorted() or bool((peaks.diff() > _LIFETIME_GROWTH * peaks.shift(1)).any())
