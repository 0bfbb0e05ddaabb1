"""Repairs lie on top of what was computed: `computed_intervals` keeps what they cover.

Whoever writes history lifts the repairs that lie there, writes, and lays them again, in one transaction. Repairs whose stretches
meet are lifted and laid together, in the order in which they were made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, insert, select, update

from ondol.common.frames import groups_by, largest, smallest
from ondol.history.model import INTERVALS, Repair, RepairAction
from ondol.history.rules.repairs import CONTEXT_S, repaired
from ondol.history.rules.stretches import END, Stretch
from ondol.history.sql.intervals import SHIFT, partitions_of, read_intervals
from ondol.history.sql.writing import store
from ondol.history.tables import ComputedIntervalRow, RepairRow, SensorDataRow
from ondol.sites.model import Building, Point

_BENEATH = ("duration_s", "value", "quality", "measured_share", "value_min", "value_max", "value_last")
FIELDS = (
    "key", "point_id", "action", "start_s", "end_s", "value", "last_value", "reason", "made_by", "made_at_s",
    "covers_start_s", "covers_end_s", "undone_by", "undone_at_s",
)  # fmt: skip


def read_repairs(connection: Connection, point_ids: Sequence[int], *, only_in_force: bool = True) -> list[Repair]:
    """Repairs of the points in the order in which they were made."""
    row = RepairRow
    query = select(*(getattr(row, name) for name in FIELDS)).where(row.point_id.in_(point_ids)).order_by(row.id)
    if only_in_force:
        query = query.where(row.undone_at_s.is_(None))
    found = [dict[str, Any](zip(FIELDS, values, strict=True)) for values in connection.execute(query)]
    return [replace(Repair(**fields), action=RepairAction(fields["action"])) for fields in found]


def without_known(connection: Connection, written: pl.DataFrame) -> pl.DataFrame:
    """The intervals to be written, without those that lie beneath repairs already just so: nothing has to be lifted for them."""
    ids = written["point_id"].unique().to_list()
    repairs = [r for n in range(0, len(ids), 500) for r in read_repairs(connection, ids[n : n + 500])]
    for point_id in {repair.point_id for repair in repairs}:
        rows = written.filter(pl.col("point_id") == point_id)
        low, high = smallest(rows["start"]), largest(rows["start"]) + 1
        known = _read_beneath(connection, point_id, low, high)
        written = written.join(known, on=INTERVALS.names(), how="anti", nulls_equal=True, maintain_order="left")
    return written


def lift_touched(connection: Connection, written: pl.DataFrame, points: Mapping[int, Point]) -> dict[int, list[Repair]]:
    """Lift the repairs that lie where the intervals are to be written; returns them by point, to be laid again."""
    lifted: dict[int, list[Repair]] = {}
    ids = written["point_id"].unique().to_list()
    repairs = [r for n in range(0, len(ids), 500) for r in read_repairs(connection, ids[n : n + 500])]
    repaired_ids = {repair.point_id for repair in repairs}
    for (point_id,), rows in groups_by(written.filter(pl.col("point_id").is_in(repaired_ids)), "point_id"):
        stretch = Stretch(smallest(rows["start"]), largest(rows.select(END).to_series()))
        group = those_that_meet(stretch, [repair for repair in repairs if repair.point_id == point_id])
        if group:
            lift(connection, points[point_id], group)
            lifted[point_id] = group
    return lifted


def those_that_meet(stretch: Stretch, repairs: Sequence[Repair]) -> list[Repair]:
    """The repairs that meet the stretch, directly or through others."""
    left, met = list(repairs), list[Repair]()
    stretches = [stretch]
    while stretches:
        low, high = stretches.pop()
        found = [repair for repair in left if repair.covers_start_s < high and low < repair.covers_end_s]
        left = [repair for repair in left if repair not in found]
        met += found
        stretches += [Stretch(repair.covers_start_s, repair.covers_end_s) for repair in found]
    return [repair for repair in repairs if repair in met]


def lift(connection: Connection, point: Point, group: Sequence[Repair]) -> None:
    """Put what was computed in the place of what the repairs say."""
    computed = ComputedIntervalRow
    beneath = [pl.DataFrame(schema=INTERVALS)]
    for low, high in _union(group):
        beneath.append(_read_beneath(connection, point.id, low, high))
        clear(connection, point.id, Stretch(low, high))
        keys = computed.id.between(point.id * SHIFT + low, point.id * SHIFT + high - 1)
        connection.execute(delete(computed).where(keys))
    store(connection, pl.concat(beneath), {point.id: point})


def lay(connection: Connection, point: Point, building: Building, group: Sequence[Repair]) -> pl.DataFrame:
    """Put what the repairs say in the place of what was computed. Returns one row (INTERVALS) for each stretch that changed."""
    before = _bounds(group)
    context = read_intervals(connection, [point.id], before.start_s - CONTEXT_S, before.end_s + CONTEXT_S)
    state, covers = repaired(point, building, context, group)
    laid = [
        replace(repair, covers_start_s=covers[repair.key][0], covers_end_s=covers[repair.key][1]) for repair in group
    ]
    keys = {repair.key for repair in group}
    others = [repair for repair in read_repairs(connection, [point.id]) if repair.key not in keys]
    reached = [repair for stretch in _union(laid) for repair in those_that_meet(stretch, others)]
    if reached:
        # Coarser intervals than before made a stretch wider.
        more = [repair for repair in others if repair in reached]
        lift(connection, point, more)
        every = read_repairs(connection, [point.id])
        together = [repair for repair in every if repair.key in keys or repair in more]
        return pl.concat([changed_stretches(point, [before]), lay(connection, point, building, together)])
    for repair in set(laid) - set(group):
        change = update(RepairRow).where(RepairRow.key == repair.key)
        connection.execute(change.values(covers_start_s=repair.covers_start_s, covers_end_s=repair.covers_end_s))
    for stretch in _union(laid):
        within = pl.col("start").is_between(*stretch, closed="left")
        _store_beneath(connection, context.filter(within))
        clear(connection, point.id, stretch)
        store(connection, state.filter(within), {point.id: point})
    return changed_stretches(point, [before, _bounds(laid)])


def forget_beneath(connection: Connection, point_id: int) -> None:
    """Let go of what lies beneath the repairs of a point whose history is made anew."""
    base = point_id * SHIFT
    connection.execute(delete(ComputedIntervalRow).where(ComputedIntervalRow.id.between(base, base + SHIFT - 1)))


def lay_all(connection: Connection, point: Point, building: Building) -> list[pl.DataFrame]:
    """Lay the repairs of a point on history that was made anew; the intervals that changed."""
    left, laid = read_repairs(connection, [point.id]), list[pl.DataFrame]()
    while left:
        group = those_that_meet(Stretch(left[0].covers_start_s, left[0].covers_end_s), left)
        laid.append(lay(connection, point, building, group))
        left = [repair for repair in left if repair not in group]
    return laid


def clear(connection: Connection, point_id: int, stretch: Stretch) -> None:
    """Delete the intervals that begin in the stretch."""
    row, (low, high) = SensorDataRow, stretch
    keys = row.id.between(point_id * SHIFT + low, point_id * SHIFT + high - 1)
    connection.execute(delete(row).where(keys, *partitions_of(connection.dialect.name, low, high)))


def changed_stretches(point: Point, stretches: Sequence[Stretch]) -> pl.DataFrame:
    """One row (INTERVALS) for each, which says nothing but where something changed."""
    rows = [(point.id, low, high - low, 0.0, 0, None, None, None, None) for low, high in stretches]
    return pl.DataFrame(rows, schema=INTERVALS, orient="row")


def read_as_computed(connection: Connection, point_id: int, start_s: int, end_s: int) -> pl.DataFrame:
    """Intervals of the point that meet the range (INTERVALS), as if nothing were repaired."""
    visible = read_intervals(connection, [point_id], start_s, end_s)
    repairs = read_repairs(connection, [point_id])
    for low, high in _union(repairs):
        beneath = _read_beneath(connection, point_id, low, high).filter(pl.col("start") < end_s, start_s < END)
        there = pl.col("start").is_between(low, high, closed="left")
        visible = pl.concat([visible.filter(~there), beneath])
    return visible.sort("start")


def _union(repairs: Sequence[Repair]) -> list[Stretch]:
    """The stretches that the repairs cover, without overlap."""
    found: list[Stretch] = []
    for repair in sorted(repairs, key=attrgetter("covers_start_s")):
        low, high = repair.covers_start_s, repair.covers_end_s
        if found and low <= found[-1].end_s:
            found[-1] = Stretch(found[-1].start_s, max(found[-1].end_s, high))
        else:
            found.append(Stretch(low, high))
    return found


def _bounds(repairs: Sequence[Repair]) -> Stretch:
    return Stretch(min(r.covers_start_s for r in repairs), max(r.covers_end_s for r in repairs))


def _read_beneath(connection: Connection, point_id: int, low: int, high: int) -> pl.DataFrame:
    row = ComputedIntervalRow
    query = (
        select(row.id, *(getattr(row, name) for name in _BENEATH))
        .where(row.id.between(point_id * SHIFT + low, point_id * SHIFT + high - 1))
        .order_by(row.id)
    )
    rows = [(point_id, key % SHIFT, *values) for key, *values in connection.execute(query)]
    return pl.DataFrame(rows, schema=INTERVALS, orient="row")


def _store_beneath(connection: Connection, computed: pl.DataFrame) -> None:
    keyed = computed.select((pl.col("point_id").cast(pl.Int64) * SHIFT + pl.col("start")).alias("id"), *_BENEATH)
    if keyed.height:
        connection.execute(insert(ComputedIntervalRow), keyed.to_dicts())
