"""Reading `sensor_data` by point and time."""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import Connection, select

from ondol.domain.metering import INTERVALS
from ondol.ports.history import LONGEST_INTERVAL_S
from ondol.stores.relational.models import PointRow, SensorDataRow

SHIFT = 2**32
"""`sensor_data.id` is `point_id * SHIFT + start`: see `SensorDataRow`."""

_ROW = SensorDataRow
_START = _ROW.id % SHIFT
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
    query = (
        select(*columns)
        .join_from(PointRow, _ROW, _ROW.id.between(PointRow.id * SHIFT + first, PointRow.id * SHIFT + end_s - 1))
        .where(PointRow.id.in_(point_ids), _START + _ROW.duration_s > start_s)
        .order_by(_ROW.id)
    )
    result = connection.execute(query)
    assert result.cursor is not None
    # The driver's tuples: wrapping each of thousands of rows would cost as much as reading them.
    found = list(zip(*result.cursor.fetchall(), strict=True)) or [[]] * len(columns)
    result.close()
    names = INTERVALS.names()[: len(columns)]
    frame = pl.DataFrame(dict(zip(names, found, strict=True)), schema={name: INTERVALS[name] for name in names})
    missing = INTERVALS.names()[len(columns) :]
    return frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing) if missing else frame
