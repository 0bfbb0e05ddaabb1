"""Reading `sensor_data` by point and time."""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import Connection, select

from ondol.domain.metering import INTERVALS
from ondol.ports.history import LONGEST_INTERVAL_S
from ondol.stores.relational.models import PointRow, SensorDataRow

SHIFT = 2**32
"""`sensor_data.id` is `point_id * SHIFT + start`: see `SensorDataRow`."""


def read_intervals(connection: Connection, point_ids: Sequence[int], start_s: int, end_s: int) -> pl.DataFrame:
    """Intervals of the points that meet the range, sorted by point and start (INTERVALS)."""
    row, point = SensorDataRow, PointRow
    first = max(start_s - LONGEST_INTERVAL_S, 0)
    start = row.id % SHIFT
    query = (
        select(
            row.point_id, start.label("start"), row.duration_s, row.value, row.quality,
            row.measured_share, row.value_min, row.value_max, row.value_last,
        )
        .join_from(point, row, row.id.between(point.id * SHIFT + first, point.id * SHIFT + end_s - 1))
        .where(point.id.in_(point_ids), start + row.duration_s > start_s)
        .order_by(row.id)
    )  # fmt: skip
    columns = list(zip(*connection.execute(query).all(), strict=True)) or [[]] * len(INTERVALS)
    return pl.DataFrame(columns, schema=INTERVALS, orient="col")
