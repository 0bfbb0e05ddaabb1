"""How far back readings of a register have a say: up to the settled run before them."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ondol.common.instants import QUARTER_US
from ondol.history.rules.register_pace import Pace
from ondol.history.rules.register_runs import Run, is_settled, runs_of
from ondol.history.rules.registers import smooth_steps

_MAY_FLICKER = 2

_Times = NDArray[np.int64]
_Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is decided in begin <= t < end hangs on the readings from `from_us` on; nothing outside of it is decided anew."""

    from_us: int
    begin_us: int
    end_us: int


def is_plain(readings: pl.DataFrame, pace: Pace) -> bool:
    """Whether every reading is an ordinary step on from the one before, whatever else the register did."""
    steps = smooth_steps(readings, pace)
    return steps.height == readings.height and not steps.select((pl.col("breaks") | pl.col("late")).any()).item()


def reach_around(readings: pl.DataFrame, pace: Pace, first_us: int, last_us: int) -> Reach | None:
    """The reach of the readings in first <= t < last, the newest there are; None where the readings given do not hold it."""
    steps = smooth_steps(readings, pace)
    time_us, value = steps["time_us"].to_numpy(), steps["value"].to_numpy()
    before = _settled_before(runs_of(steps), time_us, value, int(np.searchsorted(time_us, first_us)))
    if before is None:
        return None
    return Reach(int(time_us[before[0]]), int(time_us[before[1]]), max(last_us, int(time_us[-1]) + QUARTER_US))


def _settled_before(runs: list[Run], time_us: _Times, value: _Values, row: int) -> tuple[int, int] | None:
    """First and last row of what is settled before the row, the newest left out: they may turn out to flicker."""
    for run in reversed(runs):
        first, last = run.first, min(run.last, row - 1) - _MAY_FLICKER
        if last > first and is_settled(
            last - first + 1, int(time_us[last] - time_us[first]), float(value[last] - value[first])
        ):
            return first, last
    return None
