"""Virtual points follow what they read: whoever writes history calls `carry_on` in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

import polars as pl
from sqlalchemy import Connection, select, update

from ondol.common.formulas import parse_formula
from ondol.common.frames import largest, smallest
from ondol.common.instants import DAY_S
from ondol.history.model import LONGEST_INTERVAL_S
from ondol.history.rules.stretches import END, Stretch
from ondol.history.rules.virtual import REACH_S, reckoned
from ondol.history.sql.intervals import SHIFT, read_intervals
from ondol.history.sql.repair_layers import (
    changed_stretches,
    clear,
    lay,
    lift,
    read_as_computed,
    read_repairs,
    those_that_meet,
)
from ondol.history.sql.usage import refresh_usage
from ondol.history.sql.writing import store
from ondol.history.tables import SensorDataRow
from ondol.sites.model import Building, Point
from ondol.sites.sql import read_points
from ondol.sites.tables import FormulaInputRow, PointRow

_ALWAYS = Stretch(0, SHIFT - 1)
_PIECE_S = 60 * DAY_S


def carry_on(connection: Connection, changed: pl.DataFrame, buildings: Mapping[int, Building]) -> None:
    """Reckon anew what reads the points whose intervals (INTERVALS) changed, and what reads that in turn."""
    ranges = changed.group_by("point_id").agg(pl.col("start").min().alias("low"), END.max().alias("high"))
    _carry_on(connection, {row[0]: Stretch(row[1], row[2]) for row in ranges.iter_rows()}, buildings)


def carry_on_all(connection: Connection, point: Point, buildings: Mapping[int, Building]) -> None:
    """As `carry_on` of a point whose whole history was made anew."""
    _carry_on(connection, {point.id: _ALWAYS}, buildings)


def reckon_due(connection: Connection, buildings: Mapping[int, Building]) -> set[int]:
    """Reckon the whole history of virtual points that are new or changed; the ids of their buildings."""
    row = PointRow
    due = list(connection.scalars(select(row.id).where(row.history_due.is_(True)).order_by(row.id)))
    _carry_on(connection, dict.fromkeys(due, _ALWAYS), buildings, due)
    connection.execute(update(row).where(row.id.in_(due)).values(history_due=False))
    return {point.building_id for point in read_points(connection, due).values()}


def is_due(connection: Connection) -> bool:
    """Whether a virtual point's history waits to be reckoned."""
    return connection.scalar(select(PointRow.id).where(PointRow.history_due.is_(True)).limit(1)) is not None


def _carry_on(
    connection: Connection, changed: Mapping[int, Stretch], buildings: Mapping[int, Building], due: Iterable[int] = ()
) -> None:
    """Each point once, after all that it reads: where many ways lead to it, it would be reckoned once for each of them."""
    row, read, done = FormulaInputRow, defaultdict[int, set[int]](set), dict(changed)
    for point_id, input_id in connection.execute(select(row.point_id, row.input_id)):
        read[point_id].add(input_id)
    wanted = set(due)
    order = [it for it in TopologicalSorter(read).static_order() if it in read]
    points = read_points(connection, _behind(order, read, {*changed, *wanted}))
    for point_id in order:
        met = [done[it] for it in read[point_id] if it in done] + ([done[point_id]] if point_id in wanted else [])
        if met and point_id in points:
            whole = Stretch(min(low for low, _ in met), max(high for _, high in met))
            stretch = _reckon(connection, points[point_id], whole, buildings)
            if stretch is not None:
                done[point_id] = stretch


def _behind(order: Iterable[int], read: Mapping[int, set[int]], changed: set[int]) -> list[int]:
    """Which points of the order may change, those that changed first."""
    met = set(changed)
    for point_id in order:
        if read[point_id] & met:
            met.add(point_id)
    return [it for it in met if it in read]


def _reckon(
    connection: Connection, point: Point, changed: Stretch, buildings: Mapping[int, Building]
) -> Stretch | None:
    """Put what the inputs give now in the place of what they gave, wherever that meets the stretch; years of it piece by piece.

    What changed of the point, from the first to the last of it.
    """
    inputs, ranges = _with_ids(connection, point), list[Stretch]()
    if changed.end_s - changed.start_s > _PIECE_S:
        changed = _known_part(connection, changed, [point.id, *(it.id for it in inputs.values())])
    for start_s in range(changed.start_s, max(changed.end_s, changed.start_s + 1), _PIECE_S):
        piece = Stretch(start_s, min(start_s + _PIECE_S, max(changed.end_s, start_s)))
        ranges += _reckon_piece(connection, point, inputs, piece, buildings)
    return Stretch(min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None


def _known_part(connection: Connection, stretch: Stretch, point_ids: Iterable[int]) -> Stretch:
    """The stretch as far as any of the points has history."""
    number, low, high = SensorDataRow.id, stretch.end_s, stretch.start_s
    for point_id in point_ids:
        of_point = select(number).where(number.between(point_id * SHIFT, point_id * SHIFT + SHIFT - 1)).limit(1)
        first, last = connection.scalar(of_point.order_by(number)), connection.scalar(of_point.order_by(number.desc()))
        if first is not None and last is not None:
            low, high = min(low, first % SHIFT), max(high, last % SHIFT + LONGEST_INTERVAL_S)
    return Stretch(max(stretch.start_s, low), min(stretch.end_s, high))


def _reckon_piece(
    connection: Connection,
    point: Point,
    inputs: Mapping[str, Point],
    changed: Stretch,
    buildings: Mapping[int, Building],
) -> list[Stretch]:
    low, high = max(changed.start_s - REACH_S, 0), changed.end_s + REACH_S
    read = read_intervals(connection, [it.id for it in inputs.values()], low, high)
    newer = reckoned(point, inputs, read)
    older = read_as_computed(connection, point.id, low, high)
    stretch = _whole(changed, newer, older)
    if stretch is None:
        return []
    newer = newer.filter(pl.col("start").is_between(*stretch, closed="left"))
    group = those_that_meet(stretch, read_repairs(connection, [point.id]))
    if group:
        lift(connection, point, group)
    clear(connection, point.id, stretch)
    if newer.height:
        store(connection, newer, {point.id: point})
    rows = [changed_stretches(point, [stretch])]
    if group:
        rows.append(lay(connection, point, buildings[point.building_id], group))
    every = pl.concat(rows)
    refresh_usage(connection, every, {point.id: point}, buildings)
    return [Stretch(*row) for row in every.select("start", END.alias("end")).iter_rows()]


def _with_ids(connection: Connection, point: Point) -> dict[str, Point]:
    row = FormulaInputRow
    ids = connection.scalars(select(row.input_id).where(row.point_id == point.id))
    by_key = {it.key: it for it in read_points(connection, ids).values()}
    return {key: by_key[key] for key in parse_formula(point.formula or "").inputs}


def _whole(changed: Stretch, newer: pl.DataFrame, older: pl.DataFrame) -> Stretch | None:
    """The stretch in whole intervals of both, those beside it included; None where there are none.

    How long an interval is decides whether the ones that meet its ends are cut there.
    """
    intervals = pl.concat([newer.select("start", "duration_s"), older.select("start", "duration_s")])
    stretch, found = Stretch(changed.start_s - 1, changed.end_s + 1), None
    while True:
        met = intervals.filter(pl.col("start") < stretch.end_s, stretch.start_s < END)
        if met.is_empty():
            return found
        found = Stretch(smallest(met["start"]), largest(met.select(END.cast(pl.Int64)).to_series()))
        wider = Stretch(min(stretch.start_s, found.start_s), max(stretch.end_s, found.end_s))
        if wider == stretch or wider.end_s - wider.start_s > changed.end_s - changed.start_s + 2 * LONGEST_INTERVAL_S:
            return found
        stretch = wider
