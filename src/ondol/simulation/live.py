"""The office second by second: the quarter hours of the history, with the movement that happens within them."""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import polars as pl

from ondol.common.instants import DAY_S, QUARTER_S, SECOND_US, from_epoch_s
from ondol.simulation.history import COUNTERS, DIGITS, wide
from ondol.simulation.loads import LOSSES
from ondol.simulation.noise import uniform_at
from ondol.simulation.office import KEY, MAIN, describe_office, submeters

_QUARTERS_A_DAY = DAY_S // QUARTER_S
_RIDE_S = 15  # the lifts' starts are thrown once in each such slot
_FADE_S = 9.0
_RIDES = QUARTER_S // _RIDE_S
_LIFTS = f"{KEY}.electricity.lifts"
_CYCLES = {
    f"{KEY}.electricity.chiller": (0.09, 3),
    f"{KEY}.electricity.server_cooling": (0.16, 5),
    f"{KEY}.electricity.parking": (0.05, 2),
}
"""Share by which a machine's power swings and how many whole cycles it runs in a quarter hour."""
_FLICKER = {"kW": 0.006, "degC": 0.0004, "%": 0.001, "ppm": 0.002, "lx": 0.004, "W/m2": 0.004}


@dataclass(frozen=True, slots=True)
class _Track:
    """One point within a quarter hour: its mean there and the slope that leads over to the neighbours."""

    key: str
    unit: str
    mean: float
    slope: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class _Quarter:
    tracks: list[_Track]
    counters: list[tuple[str, float, float]]  # key, stand at the start, stand at the end
    rides: list[float]


def live(seed: int, start: datetime, end: datetime) -> pl.DataFrame:
    """Readings of `start <= time < end` at every whole second: `point_key`, `time_us` (UTC), `value`, in the shape of `history`.

    The mean over a quarter hour is that of the history; the main meter is the sum of its sub-meters at every second.
    """
    keys: list[str] = []
    times: list[int] = []
    values: list[float] = []
    for second in range(math.ceil(start.timestamp()), math.ceil(end.timestamp())):
        for key, value in _readings(seed, second).items():
            keys.append(key)
            times.append(second * SECOND_US)
            values.append(value)
    schema = {
        "point_key": pl.Enum([point.key for point in describe_office().points]),
        "time_us": pl.Int64,
        "value": pl.Float64,
    }
    return pl.DataFrame([keys, times, values], schema=schema)


def _readings(seed: int, second: int) -> dict[str, float]:
    """Every point at a second, by key."""
    number, within_s = divmod(second, QUARTER_S)
    quarter = _quarter(seed, number)
    share = (within_s + 0.5) / QUARTER_S
    readings = {
        track.key: round(_move(track, quarter, seed, second, share), DIGITS[track.unit]) for track in quarter.tracks
    }
    readings[MAIN] = round((1 + LOSSES) * sum(readings[key] for key in submeters()), DIGITS["kW"])
    for key, before, after in quarter.counters:
        readings[key] = round(before + (after - before) * within_s / QUARTER_S, 2)
    return readings


def _move(track: _Track, quarter: _Quarter, seed: int, second: int, share: float) -> float:
    """The value at a place in the quarter hour; every movement averages out over it."""
    value = track.mean + track.slope * (share - 0.5)
    if track.key == _LIFTS:
        return value * _ride(quarter.rides, second)
    if track.key in _CYCLES:
        swing, count = _CYCLES[track.key]
        wave = math.sin(2 * math.pi * count * share)
        value *= 1 + swing * math.tanh(2.5 * wave) / math.tanh(2.5)
    if track.unit in _FLICKER:
        value *= 1 + _FLICKER[track.unit] * (2 * uniform_at(seed, track.key, second) - 1)
    return min(max(value, track.lowest), track.highest)


def _ride(rides: list[float], second: int) -> float:
    """What the lifts draw against their mean: a start pulls hard and fades within its slot."""
    slot, within_s = divmod(second % QUARTER_S, _RIDE_S)
    return 0.35 + rides[slot] * math.exp(-within_s / _FADE_S)


@lru_cache(maxsize=8)
def _quarter(seed: int, number: int) -> _Quarter:
    """The quarter hour, between its neighbours."""
    values = _day(seed, number // _QUARTERS_A_DAY)
    place = number % _QUARTERS_A_DAY + 1
    tracks: list[_Track] = []
    for point in describe_office().points:
        if point.key not in COUNTERS and point.key != MAIN:
            before, here, after = values[point.key][place - 1 : place + 2]
            slope = 0.0 if point.quantity == "occupancy" else _gentle(before, here, after)
            low, high = (-math.inf if point.min_value is None else point.min_value), point.max_value or math.inf
            tracks.append(_Track(point.key, point.unit, here, slope, low, high))
    counters = [(key, values[key][place], values[key][place + 1]) for key in COUNTERS]
    return _Quarter(tracks, counters, _rides(seed, number))


@lru_cache(maxsize=3)
def _day(seed: int, day: int) -> dict[str, list[float]]:
    """The history of a UTC day by point, with the quarter hour before and the one after it."""
    first = day * _QUARTERS_A_DAY - 1
    start, end = (from_epoch_s(number * QUARTER_S) for number in (first, first + _QUARTERS_A_DAY + 2))
    keys = [point.key for point in describe_office().points]
    return wide(seed, start, end, keys, QUARTER_S).drop("time_us").to_dict(as_series=False)


def _gentle(before: float, here: float, after: float) -> float:
    """The slope over the quarter hour: none at a peak or in a trough, else the gentler of the two sides."""
    down, up = here - before, after - here
    return 0.0 if down * up <= 0 else math.copysign(min(abs(down), abs(up)), up)


def _rides(seed: int, number: int) -> list[float]:
    """How hard the lifts start in each slot, scaled so that the quarter hour keeps its mean."""
    thrown = [uniform_at(seed, "lift", number * _RIDES + slot) for slot in range(_RIDES)]
    starts = [0.5 + throw if throw > 0.25 else 0.0 for throw in thrown]
    pulse = sum(math.exp(-second / _FADE_S) for second in range(_RIDE_S))
    scale = 0.65 * QUARTER_S / (pulse * sum(starts)) if any(starts) else 0.0
    return [start * scale for start in starts]
