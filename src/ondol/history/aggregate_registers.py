"""Raw readings of registers become history: what they decide is decided again, however far back that goes."""

from dataclasses import dataclass

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.common.instants import DAY_US, HOUR_US, QUARTER_S, SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, RegisterMemory
from ondol.history.ports import HistoryRecords
from ondol.history.rules.metering import spans_of, windows_of
from ondol.history.rules.register_pace import Pace, rises_beyond, rounded_up, sustained_per_hour
from ondol.history.rules.register_reach import Reach, is_plain, reach_around
from ondol.readings.model import READINGS
from ondol.readings.ports import TimeSeries
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point

_QUIET_US = 8 * HOUR_US
_QUIET_WINDOWS = 32
_READ_AROUND = (DAY_US, 4 * DAY_US, 16 * DAY_US)
_ALL_US = 1 << 60
_UNDECIDED = int(Quality.GLITCH | Quality.ESTIMATED)


@dataclass(frozen=True, slots=True)
class Aggregated:
    """Intervals of a register to store, and what is known of it when they are; None where nothing new is."""

    intervals: pl.DataFrame
    memory: RegisterMemory | None


def aggregate_register(
    point: Point, starts: pl.Series, known: RegisterMemory | None, timeseries: TimeSeries, history: HistoryRecords
) -> Aggregated:
    """Intervals that readings in the windows (epoch seconds) have a say in.

    The result is that of all raw readings taken together, in whatever order and groups they came. Ordinary steps amid ordinary
    history are computed by themselves; around anything odd, everything back to the last run that is beyond doubt is; and when the
    register proves faster than was known, all that is raw.
    """
    first_us, last_us = smallest(starts) * SECOND_US, largest(starts) * SECOND_US + RAW_RESOLUTION_US
    fastest = known.fastest_per_hour if known else None
    readings, reach = (
        _plain_way(point, first_us, last_us, fastest, timeseries, history)
        or _way_to_settled_runs(point, first_us, last_us, fastest, timeseries)
        or _all_there_is(point, known, timeseries, history)
    )
    if readings.is_empty():
        return Aggregated(pl.DataFrame(schema=INTERVALS), None)
    learnt = max(fastest or 0.0, sustained_per_hour(readings) or 0.0) or None
    spans = spans_of(point, readings, learnt)
    begin_s, end_s = reach.begin_us // RAW_RESOLUTION_US * RAW_RESOLUTION_S, -(-reach.end_us // SECOND_US)
    intervals = windows_of(point, spans).filter(pl.col("start") >= begin_s, pl.col("start") < end_s)
    return Aggregated(intervals, _remembered(known, learnt, _newest_true(readings, spans)))


def _plain_way(
    point: Point, first_us: int, last_us: int, fastest: float | None, timeseries: TimeSeries, history: HistoryRecords
) -> tuple[pl.DataFrame, Reach] | None:
    """The readings between the neighbours of the windows, when they and hours of history around are ordinary."""
    before = timeseries.latest([point.id], first_us)
    if before.is_empty():
        return None
    begin_us = int(before["time_us"][0])
    after_us = timeseries.next_after(point.id, last_us)
    end_us = last_us if after_us is None else after_us
    around = history.read(
        [point.id], (first_us - _QUIET_US) // SECOND_US, (end_us + _QUIET_US) // SECOND_US, only_values=True
    )
    earlier = around.filter(pl.col("start") < first_us // SECOND_US, pl.col("duration_s") == QUARTER_S)
    is_quiet = not around.select((pl.col("quality") & ~int(Quality.PARTIAL) & 0xFF).any()).item()
    if not is_quiet or earlier.height < _QUIET_WINDOWS:
        return None
    readings = timeseries.read([point.id], begin_us - HOUR_US, end_us + 1)
    rests = readings["value"].n_unique() == 1
    if not rests and (earlier["value"].sum() <= 0 or not _fits(point, readings, fastest)):
        return None
    # The last window ends where its next reading is: what passes over that edge belongs to both.
    return readings, Reach(begin_us, begin_us, -(-end_us // RAW_RESOLUTION_US) * RAW_RESOLUTION_US)


def _fits(point: Point, readings: pl.DataFrame, fastest: float | None) -> bool:
    """Whether the readings are plain by what is known already, and teach nothing new."""
    if not fastest and point.max_per_hour is None:
        return False
    return not _is_faster(readings, fastest) and is_plain(readings, Pace.learnt(readings, fastest, point.max_per_hour))


def _is_faster(readings: pl.DataFrame, fastest: float | None) -> bool:
    seen = sustained_per_hour(readings)
    return seen is not None and rounded_up(seen) > rounded_up(fastest or 0.0)


def _way_to_settled_runs(
    point: Point, first_us: int, last_us: int, fastest: float | None, timeseries: TimeSeries
) -> tuple[pl.DataFrame, Reach] | None:
    """The readings from the settled run before the windows to that after them, or to the newest reading."""
    if not fastest and point.max_per_hour is None:
        return None
    for around_us in _READ_AROUND:
        readings = timeseries.read([point.id], first_us - around_us, last_us + around_us)
        if readings.is_empty() or (point.max_per_hour is None and _is_faster(readings, fastest)):
            return None
        pace = Pace.learnt(readings, fastest, point.max_per_hour)
        if point.max_per_hour is None and rises_beyond(readings, pace, first_us, last_us):
            return None
        is_newest = timeseries.next_after(point.id, last_us + around_us) is None
        reach = reach_around(readings, pace, first_us, last_us, is_newest=is_newest)
        if reach is not None:
            return readings.filter(pl.col("time_us") >= reach.from_us), reach
    return None


def _all_there_is(
    point: Point, known: RegisterMemory | None, timeseries: TimeSeries, history: HistoryRecords
) -> tuple[pl.DataFrame, Reach]:
    """All raw readings, after the newest true one that is remembered from before them."""
    readings = timeseries.read([point.id], 0, _ALL_US)
    if readings.is_empty():
        return readings, Reach(0, 0, 0)
    first_us = begin_us = int(readings["time_us"][0])
    if known is not None and known.last_us < first_us:
        # From the end of its window on: the part before it was stored when its reading was raw.
        begin_us = -(-known.last_us // RAW_RESOLUTION_US) * RAW_RESOLUTION_US
        remembered = {"point_id": [point.id], "time_us": [begin_us], "value": [known.last_value], "quality": [0]}
        if begin_us < first_us:
            readings = pl.concat([pl.DataFrame(remembered, schema=READINGS), readings])
    elif (
        point.id in (extent := history.extent([point.id]))
        and extent[point.id][0] * SECOND_US < first_us - RAW_RESOLUTION_US
    ):
        # The window of the first reading was stored whole, with readings that are gone.
        begin_us = (first_us // RAW_RESOLUTION_US + 1) * RAW_RESOLUTION_US
    return readings, Reach(begin_us, begin_us, _ALL_US)


def _newest_true(readings: pl.DataFrame, spans: pl.DataFrame) -> tuple[int, float] | None:
    """Time and value of the last reading that is not waiting for a decision."""
    if readings.height == 1:
        return int(readings["time_us"][0]), float(readings["value"][0])
    true = spans.filter((pl.col("quality") & _UNDECIDED) != _UNDECIDED).tail(1)
    return (int(true["end"][0]), float(true["value"][0])) if true.height else None


def _remembered(
    known: RegisterMemory | None, fastest: float | None, newest: tuple[int, float] | None
) -> RegisterMemory | None:
    if known is None:
        return RegisterMemory(fastest, *newest) if newest else None
    last = (known.last_us, known.last_value)
    # What was remembered last may have been taken back by a later reading, but only where that is raw still.
    memory = RegisterMemory(fastest, *(newest if newest and newest[0] >= known.last_us else last))
    return memory if memory != known else None
