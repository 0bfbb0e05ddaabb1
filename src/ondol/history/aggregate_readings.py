"""Raw readings become history: the windows that readings touched are computed again and stored."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from ondol.common.frames import groups_by, largest, smallest
from ondol.common.instants import MINUTE_S, SECOND_US
from ondol.history.aggregate_registers import aggregate_registers
from ondol.history.known_stands import with_known_stands
from ondol.history.model import LONGEST_INTERVAL_S, RegisterMemory, intervals_frame
from ondol.history.ports import HistoryRecords
from ondol.history.rules.intervals import in_pieces
from ondol.history.rules.metering import LONGEST_HOLD_US, intervals_of, spans_of, usual_spacing_us
from ondol.readings.model import deduplicated
from ondol.readings.ports import TimeSeries
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Building, Point, PointKind
from ondol.sites.ports import KnownPoints, SiteRecords

_POINTS_READ_TOGETHER = 200
_READINGS_THAT_TELL_SPACING = 60
SHORTEST_KEPT_S = MINUTE_S
"""Old readings at least this far apart keep their own resolution; closer ones become quarters of an hour."""


def aggregate_readings(timeseries: TimeSeries, history: HistoryRecords, sites: KnownPoints) -> int:
    """Bring history up to date with the raw readings. Returns how many windows were touched.

    Late and repeated readings re-aggregate what they touch. A crash at any point only means doing it again.
    """
    history.reckon_due(lambda: buildings_by_id(sites))
    windows = timeseries.touched()
    if windows.is_empty():
        return 0
    points = sites.points_by_id(windows["point_id"].unique().to_list())
    registers = aggregate_registers(windows, points, timeseries, history)
    computed = [
        *_measurements(windows, points, timeseries),
        *(
            _total(points[point_id], rows["start"], timeseries)
            for (point_id,), rows in groups_by(windows, "point_id")
            if point_id in points and points[point_id].kind is PointKind.TOTAL
        ),
        *(aggregated.intervals for aggregated in registers.values()),
    ]
    if computed:
        history.write(pl.concat(computed), points, buildings_by_id(sites))
    history.remember_registers({point_id: a.memory for point_id, a in registers.items() if a.memory})
    timeseries.forget(windows)
    return windows.height


def _measurements(windows: pl.DataFrame, points: Mapping[int, Point], timeseries: TimeSeries) -> Iterator[pl.DataFrame]:
    """Intervals of the measurements among the points; those that were touched over the same time are read together."""
    measured = [point.id for point in points.values() if not point.is_additive]
    touched = windows.filter(pl.col("point_id").is_in(measured)).group_by("point_id")
    spans = touched.agg(pl.col("start").min().alias("first"), pl.col("start").max().alias("last"))
    for (first, last), rows in groups_by(spans, "first", "last"):
        first_us, end_us = first * SECOND_US, last * SECOND_US + RAW_RESOLUTION_US
        for part in rows["point_id"].sort().to_frame().iter_slices(_POINTS_READ_TOGETHER):
            readings = _around(part["point_id"].to_list(), first_us, end_us, timeseries)
            for (point_id,), of_point in groups_by(readings, "point_id"):
                yield _in_reach(points[point_id], of_point.sort("time_us"), first_us, end_us)


def _around(point_ids: list[int], first_us: int, end_us: int, timeseries: TimeSeries) -> pl.DataFrame:
    """Readings of the windows and of what holds into or out of them."""
    until_us = end_us + LONGEST_HOLD_US + RAW_RESOLUTION_US
    inside = timeseries.read(point_ids, first_us, until_us)
    many = inside.group_by("point_id").len().filter(pl.col("len") >= _READINGS_THAT_TELL_SPACING)["point_id"].to_list()
    few = [point_id for point_id in point_ids if point_id not in set(many)]
    # Many readings tell their spacing by themselves: then only the one that holds into the first window is needed.
    before = timeseries.latest(many, first_us).filter(pl.col("time_us") >= first_us - LONGEST_HOLD_US)
    earlier = timeseries.read(few, first_us - LONGEST_HOLD_US, first_us)
    return pl.concat([before, earlier, inside])


def _in_reach(point: Point, readings: pl.DataFrame, first_us: int, end_us: int) -> pl.DataFrame:
    """Intervals of one measurement from its first touched window to where the last touched reading ceases to hold."""
    after = readings.filter(pl.col("time_us") >= end_us)["time_us"]
    high_us = min(int(after[0]), end_us + LONGEST_HOLD_US) if after.len() else end_us
    computed = intervals_of(point, readings.filter(pl.col("time_us") < high_us + RAW_RESOLUTION_US))
    begin, end = first_us // SECOND_US, -(-high_us // RAW_RESOLUTION_US) * RAW_RESOLUTION_S
    return computed.filter(pl.col("start") >= begin, pl.col("start") < end)


def _total(point: Point, starts: pl.Series, timeseries: TimeSeries) -> pl.DataFrame:
    """Intervals of one total that readings in the windows have a share of."""
    length_us = (point.interval_s or RAW_RESOLUTION_S) * SECOND_US
    low_us, high_us = smallest(starts) * SECOND_US, largest(starts) * SECOND_US + RAW_RESOLUTION_US + length_us
    # A reading before the windows may reach into them with its own interval.
    computed = intervals_of(point, timeseries.read([point.id], low_us - length_us, high_us + RAW_RESOLUTION_US))
    begin, end = low_us // SECOND_US, -(-high_us // RAW_RESOLUTION_US) * RAW_RESOLUTION_S
    return computed.filter(pl.col("start") >= begin, pl.col("start") < end)


def record_old_readings(
    history: HistoryRecords, sites: SiteRecords
) -> Callable[[pl.DataFrame, Mapping[int, Point]], None]:
    """Storing readings that are older than raw ones are kept: they go straight into history."""

    def record(readings: pl.DataFrame, points: Mapping[int, Point]) -> None:
        computed = [
            old_intervals(points[point_id], _with_stands(points[point_id], rows, history))
            for (point_id,), rows in groups_by(deduplicated(readings), "point_id", maintain_order=True)
        ]
        history.write(pl.concat(computed), points, buildings_by_id(sites))
        registers = {id_: point for id_, point in points.items() if point.kind is PointKind.TOTAL_INCREASING}
        history.remember_registers(_newer_stands(pl.concat(computed), registers, history))

    return record


def _newer_stands(
    computed: pl.DataFrame, registers: Mapping[int, Point], history: HistoryRecords
) -> dict[int, RegisterMemory]:
    """The last stands of old readings, where no newer one is known: what is raw counts on from there."""
    known = history.registers(list(registers))
    stands = computed.drop_nulls("value_last").filter(pl.col("point_id").is_in(list(registers)))
    ends = stands.select("point_id", end=pl.col("start") + pl.col("duration_s"), stand="value_last").sort("end")
    found: dict[int, RegisterMemory] = {}
    for point_id, end_s, stand in ends.group_by("point_id").last().iter_rows():
        before, last_us = (
            known.get(point_id),
            end_s * SECOND_US - 1,
        )  # within the interval, for a raw reading may stand at its end
        if before is None or before.last_us < last_us:
            found[point_id] = RegisterMemory(before.fastest_per_hour if before else None, last_us, stand)
    return found


def _with_stands(point: Point, readings: pl.DataFrame, history: HistoryRecords) -> pl.DataFrame:
    return with_known_stands(point, readings, history) if point.kind is PointKind.TOTAL_INCREASING else readings


def old_intervals(point: Point, readings: pl.DataFrame) -> pl.DataFrame:
    """Intervals of one point's readings at their own resolution, or by quarter-hour when they are closer than a minute.

    What covers more than a day is kept by the day.
    """
    spacing_us = point.interval_s * SECOND_US if point.interval_s else usual_spacing_us(readings)
    if spacing_us is None or spacing_us < SHORTEST_KEPT_S * SECOND_US or not _whole_seconds(readings):
        return intervals_of(point, readings)
    spans = spans_of(point, readings)
    if point.is_additive:
        spans = in_pieces(spans, LONGEST_INTERVAL_S * SECOND_US)
    return intervals_frame(
        spans,
        point_id=point.id,
        start=pl.col("start") // SECOND_US,
        duration_s=(pl.col("end") - pl.col("start")) // SECOND_US,
        value=pl.col("amount" if point.is_additive else "value"),
        value_last=pl.col("value") if point.kind is PointKind.TOTAL_INCREASING else None,
    )


def _whole_seconds(readings: pl.DataFrame) -> bool:
    return bool((readings["time_us"] % SECOND_US == 0).all())


def buildings_by_id(sites: KnownPoints) -> dict[int, Building]:
    """All buildings by their id."""
    return {building.id: building for building in sites.buildings()}
