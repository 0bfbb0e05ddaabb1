"""`RepairRecords` on the relational database."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import polars as pl
from sqlalchemy import insert, update

from ondol.common.instants import from_epoch_s
from ondol.database.engine import Database, wait_for_turn
from ondol.history.model import Repair
from ondol.history.rules.stretches import Stretch
from ondol.history.sql.partitions import Partitions
from ondol.history.sql.repair_layers import changed_stretches, lay, lift, read_repairs, those_that_meet
from ondol.history.sql.usage import refresh_usage
from ondol.history.sql.virtual_points import carry_on
from ondol.history.tables import RepairRow
from ondol.sites.model import Building, Point


class SqlRepairs:
    """Repairs, and history as they say."""

    def __init__(self, database: Database, on_write: Callable[[set[int]], None]) -> None:
        """`on_write` is told the ids of the buildings whose history changed, after each commit."""
        self._database = database
        self._on_write = on_write
        self._partitions = Partitions(database)

    def of_point(self, point_id: int) -> list[Repair]:
        with self._database.read() as connection:
            return read_repairs(connection, [point_id], only_in_force=False)

    def add(self, repair: Repair, point: Point, building: Building) -> None:
        self._change(point, building, repair, [])

    def undo(self, repair: Repair, point: Point, building: Building) -> bool:
        return self._change(point, building, None, [repair])

    def _change(self, point: Point, building: Building, new: Repair | None, undone: Sequence[Repair]) -> bool:
        stretch = _cover(new or undone[0])
        # Months that a fill reaches into may hold nothing yet.
        self._partitions.make(from_epoch_s(stretch.start_s), from_epoch_s(stretch.end_s))
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            before = read_repairs(connection, [point.id])
            gone = {repair.key for repair in undone}
            if not gone <= {repair.key for repair in before}:
                return False
            group = those_that_meet(stretch, before)
            if group:
                lift(connection, point, group)
            for repair in undone:
                row = update(RepairRow).where(RepairRow.key == repair.key)
                connection.execute(row.values(undone_by=repair.undone_by, undone_at_s=repair.undone_at_s))
            if new:
                connection.execute(insert(RepairRow), asdict(new))
            changed = [changed_stretches(point, [stretch])]
            if left := [*(repair for repair in group if repair.key not in gone), *([new] if new else [])]:
                changed.append(lay(connection, point, building, left))
            every, buildings = pl.concat(changed), {building.id: building}
            refresh_usage(connection, every, {point.id: point}, buildings)
            carry_on(connection, every, buildings)
        self._on_write({building.id})
        return True


def _cover(repair: Repair) -> Stretch:
    return Stretch(repair.covers_start_s, repair.covers_end_s)
