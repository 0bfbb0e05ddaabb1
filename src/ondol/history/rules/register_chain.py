"""Which runs of a register are its true count, and what lies between them.

Each way to tell the story of a register has a price: a reset costs less than a swap, a stretch at zero that is left out costs less
than a reset, and one that counted on its own costs more. The cheapest story is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ondol.common.instants import HOUR_US
from ondol.history.rules.register_pace import Pace, hours_between
from ondol.history.rules.register_runs import Run, is_settled

_LEFT_OUT_ZERO, _LEFT_OUT_FLAT, _LEFT_OUT_SHORT, _LEFT_OUT_COUNTING, _NEVER = 0.5, 0.6, 1.4, 2.0, 1e9
_SHORT = 4
_SURPRISE, _ROLL_OVER, _DIP, _RESET, _SWAP = 0.2, 0.3, 0.4, 1.0, 1.5
_LOOKED_BACK = 24
_TAIL = 8
_LEAST_ROLL_OVER = 10_000.0


class Link(Enum):
    """How one kept run follows another."""

    ON = "goes on"
    SUSPECT = "goes on, at a pace that is not seen otherwise"
    DIP = "a little lower: counts again where it was"
    ROLL_OVER = "rolled over"
    RESET = "began again at zero"
    SWAP = "another register"


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that counts: how it follows the one before, and where the count stood (row, value) before it."""

    run: Run
    link: Link
    amount: float
    """What passed on the way into it; of a dip what its first counted reading is above `level`."""
    level: float


@dataclass(slots=True)
class _State:
    cost: float
    before: int | None
    link: Link
    amount: float
    level_before: float
    level: float
    level_us: int


@dataclass(frozen=True, slots=True)
class Count:
    """A register's readings as arrays, with what is known of it."""

    time_us: NDArray[np.int64]
    value: NDArray[np.float64]
    pace: Pace
    rollover_at: float | None


def cheapest_chain(runs: Sequence[Run], count: Count) -> list[Kept]:
    """The runs that count, in order; at least one of them."""
    states: list[_State] = []
    left_out = np.concatenate([[0.0], np.cumsum([_price(run) for run in runs])])
    for j, run in enumerate(runs):
        best = _State(float(left_out[j]), None, Link.ON, 0.0, run.low, run.high, run.end_us)
        climb = 0.0
        for i in range(j - 1, max(j - 1 - _LOOKED_BACK, -1), -1):
            before, gap = states[i], float(left_out[j] - left_out[i + 1])
            if gap >= _NEVER:
                break
            if before.cost + gap < best.cost:
                best = _cheaper(best, _linked(runs, i, j, before, climb, gap, count))
            climb = max(climb, runs[i].climb)
        states.append(best)
    totals = [state.cost + float(left_out[-1] - left_out[j + 1]) for j, state in enumerate(states)]
    at: int | None = int(np.argmin(totals))
    chain: list[Kept] = []
    while at is not None:
        state = states[at]
        chain.append(Kept(runs[at], state.link, state.amount, state.level_before))
        at = state.before
    return chain[::-1]


def _price(run: Run) -> float:
    if run.is_settled:
        return _NEVER
    if run.climb > 0:
        return _LEFT_OUT_SHORT if run.last - run.first < _SHORT else _LEFT_OUT_COUNTING
    return _LEFT_OUT_ZERO if run.high == 0 else _LEFT_OUT_FLAT


def _cheaper(a: _State, b: _State) -> _State:
    return b if b.cost < a.cost else a


def _linked(
    runs: Sequence[Run], i: int, j: int, before: _State, climb: float, gap: float, count: Count
) -> _State:  # fmt: skip
    run = runs[j]
    hours = hours_between(before.level_us, run.start_us)
    is_first = before.before is None and runs[i].high == 0 and runs[i].climb == 0
    link, price, amount = _link(run, before.level, hours, climb, count, is_first)
    if link is Link.SWAP:
        amount = _usual(runs[i], run, count) * (run.start_us - before.level_us) / HOUR_US
    falls_short = link is Link.DIP and run.high < before.level
    level, level_us = (before.level, before.level_us) if falls_short else (run.high, run.end_us)
    return _State(before.cost + gap + price, i, link, amount, before.level, level, level_us)


def _link(
    run: Run, level: float, hours: float, climb: float, count: Count, from_nothing: bool
) -> tuple[Link, float, float]:
    step, pace = run.low - level, count.pace
    if step >= 0:
        # What was left out counted more than passed in all: then it was no glitch.
        if step < 0.9 * climb or pace.is_implausible(step, hours, run.low):
            return Link.SWAP, _SWAP, 0.0
        if step <= pace.surprising * hours:
            return Link.ON, 0.0, step
        price = _RESET if from_nothing else _SURPRISE
        return (Link.ON if step <= pace.suspicious * hours else Link.SUSPECT), price, step
    rolled = _rolled(run.low, level, hours, count)
    if rolled is not None:
        return Link.ROLL_OVER, _ROLL_OVER, rolled
    if _is_dip(run, level, hours, count):
        return Link.DIP, _DIP, 0.0
    if 0 <= run.low <= pace.suspicious * hours:
        return Link.RESET, _RESET, run.low
    return Link.SWAP, _SWAP, 0.0


def _rolled(low: float, level: float, hours: float, count: Count) -> float | None:
    """What a roll-over counts, if it is one: at the stated count, else where the digits end or 32 bits do."""
    if count.rollover_at is not None:
        rolled = count.rollover_at - level + low
        return rolled if low >= 0 and 0 <= rolled <= count.pace.implausible * hours else None
    digits = 10.0 ** np.ceil(np.log10(max(level, 1.0)))
    for end in (float(digits), *(2.0**32 / 10.0**n for n in range(4))):
        rolled = end - level + low
        if end >= _LEAST_ROLL_OVER and low >= 0 and level <= end and rolled <= count.pace.fastest * hours:
            return rolled
    return None


def _is_dip(run: Run, level: float, hours: float, count: Count) -> bool:
    """Whether the register is a little behind where it was: by what it soon counts again, or by next to nothing."""
    fall = level - run.low
    if run.low <= level / 2 or fall > max(count.pace.fastest * hours, 1e-4 * level):
        return False
    value = count.value[run.first : run.last + 1]
    below = int(np.searchsorted(value, level))
    if below == 0:
        return True
    last = run.first + below - 1
    return not is_settled(below, int(count.time_us[last]) - run.start_us, float(value[below - 1]) - run.low)


def _usual(before: Run, after: Run, count: Count) -> float:
    """Amount an hour around the step between two runs."""
    first, last = max(before.first, before.last - _TAIL), min(after.last, after.first + _TAIL)
    climb = before.high - count.value[first] + count.value[last] - after.low
    length_us = before.end_us - count.time_us[first] + count.time_us[last] - after.start_us
    return float(climb) / float(length_us) * HOUR_US if length_us > 0 else 0.0
