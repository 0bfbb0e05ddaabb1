"""How fast a register can count: what is plausible for it, learnt from all that it has counted."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
    rises = _Rises.of(readings)
    rises = rises.where(rises.is_clean & ~rises.after_fall)
    in_a_row = rises.kept_up(_IN_A_ROW)
    if len(rises.pace) < _TIMES:
        return in_a_row
    return max(in_a_row or 0.0, float(np.partition(rises.pace, -_TIMES)[-_TIMES]))


def rises_beyond(readings: pl.DataFrame, pace: Pace, first_us: int, last_us: int) -> bool:
    """Whether the register rose at a surprising pace in first <= t < last or at the next reading, and nothing says why.

    The rise may be one of those that recur: then all that is known of the register has to be looked at.
    """
    time_us = readings["time_us"].to_numpy()
    after = int(np.searchsorted(time_us, last_us))
    until_us = int(time_us[after]) if after < len(time_us) else last_us
    rises = _Rises.of(readings)
    beyond = rises.is_clean & ~rises.after_fall & (rises.pace > pace.surprising)
    return bool((beyond & (rises.end_us >= first_us) & (rises.end_us <= until_us)).any())


@dataclass(frozen=True, slots=True)
class _Rises:
    """The steps that go up. `stretch` has no fall in it; a step is clean when it neither begins at zero nor ends before a fall."""

    end_us: NDArray[np.int64]
    rise: NDArray[np.float64]
    pace: NDArray[np.float64]
    stretch: NDArray[np.int64]
    after_fall: NDArray[np.bool_]
    is_clean: NDArray[np.bool_]

    @staticmethod
    def of(readings: pl.DataFrame) -> "_Rises":
        """All that there are."""
        value, time_us = readings["value"].to_numpy(), readings["time_us"].to_numpy()
        step = np.diff(value)
        hours = np.maximum(np.diff(time_us), SECOND_US) / HOUR_US
        falls = step < 0
        fallen = np.cumsum(falls, dtype=np.int64)
        earlier = np.concatenate([np.zeros(_SOON, np.int64), fallen])[: len(fallen)]
        then_falls = np.append(falls[1:], False)[: len(falls)]
        up = step > 0
        clean = (value[:-1] != 0) & ~then_falls
        return _Rises(time_us[1:], step, step / hours, fallen, fallen > earlier, clean).where(up)

    def where(self, chosen: NDArray[np.bool_]) -> "_Rises":
        """Those of them."""
        return _Rises(
            self.end_us[chosen], self.rise[chosen], self.pace[chosen], self.stretch[chosen], self.after_fall[chosen],
            self.is_clean[chosen],
        )  # fmt: skip

    def kept_up(self, count: int) -> float | None:
        """The fastest pace that so many of these rises in a row kept, without a fall between them."""
        if len(self.pace) < count:
            return None
        slowest = np.lib.stride_tricks.sliding_window_view(self.pace, count).min(axis=1)
        together = self.stretch[count - 1 :] == self.stretch[: len(slowest)]
        return float(slowest[together].max()) if together.any() else None


def _first_guess(readings: pl.DataFrame) -> float:
    """What to go by while nothing was kept up."""
    restarts = _restarts(readings)
    # Between zeros that come and go the count itself tells.
    rises = _Rises.of(readings if restarts else readings.filter(pl.col("value") != 0))
    clean = rises.where(rises.is_clean)
    row = clean.kept_up(_IN_A_ROW) or clean.kept_up(2)
    if row is not None:
        return row
    alone = rises if restarts else clean
    if not len(alone.pace):
        return 0.0
    if not restarts and len(alone.pace) == 1 and readings.height > _FEW:
        # Of a register that rested otherwise: what it made in all that time, for a single rise may be a swap.
        hours = readings.select(counted_hours(pl.col("time_us").shift(1), pl.col("time_us")).sum()).item()
        return float(alone.rise[0]) / float(hours)
    return float(np.sort(alone.pace)[(len(alone.pace) - 1) // 2])


def _restarts(readings: pl.DataFrame) -> bool:
    """Whether the counts before the falls differ as those of days do, not as those of a lifetime that reads 0 at times."""
    value = readings["value"].to_numpy()
    peaks = value[:-1][np.diff(value) < 0]
    if len(peaks) < max(2, _OFTEN * readings.height):
        return False
    growth = np.diff(peaks)
    return bool((growth < 0).any() or (growth > _LIFETIME_GROWTH * peaks[:-1]).any())
