"""Raw readings of registers become history: what they decide is decided again, however far back that goes."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ondol.common.frames import groups_by
from ondol.common.instants import DAY_US, HOUR_US, QUARTER_S, SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, RegisterMemory
from ondol.history.ports import HistoryRecords
from ondol.history.rules.metering import spans_of, windows_of
from ondol.history.rules.register_pace import Pace, rises_beyond, rounded_up, sustained_per_hour
from ondol.history.rules.register_reach import Reach, is_plain, reach_around
from ondol.readings.model import READINGS
from ondol.readings.ports import TimeSeries
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind

_QUIET_US = 8 * HOUR_US
_QUIET_WINDOWS = 32
_NEAR_US = HOUR_US
_POINTS_READ_TOGETHER = 200
_READ_BEFORE = (DAY_US, 4 * DAY_US, 16 * DAY_US)
_ALL_US = 1 << 60
_EVERYTHING = Reach(0, 0, _ALL_US)
_UNDECIDED = int(Quality.GLITCH | Quality.ESTIMATED)


@dataclass(frozen=True, slots=True)
class Aggregated:
    """Intervals of a register to store, and what is known of it when they are; None where nothing new is."""

    intervals: pl.DataFrame
    memory: RegisterMemory | None


def aggregate_registers(
    windows: pl.DataFrame, points: Mapping[int, Point], timeseries: TimeSeries, history: HistoryRecords
) -> dict[int, Aggregated]:
    """Intervals of the registers among the points that readings in the windows (`point_id`, `start`) have a say in.

    The result is that of all raw readings taken together, in whatever order and groups they came. Ordinary steps amid ordinary
    history are computed by themselves; around anything odd, everything back to the last run that is beyond doubt is; and when the
    register proves faster than was known, all that is raw.
    """
    ids = [point.id for point in points.values() if point.kind is PointKind.TOTAL_INCREASING]
    known = history.registers(ids)
    touched = windows.filter(pl.col("point_id").is_in(ids)).group_by("point_id")
    spans = touched.agg(pl.col("start").min().alias("first"), pl.col("start").max().alias("last"))
    aggregated: dict[int, Aggregated] = {}
    for (first, last), rows in groups_by(spans, "first", "last"):
        first_us, last_us = first * SECOND_US, last * SECOND_US + RAW_RESOLUTION_US
        for part in rows["point_id"].sort().to_frame().iter_slices(_POINTS_READ_TOGETHER):
            together = {point_id: points[point_id] for point_id in part["point_id"]}
            plain = _plain_ways(together, first_us, last_us, known, timeseries, history)
            for point_id, point in together.items():
                memory = known.get(point_id)
                readings, reach = (
                    plain.get(point_id)
                    or _way_to_settled_runs(point, first_us, last_us, memory, timeseries)
                    or _all_there_is(point, memory, timeseries, history)
                )
                aggregated[point_id] = _aggregate(point, readings, reach, memory)
    return aggregated


def _aggregate(point: Point, readings: pl.DataFrame, reach: Reach, known: RegisterMemory | None) -> Aggregated:
    if readings.is_empty():
        return Aggregated(pl.DataFrame(schema=INTERVALS), None)
    # What was learnt while readings were missing is unlearnt when all that there ever were are at hand.
    before = None if reach == _EVERYTHING else _fastest(known)
    learnt = max(before or 0.0, sustained_per_hour(readings) or 0.0) or None
    spans = spans_of(point, readings, learnt)
    begin_s, end_s = reach.begin_us // RAW_RESOLUTION_US * RAW_RESOLUTION_S, -(-reach.end_us // SECOND_US)
    intervals = windows_of(point, spans).filter(pl.col("start") >= begin_s, pl.col("start") < end_s)
    return Aggregated(intervals, _remembered(known, learnt, _newest_true(readings, spans)))


def _fastest(known: RegisterMemory | None) -> float | None:
    return known.fastest_per_hour if known else None


def _plain_ways(
    points: Mapping[int, Point], first_us: int, last_us: int, known: Mapping[int, RegisterMemory], timeseries: TimeSeries,
    history: HistoryRecords,
) -> dict[int, tuple[pl.DataFrame, Reach]]:  # fmt: skip
    """Of the points whose windows are ordinary, the readings that they hang on."""
    ids = list(points)
    newest = dict(timeseries.latest(ids, _ALL_US).select("point_id", "time_us").iter_rows())
    low_us, high_us = first_us - 2 * _NEAR_US, last_us + _NEAR_US
    around = history.read(ids, (low_us - _QUIET_US) // SECOND_US, (high_us + _QUIET_US) // SECOND_US, only_values=True)
    quiet = _quiet_before(around, first_us)
    found: dict[int, tuple[pl.DataFrame, Reach]] = {}
    for (point_id,), readings in groups_by(timeseries.read(ids, low_us, high_us), "point_id"):
        if point_id in quiet:
            way = _plain_way(
                points[point_id], readings.sort("time_us"), first_us, last_us, newest[point_id],
                _fastest(known.get(point_id)), counted=quiet[point_id] > 0,
            )  # fmt: skip
            if way is not None:
                found[point_id] = way
    return found


def _quiet_before(around: pl.DataFrame, first_us: int) -> dict[int, float]:
    """What was counted in the hours before, by the points of which all the history around is good and fine enough."""
    is_before = (pl.col("start") < first_us // SECOND_US) & (pl.col("duration_s") == QUARTER_S)
    is_good = (pl.col("quality") & ~pl.lit(int(Quality.PARTIAL), pl.UInt16)) == 0
    sums = around.group_by("point_id").agg(
        is_good.all().alias("good"), is_before.sum().alias("windows"), pl.col("value").filter(is_before).sum()
    )
    fine = sums.filter(pl.col("good"), pl.col("windows") >= _QUIET_WINDOWS)
    return dict(fine.select("point_id", "value").iter_rows())


def _plain_way(
    point: Point, readings: pl.DataFrame, first_us: int, last_us: int, newest_us: int, fastest: float | None, *, counted: bool
) -> tuple[pl.DataFrame, Reach] | None:  # fmt: skip
    """The readings between the neighbours of the windows, when they are ordinary steps on."""
    time_us = readings["time_us"]
    before, after = time_us.filter(time_us < first_us), time_us.filter(time_us >= last_us)
    if before.is_empty() or before[-1] < first_us - _NEAR_US or (after.is_empty() and newest_us >= last_us):
        return None
    begin_us, end_us = int(before[-1]), int(after[0]) if after.len() else last_us
    readings = readings.filter(pl.col("time_us") <= end_us)
    rests = readings["value"].n_unique() == 1
    if not rests and not (counted and _fits(point, readings, fastest)):
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
    point: Point, first_us: int, last_us: int, known: RegisterMemory | None, timeseries: TimeSeries
) -> tuple[pl.DataFrame, Reach] | None:
    """The readings from the settled run before the windows on, unless there are newer ones than those in the windows."""
    fastest = _fastest(known)
    is_late = timeseries.next_after(point.id, last_us) is not None
    if is_late or (not fastest and point.max_per_hour is None):
        return None
    for before_us in _READ_BEFORE:
        readings = timeseries.read([point.id], first_us - before_us, last_us)
        if readings.is_empty() or (point.max_per_hour is None and _is_faster(readings, fastest)):
            return None
        pace = Pace.learnt(readings, fastest, point.max_per_hour)
        if point.max_per_hour is None and rises_beyond(readings, pace, first_us, last_us):
            return None
        reach = reach_around(readings, pace, first_us, last_us)
        if reach is not None:
            return readings.filter(pl.col("time_us") >= reach.from_us), reach
    return None


def _all_there_is(
    point: Point, known: RegisterMemory | None, timeseries: TimeSeries, history: HistoryRecords
) -> tuple[pl.DataFrame, Reach]:
    """All raw readings, after the newest true one that is remembered from before them."""
    readings = timeseries.read([point.id], 0, _ALL_US)
    if readings.is_empty():
        return readings, _EVERYTHING
    first_us = begin_us = int(readings["time_us"][0])
    window_us = first_us // RAW_RESOLUTION_US * RAW_RESOLUTION_US
    extent = history.extent([point.id]).get(point.id)
    is_first = extent is None or extent[0] * SECOND_US >= window_us
    if is_first and (known is None or known.last_us >= first_us):
        return readings, _EVERYTHING
    if known is not None and known.last_us < first_us:
        # From the end of its window on: the part before it was stored when its reading was raw.
        begin_us = -(-known.last_us // RAW_RESOLUTION_US) * RAW_RESOLUTION_US
        remembered = {"point_id": [point.id], "time_us": [begin_us], "value": [known.last_value], "quality": [0]}
        if begin_us < first_us:
            readings = pl.concat([pl.DataFrame(remembered, schema=READINGS), readings])
    elif not is_first:
        # The window of the first reading was stored whole, with readings that are gone.
        begin_us = window_us + RAW_RESOLUTION_US
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
