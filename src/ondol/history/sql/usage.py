"""Keeps `energy_usage` equal to what `sensor_data` adds up to, per local day and month."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import Connection, delete, select

from ondol.common.calendar import midnight
from ondol.common.instants import epoch_s
from ondol.database.upsert import upsert
from ondol.history.rules.intervals import Resolution, calendar_edges
from ondol.history.rules.usage import usage_by_bin
from ondol.history.sql.intervals import read_intervals
from ondol.history.tables import EnergyUsageRow
from ondol.sites.model import Building, Point

_COLUMNS = ("building_id", "point_id", "quantity", "period", "period_start", "usage", "unit", "measured_s", "quality")
_KEY = ("point_id", "period", "period_start")


def refresh_usage(
    connection: Connection, changed: pl.DataFrame, points: Mapping[int, Point], buildings: Mapping[int, Building]
) -> None:
    """Compute the days and months again that the changed intervals touch."""
    for (building_id, first, last), point_ids in _touched_days(changed, points, buildings).items():
        meters = {point_id: points[point_id] for point_id in point_ids}
        _write_days(connection, meters, buildings[building_id], first, last)
        _write_months(connection, meters, first, last)


def _touched_days(
    changed: pl.DataFrame, points: Mapping[int, Point], buildings: Mapping[int, Building]
) -> dict[tuple[int, date, date], list[int]]:
    ranges = changed.group_by("point_id").agg(
        pl.col("start").min().alias("first"), (pl.col("start") + pl.col("duration_s")).max().alias("last")
    )
    touched: dict[tuple[int, date, date], list[int]] = defaultdict(list)
    for point_id, first, last in ranges.iter_rows():
        point = points[point_id]
        if point.usage_unit:
            zone = buildings[point.building_id].zone
            days = datetime.fromtimestamp(first, zone).date(), datetime.fromtimestamp(last - 1, zone).date()
            touched[point.building_id, *days].append(point_id)
    return touched


def _write_days(
    connection: Connection, meters: Mapping[int, Point], building: Building, first: date, last: date
) -> None:
    start_s = epoch_s(midnight(first, building.zone))
    end_s = epoch_s(midnight(last + timedelta(days=1), building.zone))
    edges = calendar_edges(start_s, end_s, Resolution.DAY, building.zone)
    intervals = read_intervals(connection, list(meters), start_s, end_s)
    days = [first + timedelta(days=n) for n in range(len(edges) - 1)]
    bins = usage_by_bin(intervals, meters, edges)
    rows = [
        _row(meters[point_id], "day", days[n], usage, measured_s, quality)
        for point_id, n, usage, measured_s, quality in bins.iter_rows()
    ]
    _write(connection, list(meters), "day", (first, last), rows)


def _write_months(connection: Connection, meters: Mapping[int, Point], first: date, last: date) -> None:
    row = EnergyUsageRow
    since, until = first.replace(day=1), _next_month(last) - timedelta(days=1)
    days = select(row.point_id, row.period_start, row.usage, row.measured_s, row.quality).where(
        row.point_id.in_(list(meters)), row.period == "day", row.period_start.between(since, until)
    )
    months: dict[tuple[int, date], tuple[float, float, int]] = defaultdict(lambda: (0.0, 0.0, 0))
    for point_id, day, usage, measured_s, quality in connection.execute(days):
        key = point_id, day.replace(day=1)
        sum_usage, sum_measured_s, flags = months[key]
        months[key] = sum_usage + usage, sum_measured_s + measured_s, flags | quality
    rows = [_row(meters[point_id], "month", month, *sums) for (point_id, month), sums in months.items()]
    _write(connection, list(meters), "month", (since, until), rows)


def _write(
    connection: Connection, point_ids: list[int], period: str, bounds: tuple[date, date], rows: list[tuple[object, ...]]
) -> None:
    """Write the periods between the bounds; those of which nothing is known any more are dropped."""
    row = EnergyUsageRow
    there = select(row.point_id, row.period_start, row.id).where(
        row.point_id.in_(point_ids), row.period == period, row.period_start.between(*bounds)
    )
    known = {(point_id, start) for _, point_id, _, _, start, *_ in rows}
    gone = [number for point_id, start, number in connection.execute(there) if (point_id, start) not in known]
    for n in range(0, len(gone), 500):
        connection.execute(delete(row).where(row.id.in_(gone[n : n + 500])))
    upsert(connection, row, _COLUMNS, rows, _KEY)


def _row(point: Point, period: str, start: date, usage: float, measured_s: float, quality: int) -> tuple[object, ...]:
    return (
        point.building_id, point.id, point.quantity, period, start, usage, point.usage_unit, measured_s, quality,
    )  # fmt: skip


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
