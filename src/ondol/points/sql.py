"""`PointRecords` on the relational database. Who writes history waits for its turn, as all do who write it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import orjson
import polars as pl
from sqlalchemy import Connection, delete, exists, insert, select, update

from ondol.common.instants import SECOND_US
from ondol.database.engine import Database, wait_for_turn
from ondol.database.upsert import upsert
from ondol.history.model import Repair, RepairAction
from ondol.history.rules.stretches import END
from ondol.history.sql.intervals import SHIFT, read_intervals
from ondol.history.sql.repair_layers import forget_beneath, lay_all, lift, read_as_computed, read_repairs
from ondol.history.sql.usage import refresh_usage
from ondol.history.sql.writing import store
from ondol.history.tables import EnergyUsageRow, RegisterRow, RepairRow, SensorDataRow
from ondol.points.model import Joint, MergePlan, Merging
from ondol.points.rules import converted, left_over
from ondol.readings.ports import Merged
from ondol.sites.model import Building, Point
from ondol.sites.tables import PointAliasRow, PointRow, ReleasedNameRow, RetiredPointRow

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
                _release(connection, [source])
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
            _give(connection, point.id, [name for name in names if name not in taken])
        self._on_write({*buildings, to.id})

    def delete(self, point: Point, at_s: int) -> None:
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            _retire(connection, point, at_s, None, MergePlan([]))
            names = connection.scalars(select(PointAliasRow.source).where(PointAliasRow.point_id == point.id)).all()
            _release(connection, [*names, point.key])
            connection.execute(delete(RepairRow).where(RepairRow.point_id == point.id))
            _end(connection, point, _id_of(connection, point.submeter_of))
        self._on_write({point.building_id})

    def begin_merge(self, point: Point, into: Point, plan: MergePlan) -> None:
        with self._database.write() as connection:
            _retire(connection, point, plan.made_at_s, into.id, plan)

    def finish_merge(self, point: Point, into: Point, building: Building, plan: MergePlan) -> None:
        with self._database.write() as connection:
            wait_for_turn(connection, "history")
            if _id_of(connection, point.key, only=point.id) is None:
                return  # somebody else was quicker
            firsts, seconds = (read_as_computed(connection, number, 0, _ALL_S) for number in (point.id, into.id))
            theirs = converted(firsts, into.id, plan.factor, plan.shift, is_additive=point.is_additive)
            left = left_over(theirs, seconds, is_additive=point.is_additive)
            _take_repairs(connection, point, into, seconds, plan)
            _note_swaps(connection, into, plan)
            _take_register(connection, point, into, plan)
            _take_names(connection, point, into, keep=plan.keeps_names)
            _end(connection, point, into.id)
            _clear_history(connection, into.id)
            if (history := pl.concat([left, seconds]).sort("start")).height:
                store(connection, history, {into.id: into})
            lay_all(connection, into, building)
            _refresh(connection, into, building)
        self._on_write({building.id})

    def retired(self) -> list[Merging]:
        row = RetiredPointRow
        is_there = exists().where(PointRow.id == row.id)
        query = select(row, is_there.label("is_there")).where(row.is_cleared.is_(False)).order_by(row.id)
        with self._database.read() as connection:
            return [_merging(found) for found in connection.execute(query).mappings()]

    def cleared(self, point_ids: Sequence[int]) -> None:
        row = RetiredPointRow
        with self._database.write() as connection:
            connection.execute(update(row).where(row.id.in_(point_ids)).values(is_cleared=True))

    def merged(self, point_ids: Iterable[int]) -> dict[int, Merged]:
        found: dict[int, Merged] = {}
        with self._database.read() as connection:
            for point_id in point_ids:
                to = _follow(connection, Merged(point_id, 1.0, 0.0))
                if to is not None:
                    found[point_id] = to
        return found


def _follow(connection: Connection, at: Merged) -> Merged | None:
    """Where the readings ended up in the end, through one merge after another."""
    row = RetiredPointRow
    while (
        found := connection.execute(select(row.merged_into, row.factor, row.shift).where(row.id == at.point_id)).first()
    ) is not None:
        into, factor, shift = found
        if into is None:
            return None
        at = Merged(into, at.factor * factor, at.shift * factor + shift)
        if connection.scalar(select(PointRow.id).where(PointRow.id == into)) is not None:
            return at
    return None


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


def _retire(connection: Connection, point: Point, at_s: int, into: int | None, plan: MergePlan) -> None:
    values = {
        "id": point.id, "key": point.key, "stored_as": point.name_in_store, "retired_at_s": at_s, "merged_into": into,
        "factor": plan.factor, "shift": plan.shift, "plan": orjson.dumps(asdict(plan)).decode(), "is_cleared": False,
    }  # fmt: skip
    # A merge that was begun gives way to the deletion of its point.
    upsert(connection, RetiredPointRow, list(values), [tuple(values.values())], ["id"])


def _release(connection: Connection, sources: Sequence[str]) -> None:
    row = ReleasedNameRow
    there = set(connection.scalars(select(row.source).where(row.source.in_(sources))))
    for source in set(sources) - there:
        connection.execute(insert(row).values(source=source))


def _give(connection: Connection, point_id: int, sources: Sequence[str]) -> None:
    for source in sources:
        if len(source) <= _LONGEST_NAME:
            connection.execute(insert(PointAliasRow).values(source=source, point_id=point_id))


def _clear_history(connection: Connection, point_id: int) -> None:
    connection.execute(delete(SensorDataRow).where(_of(SensorDataRow, point_id)))
    connection.execute(delete(EnergyUsageRow).where(EnergyUsageRow.point_id == point_id))
    forget_beneath(connection, point_id)


def _end(connection: Connection, point: Point, heir: int | None) -> None:
    """Delete the point and what is kept of it; what stood behind it stands behind the heir."""
    _clear_history(connection, point.id)
    connection.execute(delete(RegisterRow).where(RegisterRow.point_id == point.id))
    connection.execute(delete(PointAliasRow).where(PointAliasRow.point_id == point.id))
    connection.execute(update(PointRow).where(PointRow.submeter_of == point.id).values(submeter_of=heir))
    connection.execute(delete(PointRow).where(PointRow.id == point.id))


def _take_names(connection: Connection, point: Point, into: Point, *, keep: bool) -> None:
    row = PointAliasRow
    names = [*connection.scalars(select(row.source).where(row.point_id == point.id)), point.key]
    connection.execute(delete(row).where(row.point_id == point.id))
    if not keep:
        _release(connection, names)
        return
    taken = set(connection.scalars(select(row.source).where(row.source.in_(names))))
    _give(connection, into.id, sorted(set(names) - taken))


def _take_repairs(connection: Connection, point: Point, into: Point, seconds: pl.DataFrame, plan: MergePlan) -> None:
    """Repairs go along; those that meet what the other point knows by itself are not in force there."""
    row = RepairRow
    for repair in read_repairs(connection, [point.id], only_in_force=False):
        values: dict[str, Any] = {"point_id": into.id}
        if repair.value is not None and repair.action in _OF_STANDS:
            shift = 0.0 if repair.action is RepairAction.SHIFT or point.is_additive else plan.shift
            values["value"] = repair.value * plan.factor + shift
        if repair.last_value is not None:
            values["last_value"] = repair.last_value * plan.factor
        if repair.undone_at_s is None and _meets(seconds, repair):
            values |= {"undone_by": plan.made_by, "undone_at_s": plan.made_at_s}
        connection.execute(update(row).where(row.key == repair.key).values(values))


def _meets(intervals: pl.DataFrame, repair: Repair) -> bool:
    start, end = repair.covers_start_s, repair.covers_end_s
    return intervals.filter(pl.col("start") < end, start < END).height > 0


def _note_swaps(connection: Connection, into: Point, plan: MergePlan) -> None:
    """Where another register began, a person has said so: that is a repair, which can be undone."""
    for n, joint in enumerate(plan.joints):
        if joint.is_swap:
            at_s = -(-joint.ended_us // SECOND_US)
            connection.execute(
                insert(RepairRow).values(
                    key=_key(into.id, plan.made_at_s, n), point_id=into.id, action=RepairAction.SWAP.value,
                    start_s=at_s, end_s=at_s, value=joint.first_value, last_value=joint.last_value,
                    reason="merged: another register began", made_by=plan.made_by, made_at_s=plan.made_at_s,
                    covers_start_s=at_s, covers_end_s=max(joint.at_us // SECOND_US, at_s + 1),
                )
            )  # fmt: skip


def _key(*parts: int) -> str:
    """The same when the merge is done again."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _take_register(connection: Connection, point: Point, into: Point, plan: MergePlan) -> None:
    row = RegisterRow
    known = {r.point_id: r for r in connection.execute(select(row).where(row.point_id.in_([point.id, into.id])))}
    first, second = known.get(point.id), known.get(into.id)
    if first is None or (second is not None and second.last_us >= first.last_us):
        return
    paces = [it.fastest_per_hour for it in (first, second) if it is not None and it.fastest_per_hour is not None]
    values = (into.id, max(paces, default=None), first.last_us, first.last_value * plan.factor)
    upsert(connection, row, ["point_id", "fastest_per_hour", "last_us", "last_value"], [values], ["point_id"])


def _merging(row: Mapping[Any, Any]) -> Merging:
    plan: dict[str, Any] = orjson.loads(row["plan"])
    stretches = [(low, high) for low, high in plan.get("stretches", [])]
    joints = [Joint(**joint) for joint in plan.get("joints", [])]
    known = MergePlan(stretches, row["factor"], row["shift"], joints, plan.get("made_by", ""), plan.get("made_at_s", 0))
    return Merging(
        row["id"], row["stored_as"], row["retired_at_s"], row["merged_into"], known, is_there=bool(row["is_there"])
    )
