"""`PointRecords` on the relational database. Who writes history waits for its turn, as all do who write it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, exists, select, update

from ondol.database.engine import Database, wait_for_turn
from ondol.history.model import RepairAction
from ondol.history.sql.intervals import SHIFT, read_intervals
from ondol.history.sql.repair_layers import forget_beneath, lay_all, lift, read_as_computed, read_repairs
from ondol.history.sql.usage import refresh_usage
from ondol.history.sql.virtual_points import carry_on_all
from ondol.history.sql.writing import store
from ondol.history.tables import EnergyUsageRow, RegisterRow, RepairRow, SensorDataRow
from ondol.points.model import MergePlan, Merging
from ondol.points.rules import converted, left_over
from ondol.points.sql.merging import note_swaps, take_register, take_repairs
from ondol.points.sql.naming import give, release, take_names
from ondol.points.sql.retired import follow, merging_of, retire
from ondol.readings.ports import Merged
from ondol.readings.tables import AdoptedSeriesRow
from ondol.sites.model import Building, Point
from ondol.sites.tables import FormulaInputRow, PointAliasRow, PointRow, RetiredPointRow

_ALL_S = SHIFT - 1
_LONGEST_NAME = 500
_OF_STANDS = (RepairAction.SET, RepairAction.SHIFT, RepairAction.SWAP, RepairAction.FIRST_VALUE)


class SqlPoints:
    """See the port."""

    def __init__(self, database: Database, on_write: Callable[[set[int]], None] = lambda _: None) -> None:
        """`on_write` is told the ids of the buildings whose history changed, after each commit."""
        self._database = database
        self._on_write = on_write

    def names(self, point_ids: Sequence[int]) -> dict[int, list[str]]:
        row, found = PointAliasRow, dict[int, list[str]]()
        with self._database.read() as connection:
            for n in range(0, len(point_ids), 500):
                query = select(row.point_id, row.source).where(row.point_id.in_(point_ids[n : n + 500]))
                for point_id, source in connection.execute(query.order_by(row.source)):
                    found.setdefault(point_id, []).append(source)
        return found

    def release_name(self, point: Point, source: str) -> bool:
        row = PointAliasRow
        with self._database.write() as connection:
            gone = connection.execute(delete(row).where(row.source == source, row.point_id == point.id))
            if gone.rowcount:
                release(connection, [source])
        return bool(gone.rowcount)

    def move(
        self, point: Point, buildings: Mapping[int, Building], to: Building, main: str | None, names: Sequence[str]
    ) -> None:
        row = PointRow
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            if repairs := read_repairs(connection, [point.id]):
                lift(connection, point, repairs)
            main_id = connection.scalar(select(row.id).where(row.key == main)) if main else None
            place = {"building_id": to.id, "space_id": None, "equipment_id": None, "submeter_of": main_id}
            connection.execute(update(row).where(row.id == point.id).values(place))
            data = SensorDataRow
            connection.execute(update(data).where(_of(data, point.id)).values(building_id=to.id))
            connection.execute(delete(EnergyUsageRow).where(EnergyUsageRow.point_id == point.id))
            moved = replace(point, building_id=to.id, building_key=to.key, space=None)
            lay_all(connection, moved, to)
            _refresh(connection, moved, to)
            taken = set(connection.scalars(select(PointAliasRow.source).where(PointAliasRow.source.in_(names))))
            give(connection, point.id, [name for name in names if name not in taken])
        self._on_write({*buildings, to.id})

    def delete(self, point: Point, at_s: int) -> None:
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            retire(connection, point, at_s, None, MergePlan([]))
            names = connection.scalars(select(PointAliasRow.source).where(PointAliasRow.point_id == point.id)).all()
            release(connection, [*names, point.key])
            connection.execute(delete(RepairRow).where(RepairRow.point_id == point.id))
            _end(connection, point, _id_of(connection, point.submeter_of))
        self._on_write({point.building_id})

    def begin_merge(self, point: Point, into: Point, plan: MergePlan) -> None:
        with self._database.write() as connection:
            retire(connection, point, plan.made_at_s, into.id, plan)

    def finish_merge(self, point: Point, into: Point, building: Building, plan: MergePlan) -> None:
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            if _id_of(connection, point.key, only=point.id) is None:
                return  # somebody else was quicker
            firsts, seconds = (read_as_computed(connection, number, 0, _ALL_S) for number in (point.id, into.id))
            theirs = converted(firsts, into.id, plan.factor, plan.shift, is_additive=point.is_additive)
            left = left_over(theirs, seconds, is_additive=point.is_additive)
            take_repairs(connection, point, into, seconds, plan)
            note_swaps(connection, into, plan)
            take_register(connection, point, into, plan)
            take_names(connection, point, into, keep=plan.keeps_names)
            if plan.keeps_names:
                of_point = AdoptedSeriesRow.point_id == point.id
                connection.execute(update(AdoptedSeriesRow).where(of_point).values(point_id=into.id))
            _end(connection, point, into.id)
            _clear_history(connection, into.id)
            if (history := pl.concat([left, seconds]).sort("start")).height:
                store(connection, history, {into.id: into})
            lay_all(connection, into, building)
            _refresh(connection, into, building)
            carry_on_all(connection, into, {building.id: building})
        self._on_write({building.id})

    def retired(self) -> list[Merging]:
        row = RetiredPointRow
        is_there = exists().where(PointRow.id == row.id)
        query = select(row, is_there.label("is_there")).where(row.is_cleared.is_(False)).order_by(row.id)
        with self._database.read() as connection:
            return [merging_of(found) for found in connection.execute(query).mappings()]

    def cleared(self, point_ids: Sequence[int]) -> None:
        row = RetiredPointRow
        with self._database.write() as connection:
            connection.execute(update(row).where(row.id.in_(point_ids)).values(is_cleared=True))

    def merged(self, point_ids: Iterable[int]) -> dict[int, Merged]:
        found: dict[int, Merged] = {}
        with self._database.read() as connection:
            for point_id in point_ids:
                to = follow(connection, Merged(point_id, 1.0, 0.0))
                if to is not None:
                    found[point_id] = to
        return found


def _of(row: type[SensorDataRow], point_id: int) -> Any:
    return row.id.between(point_id * SHIFT, point_id * SHIFT + SHIFT - 1)


def _refresh(connection: Connection, point: Point, building: Building) -> None:
    """The usage of all days and months of the point."""
    intervals = read_intervals(connection, [point.id], 0, _ALL_S)
    if intervals.height:
        refresh_usage(connection, intervals, {point.id: point}, {building.id: building})


def _id_of(connection: Connection, key: str | None, only: int | None = None) -> int | None:
    query = select(PointRow.id).where(PointRow.key == key)
    return connection.scalar(query if only is None else query.where(PointRow.id == only))


def _clear_history(connection: Connection, point_id: int) -> None:
    connection.execute(delete(SensorDataRow).where(_of(SensorDataRow, point_id)))
    connection.execute(delete(EnergyUsageRow).where(EnergyUsageRow.point_id == point_id))
    forget_beneath(connection, point_id)


def _end(connection: Connection, point: Point, heir: int | None) -> None:
    """Delete the point and what is kept of it; what stood behind it stands behind the heir."""
    _clear_history(connection, point.id)
    connection.execute(delete(FormulaInputRow).where(FormulaInputRow.point_id == point.id))
    connection.execute(delete(RegisterRow).where(RegisterRow.point_id == point.id))
    connection.execute(delete(PointAliasRow).where(PointAliasRow.point_id == point.id))
    connection.execute(delete(AdoptedSeriesRow).where(AdoptedSeriesRow.point_id == point.id))
    connection.execute(update(PointRow).where(PointRow.submeter_of == point.id).values(submeter_of=heir))
    connection.execute(delete(PointRow).where(PointRow.id == point.id))
