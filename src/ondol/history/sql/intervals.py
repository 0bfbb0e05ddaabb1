"""Reading `sensor_data` by point and time."""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import ColumnElement, Connection, select

from ondol.history.model import INTERVALS
from ondol.history.ports import LONGEST_INTERVAL_S
from ondol.history.tables import SensorDataRow

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
    for point_id in sorted(point_ids):
        # One range of the key a point: joined with the points, the rows would have to be sorted again.
        bounds = _ROW.id.between(point_id * SHIFT + first, point_id * SHIFT + end_s - 1)
        result = connection.execute(query.where(bounds, start_s < _END).order_by(_ROW.id))
        assert result.cursor is not None
        # The driver's tuples: wrapping each of thousands of rows would cost as much as reading them.
        rows += result.cursor.fetchall()
        result.close()
    names = INTERVALS.names()
    found = dict(zip(names, zip(*rows, strict=True), strict=False)) if rows else {}
    height = len(rows)
    return pl.DataFrame(
        {
            name: found[name] if name in found else pl.Series(name, [None], INTERVALS[name]).new_from_index(0, height)
            for name in names
        },
        schema=INTERVALS,
    )


def partitions_of(dialect: str, start_s: int, end_s: int) -> list[ColumnElement[bool]]:
    """What a range of the key says already, said again for PostgreSQL's partitions, which are cut by `recorded_at`."""
    return [_ROW.recorded_at >= start_s, _ROW.recorded_at < end_s] if dialect == "postgresql" else []
