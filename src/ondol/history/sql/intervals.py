"""Reading `sensor_data` by point and time."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, select
from sqlalchemy import cast as as_type

from ondol.history.model import INTERVALS, LONGEST_INTERVAL_S
from ondol.history.tables import SensorDataRow
from ondol.sites.tables import PointRow

_POINTS_A_QUERY = 500
SHIFT = 2**32
"""`sensor_data.id` is `point_id * SHIFT + start`: see `SensorDataRow`."""

_ROW = SensorDataRow
_START = _ROW.id % SHIFT
_END = _START + _ROW.duration_s
_VALUES = (_ROW.point_id, _START.label("start"), _ROW.duration_s, _ROW.value, _ROW.quality)
_SPREAD = (_ROW.measured_share, _ROW.value_min, _ROW.value_max, _ROW.value_last)


def read_intervals(
    connection: Connection, point_ids: Sequence[int], start_s: int, end_s: int, *, only_values: bool = False
) -> pl.DataFrame:
    """Intervals of the points that meet the range, sorted by point and start (INTERVALS).

    With `only_values` the measured share and the spread are left null: a chart of thousands of values then reads twice as fast.
    """
    columns = _VALUES if only_values else (*_VALUES, *_SPREAD)
    first = max(start_s - LONGEST_INTERVAL_S, 0)
    query = select(*columns).where(*partitions_of(connection.dialect.name, first, end_s))
    rows: list[tuple[object, ...]] = []
    if len(point_ids) == 1:
        # One range of the key: nothing has to be joined for the many values of a chart.
        (point_id,) = point_ids
        bounds = _ROW.id.between(point_id * SHIFT + first, point_id * SHIFT + end_s - 1)
        rows = _fetched(connection, query.where(bounds, start_s < _END).order_by(_ROW.id))
    base = as_type(PointRow.id, BigInteger) * SHIFT
    of_points = query.join_from(PointRow, _ROW, _ROW.id.between(base + first, base + end_s - 1)).where(start_s < _END)
    for n in range(0, len(point_ids) if len(point_ids) > 1 else 0, _POINTS_A_QUERY):
        rows += _fetched(connection, of_points.where(PointRow.id.in_(point_ids[n : n + _POINTS_A_QUERY])))
    names = INTERVALS.names()
    found = dict(zip(names, zip(*rows, strict=True), strict=False)) if rows else {}
    height = len(rows)
    read = pl.DataFrame(
        {
            name: found[name] if name in found else pl.Series(name, [None], INTERVALS[name]).new_from_index(0, height)
            for name in names
        },
        schema=INTERVALS,
    )
    return read if len(point_ids) == 1 else read.sort("point_id", "start")


def _fetched(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[tuple[object, ...]]:
    """The driver's tuples: wrapping each of thousands of rows would cost as much as reading them."""
    result = connection.execute(query)
    assert result.cursor is not None
    rows = list(result.cursor.fetchall())
    result.close()
    return rows


def partitions_of(dialect: str, start_s: int, end_s: int) -> list[ColumnElement[bool]]:
    """What a range of the key says already, said again for PostgreSQL's partitions, which are cut by `recorded_at`."""
    return [_ROW.recorded_at >= start_s, _ROW.recorded_at < end_s] if dialect == "postgresql" else []
