"""The demonstration: a synthetic office with 13 months of history and a live stream. Everything about it is labelled synthetic."""

import math
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta

import polars as pl

from ondol.common.access import SYSTEM
from ondol.common.errors import NotFound
from ondol.common.frames import groups_by, with_schema
from ondol.common.instants import SECOND_US, epoch_s, epoch_us, from_epoch_s
from ondol.common.tasks import Task
from ondol.history.aggregate_readings import buildings_by_id, old_intervals
from ondol.history.model import intervals_frame
from ondol.installation import Installation
from ondol.readings.model import READINGS, Submission
from ondol.simulation.history import history
from ondol.simulation.live import live
from ondol.simulation.office import describe_office
from ondol.sites.model import RAW_RESOLUTION_S, NewBuilding, Point, PointKind

SEED = 20_261
MONTHS = 13
DEMO_HISTORY = "13 months"
CHUNK = timedelta(days=7)
"""History is made newest first in parts of a week: the first page has data after seconds, the rest follows."""
_QUARTER = timedelta(seconds=RAW_RESOLUTION_S)
_LIVE_EVERY_S = 1.0
_FILL_EVERY_S = 0.5


def demo_tasks(ondol: Installation) -> list[Task]:
    """Create the office where it does not exist; what keeps it living."""
    points = create_office(ondol)
    now = ondol.clock()
    stream = LiveStream(ondol, _quarter(now))
    fill_until(ondol, points, _quarter(now))
    return [
        Task("demo history", _FILL_EVERY_S, lambda: fill_back(ondol, points, _quarter(now))),
        Task("demo live stream", _LIVE_EVERY_S, stream.advance),
    ]


def create_office(ondol: Installation) -> dict[str, Point]:
    """The office's points by key; building, spaces, tenants and points are made where they are missing."""
    office = describe_office()
    sites = ondol.sites
    try:
        sites.building(SYSTEM, office.key)
    except NotFound:
        named = {field.name: getattr(office, field.name) for field in fields(NewBuilding)}
        sites.create_building(SYSTEM, NewBuilding(**named))
        sites.create_tenants(SYSTEM, office.key, [tenant.new for tenant in office.tenants])
        sites.create_spaces(SYSTEM, office.key, office.spaces)
        mains_first = sorted(office.points, key=lambda point: point.submeter_of is not None)
        sites.create_points(SYSTEM, office.key, mains_first)
    return {point.key: point for point in sites.points(SYSTEM, office.key)}


def fill_until(ondol: Installation, points: dict[str, Point], end: datetime) -> None:
    """Make the week before `end`, or what is missing since the demonstration last ran."""
    known = _extent(ondol, points)
    start = end - CHUNK - timedelta(days=1)
    if known is not None:
        start = max(known[1], end - timedelta(days=30 * MONTHS))
    for first, last in _parts(start, end):
        _write(ondol, points, first, last)


def fill_back(ondol: Installation, points: dict[str, Point], end: datetime) -> None:
    """Make the newest week that history still lacks, until it covers 13 months; a part at a time leaves room for others."""
    known = _extent(ondol, points)
    oldest = end - timedelta(days=math.ceil(MONTHS * 30.5))
    newest = known[0] if known else end
    if newest > oldest:
        with ondol.imports.noted(next(iter(points.values())).building_key, DEMO_HISTORY):
            _write(ondol, points, max(newest - CHUNK, oldest), newest)


class LiveStream:
    """Readings of every second since the last call."""

    def __init__(self, ondol: Installation, since: datetime) -> None:
        self._ondol = ondol
        self._until = since

    def advance(self) -> None:
        """Record what the office measured since the last call, at most a quarter-hour at a time."""
        now = self._ondol.clock().replace(microsecond=0)
        start, self._until = max(self._until, now - _QUARTER), now
        frame = live(SEED, start, now)
        if frame.height:
            columns = (
                frame["point_key"].cast(pl.String).to_list(),
                frame["time_us"].to_list(),
                frame["value"].to_list(),
            )
            self._ondol.readings.record(SYSTEM, Submission(*columns, range(1, frame.height + 1)))


def _write(ondol: Installation, points: dict[str, Point], start: datetime, end: datetime) -> None:
    made = history(SEED, start, end + _QUARTER)
    ids = pl.DataFrame(
        [(key, point.id, point.kind is PointKind.MEASUREMENT) for key, point in points.items()],
        schema={"point_key": pl.String, "point_id": pl.Int32, "is_state": pl.Boolean},
        orient="row",
    )
    readings = made.with_columns(pl.col("point_key").cast(pl.String)).join(ids, on="point_key")
    end_us = epoch_us(end)
    by_id = {point.id: point for point in points.values()}
    states = readings.filter("is_state", pl.col("time_us") < end_us)
    counters = [
        old_intervals(by_id[point_id], _readings(rows))
        for (point_id,), rows in groups_by(readings.filter(~pl.col("is_state")), "point_id")
    ]
    ondol.history.records.write(pl.concat([_intervals(states), *counters]), by_id, buildings_by_id(ondol.sites.records))


def _readings(rows: pl.DataFrame) -> pl.DataFrame:
    return with_schema(rows.with_columns(pl.lit(0).alias("quality")), READINGS).sort("time_us")


def _intervals(states: pl.DataFrame) -> pl.DataFrame:
    return intervals_frame(states, start=pl.col("time_us") // SECOND_US, duration_s=RAW_RESOLUTION_S)


def _extent(ondol: Installation, points: dict[str, Point]) -> tuple[datetime, datetime] | None:
    main = next(point for point in points.values() if point.quantity == "electricity" and point.is_main_meter)
    found = ondol.history.records.extent([main.id]).get(main.id)
    return None if found is None else (from_epoch_s(found[0]), from_epoch_s(found[1]))


def _parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        yield start, min(start + CHUNK, end)
        start += CHUNK


def _quarter(instant: datetime) -> datetime:
    return from_epoch_s(epoch_s(instant) // RAW_RESOLUTION_S * RAW_RESOLUTION_S)
