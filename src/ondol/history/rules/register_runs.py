"""Stretches over which a register counted without anything odd: what all decisions on it are made of."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ondol.common.instants import HOUR_US
from ondol.history.rules.register_pace import Pace, counted_hours

SETTLED_US = 6 * HOUR_US
SETTLED_READINGS = 9
"""A run of so many readings over so long that counted is the truth."""


@dataclass(frozen=True, slots=True)
class Run:
    """Readings `first` to `last` (rows, both included), which never fall and rise at no surprising pace."""

    first: int
    last: int
    start_us: int
    end_us: int
    low: float
    high: float

    @property
    def climb(self) -> float:
        """What it counted."""
        return self.high - self.low

    @property
    def is_settled(self) -> bool:
        """Whether it counted long enough to be the truth, whatever came before and comes after.

        Decisions on both sides of a settled run do not depend on each other.
        """
        return is_settled(self.last - self.first + 1, self.end_us - self.start_us, self.climb)


def is_settled(readings: int, length_us: int, climb: float) -> bool:
    """See `Run.is_settled`."""
    return climb > 0 and readings >= SETTLED_READINGS and length_us >= SETTLED_US


def with_steps(readings: pl.DataFrame, pace: Pace) -> pl.DataFrame:
    """Readings with `breaks` (a run begins here) and `late`: the rise is ordinary only for all the time since the one before it.

    A meter that could not be reached shows the same count for days, and then all that it counted.
    """
    value, time_us = pl.col("value"), pl.col("time_us")
    step = value.diff()
    changed = step.fill_null(0.0) != 0
    # Of the value before this one: when it was reached, and whether by a fall.
    reached_us = pl.when(changed).then(time_us).forward_fill().shift(1).fill_null(time_us.first())
    fell = pl.when(changed).then(step < 0).forward_fill().shift(1).fill_null(value.first() <= 0)
    surprising = (step > pace.surprising * counted_hours(time_us.shift(1), time_us)).fill_null(value=False)
    late = surprising & ~fell & (step <= pace.surprising * counted_hours(reached_us, time_us))
    falls = (step < 0).fill_null(value=False)
    breaks = falls | (surprising & ~late)
    marked = readings.with_columns(breaks.alias("breaks"), late.alias("late"))
    return _with_returns(marked, falls) if marked["breaks"].any() else marked


def _with_returns(marked: pl.DataFrame, falls: pl.Expr) -> pl.DataFrame:
    """A run breaks as well where the count is back at what it fell from, and had not fallen far nor long."""
    value, time_us = pl.col("value"), pl.col("time_us")
    level = pl.when(falls).then(value.shift(1)).forward_fill()
    fell_us = pl.when(falls).then(time_us).forward_fill()
    since = pl.int_range(pl.len()) - pl.when(falls).then(pl.int_range(pl.len())).forward_fill()
    is_back = (value >= level) & (value.shift(1) < level) & (value.shift(1) > level / 2)
    is_soon = (since < SETTLED_READINGS) | (time_us - fell_us < SETTLED_US)
    return marked.with_columns(pl.col("breaks") | (is_back & is_soon).fill_null(value=False))


def runs_of(steps: pl.DataFrame) -> list[Run]:
    """The runs of readings `with_steps`, in order."""
    time_us, value = steps["time_us"].to_numpy(), steps["value"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], steps["breaks"].to_numpy()[1:]]))
    ends = np.append(starts[1:], len(value)) - 1
    rows = zip(
        starts.tolist(), ends.tolist(), time_us[starts].tolist(), time_us[ends].tolist(), value[starts].tolist(),
        value[ends].tolist(), strict=True,
    )  # fmt: skip
    return [Run(*row) for row in rows]
