"""What of a point is another one's after a merge, beside its history: its repairs and what is known of it as a register."""

import hashlib
from typing import Any

import polars as pl
from sqlalchemy import Connection, insert, select, update

from ondol.common.instants import SECOND_US
from ondol.database.upsert import upsert
from ondol.history.model import Repair, RepairAction
from ondol.history.rules.stretches import END
from ondol.history.sql.repair_layers import read_repairs
from ondol.history.tables import RegisterRow, RepairRow
from ondol.points.model import MergePlan
from ondol.sites.model import Point

_OF_STANDS = (RepairAction.SET, RepairAction.SHIFT, RepairAction.SWAP, RepairAction.FIRST_VALUE)


def take_repairs(connection: Connection, point: Point, into: Point, seconds: pl.DataFrame, plan: MergePlan) -> None:
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


def note_swaps(connection: Connection, into: Point, plan: MergePlan) -> None:
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


def take_register(connection: Connection, point: Point, into: Point, plan: MergePlan) -> None:
    """What is known of the register, where it was seen later than the other one."""
    row = RegisterRow
    known = {r.point_id: r for r in connection.execute(select(row).where(row.point_id.in_([point.id, into.id])))}
    first, second = known.get(point.id), known.get(into.id)
    if first is None or (second is not None and second.last_us >= first.last_us):
        return
    paces = [it.fastest_per_hour for it in (first, second) if it is not None and it.fastest_per_hour is not None]
    values = (into.id, max(paces, default=None), first.last_us, first.last_value * plan.factor)
    upsert(connection, row, ["point_id", "fastest_per_hour", "last_us", "last_value"], [values], ["point_id"])


def _key(*parts: int) -> str:
    """The same when the merge is done again."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
