"""`HistoryRecords` on `sensor_data` and `energy_usage`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import polars as pl
from sqlalchemy import BigInteger, Connection, delete, func, select
from sqlalchemy import cast as as_type

from ondol.common.frames import largest, smallest
from ondol.common.instants import from_epoch_s
from ondol.database.engine import Database, wait_for_turn
from ondol.database.upsert import upsert
from ondol.history.model import RegisterMemory
from ondol.history.sql.intervals import SHIFT, partitions_of, read_intervals
from ondol.history.sql.partitions import Partitions
from ondol.history.sql.repair_layers import forget_beneath, lay, lay_all, lift_touched, read_as_computed, without_known
from ondol.history.sql.usage import refresh_usage
from ondol.history.sql.virtual_points import carry_on, carry_on_all, is_due, reckon_due
from ondol.history.sql.writing import make_room, store
from ondol.history.tables import EnergyUsageRow, RegisterRow, SensorDataRow
from ondol.sites.model import Building, Point
from ondol.sites.tables import BuildingRow, PointRow

_IDS_A_QUERY = 500
_REGISTER_COLUMNS = ("point_id", "fastest_per_hour", "last_us", "last_value")


class SqlHistory:
    """Intervals and usage in the relational database."""

    def __init__(self, database: Database, on_write: Callable[[set[int]], None] = lambda _: None) -> None:
        """`on_write` is told the ids of the buildings whose history changed, after each commit."""
        self._database = database
        self._on_write = on_write
        self._partitions = Partitions(database)

    def write(self, intervals: pl.DataFrame, points: Mapping[int, Point], buildings: Mapping[int, Building]) -> None:
        if intervals.is_empty():
            return
        intervals = intervals.unique(["point_id", "start"], keep="last", maintain_order=True).sort("point_id", "start")
        self._partitions.make(*_months(intervals))
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            points = as_they_are(connection, points, intervals["point_id"].unique().to_list())
            intervals = without_known(connection, intervals.filter(pl.col("point_id").is_in(list(points))))
            if intervals.is_empty():
                return
            lifted = lift_touched(connection, intervals, points)
            left = make_room(connection, intervals, points)
            store(connection, pl.concat([intervals, left]), points)
            laid = [
                lay(connection, points[point_id], buildings[points[point_id].building_id], group)
                for point_id, group in lifted.items()
            ]
            changed = pl.concat([intervals, left, *laid])
            refresh_usage(connection, changed, points, buildings)
            carry_on(connection, changed, buildings)
        self._on_write({points[point_id].building_id for point_id in intervals["point_id"].unique()})

    def replace(self, point: Point, intervals: pl.DataFrame, buildings: Mapping[int, Building]) -> None:
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            base = point.id * SHIFT
            connection.execute(delete(SensorDataRow).where(SensorDataRow.id.between(base, base + SHIFT - 1)))
            connection.execute(delete(EnergyUsageRow).where(EnergyUsageRow.point_id == point.id))
            forget_beneath(connection, point.id)
            if intervals.height:
                store(connection, intervals, {point.id: point})
            laid = lay_all(connection, point, buildings[point.building_id])
            if (changed := pl.concat([intervals, *laid])).height:
                refresh_usage(connection, changed, {point.id: point}, buildings)
            carry_on_all(connection, point, buildings)
        self._on_write({point.building_id})

    def reckon_due(self, buildings: Callable[[], Mapping[int, Building]]) -> None:
        with self._database.read() as connection:
            if not is_due(connection):
                return
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            changed = reckon_due(connection, buildings())
        self._on_write(changed)

    def read(self, point_ids: Sequence[int], start_s: int, end_s: int, *, only_values: bool = False) -> pl.DataFrame:
        with self._database.read() as connection:
            return read_intervals(connection, point_ids, start_s, end_s, only_values=only_values)

    def read_computed(self, point_id: int, start_s: int, end_s: int) -> pl.DataFrame:
        with self._database.read() as connection:
            return read_as_computed(connection, point_id, start_s, end_s)

    def usage(self, point_ids: Sequence[int], period: str, first: date, last: date) -> pl.DataFrame:
        row = EnergyUsageRow
        query = (
            select(row.point_id, row.period_start, row.usage, row.measured_s, row.quality)
            .where(row.point_id.in_(point_ids), row.period == period, row.period_start.between(first, last))
            .order_by(row.point_id, row.period_start)
        )
        schema = {
            "point_id": pl.Int32,
            "period_start": pl.Date,
            "usage": pl.Float64,
            "measured_s": pl.Float64,
            "quality": pl.UInt16,
        }
        with self._database.read() as connection:
            return pl.DataFrame(connection.execute(query).all(), schema=schema, orient="row")

    def extent(self, point_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        row, point = SensorDataRow, PointRow
        base = as_type(point.id, BigInteger) * SHIFT
        of_point = select(row.id).where(row.id.between(base, base + SHIFT - 1)).correlate(point).limit(1)
        first = of_point.order_by(row.id).scalar_subquery()
        last = of_point.order_by(row.id.desc()).scalar_subquery()
        ends = select(point.id.label("point_id"), first.label("first"), last.label("last"))
        found: dict[int, tuple[int, int]] = {}
        with self._database.read() as connection:
            for ids in _chunks(point_ids):
                bounds = ends.where(point.id.in_(ids)).subquery()
                query = select(bounds.c.point_id, bounds.c.first, bounds.c.last, row.duration_s).join(
                    row, row.id == bounds.c.last
                )
                for point_id, first_id, last_id, duration_s in connection.execute(query):
                    found[point_id] = first_id % SHIFT, last_id % SHIFT + (duration_s or 0)
        return found

    def last_end(self, building_ids: Sequence[int]) -> dict[int, int]:
        row, building = SensorDataRow, BuildingRow
        newest = (
            select(row.recorded_at).where(row.building_id == building.id).correlate(building)
            .order_by(row.recorded_at.desc()).limit(1).scalar_subquery()
        )  # fmt: skip
        found: dict[int, int] = {}
        with self._database.read() as connection:
            for ids in _chunks(building_ids):
                starts = select(building.id.label("building_id"), newest.label("start")).where(building.id.in_(ids))
                last = starts.subquery()
                query = (
                    select(last.c.building_id, last.c.start, func.max(row.duration_s))
                    .join(row, (row.building_id == last.c.building_id) & (row.recorded_at == last.c.start))
                    .group_by(last.c.building_id, last.c.start)
                )
                for building_id, start_s, duration_s in connection.execute(query):
                    found[building_id] = start_s + (duration_s or 0)
        return found

    def coverage(self, point_ids: Sequence[int], start_s: int, end_s: int) -> pl.DataFrame:
        row, point = SensorDataRow, PointRow
        base = as_type(point.id, BigInteger) * SHIFT
        measured_s = func.sum(row.duration_s * func.coalesce(row.measured_share, 1.0))
        query = (
            select(row.point_id, row.quality, func.count(), measured_s)
            .join_from(point, row, row.id.between(base + start_s, base + end_s - 1))
            .where(point.id.in_(point_ids), *partitions_of(self._database.dialect, start_s, end_s))
            .group_by(row.point_id, row.quality)
        )
        schema = {"point_id": pl.Int32, "quality": pl.UInt16, "intervals": pl.Int64, "measured_s": pl.Float64}
        with self._database.read() as connection:
            return pl.DataFrame(connection.execute(query).all(), schema=schema, orient="row")

    def registers(self, point_ids: Sequence[int]) -> dict[int, RegisterMemory]:
        row = RegisterRow
        query = select(row.point_id, row.fastest_per_hour, row.last_us, row.last_value)
        known: dict[int, RegisterMemory] = {}
        with self._database.read() as connection:
            for ids in _chunks(point_ids):
                for point_id, fastest, last_us, last_value in connection.execute(query.where(row.point_id.in_(ids))):
                    known[point_id] = RegisterMemory(fastest, last_us, last_value)
        return known

    def remember_registers(self, known: Mapping[int, RegisterMemory]) -> None:
        rows = [(point_id, m.fastest_per_hour, m.last_us, m.last_value) for point_id, m in known.items()]
        if rows:
            with self._database.write() as connection:
                wait_for_turn(connection, "history")
                there = set(connection.scalars(select(PointRow.id).where(PointRow.id.in_(list(known)))))
                rows = [row for row in rows if row[0] in there]
                upsert(connection, RegisterRow, _REGISTER_COLUMNS, rows, ["point_id"])


def as_they_are(connection: Connection, points: Mapping[int, Point], ids: Sequence[int]) -> dict[int, Point]:
    """The points that still exist, where they belong by now: one may have moved or gone since its intervals were computed."""
    row, found = PointRow, dict[int, Point]()
    query = select(row.id, row.building_id, row.quantity, row.unit)
    for some in _chunks(ids):
        for point_id, building_id, quantity, unit in connection.execute(query.where(row.id.in_(some))):
            point = points[point_id]
            if (point.building_id, point.quantity, point.unit) != (building_id, quantity, unit):
                point = replace(point, building_id=building_id, quantity=quantity, unit=unit)
            found[point_id] = point
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[n : n + _IDS_A_QUERY] for n in range(0, len(ids), _IDS_A_QUERY))


def _months(intervals: pl.DataFrame) -> tuple[datetime, datetime]:
    return from_epoch_s(smallest(intervals["start"])), from_epoch_s(largest(intervals["start"]))
