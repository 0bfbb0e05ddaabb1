"""Writing `sensor_data`."""

from collections.abc import Mapping

import polars as pl
from sqlalchemy import Connection, delete

from ondol.common.frames import groups_by, largest, smallest
from ondol.database.upsert import bulk_upsert
from ondol.history.model import INTERVALS
from ondol.history.rules.overlaps import remainders
from ondol.history.sql.intervals import SHIFT, read_intervals
from ondol.history.tables import SensorDataRow
from ondol.sites.model import Point

_COLUMNS = (
    "id", "building_id", "sensor_type", "unit", "recorded_at", "point_id", "duration_s", "value", "quality",
    "measured_share", "value_min", "value_max", "value_last",
)  # fmt: skip


def make_room(connection: Connection, newer: pl.DataFrame, points: Mapping[int, Point]) -> pl.DataFrame:
    """Delete older intervals of other lengths where the newer ones lie; return what is left of them."""
    start_s = smallest(newer["start"])
    end_s = largest(newer["start"] + newer["duration_s"])
    point_ids = newer["point_id"].unique().to_list()
    older = read_intervals(connection, point_ids, start_s, end_s)
    # Same start and length is a plain replacement; anything else may overlap.
    odd = older.join(newer, on=["point_id", "start", "duration_s"], how="anti")
    left = [pl.DataFrame(schema=INTERVALS)]
    for (point_id,), rows in groups_by(odd, "point_id"):
        new_rows = newer.filter(pl.col("point_id") == point_id)
        kept = remainders(rows, new_rows, points[point_id].is_additive)
        gone = rows.join(kept, on=["start", "duration_s"], how="anti")
        ids = [point_id * SHIFT + start for start in gone["start"]]
        for n in range(0, len(ids), 500):
            connection.execute(delete(SensorDataRow).where(SensorDataRow.id.in_(ids[n : n + 500])))
        left.append(kept.join(rows, on=["start", "duration_s"], how="anti"))
    return pl.concat(left)


def store(connection: Connection, intervals: pl.DataFrame, points: Mapping[int, Point]) -> None:
    """Write intervals; the same point and start replaces."""
    facts = pl.DataFrame(
        [(p.id, p.building_id, p.quantity, p.unit) for p in points.values()],
        schema={"point_id": pl.Int32, "building_id": pl.Int64, "sensor_type": pl.String, "unit": pl.String},
        orient="row",
    )
    on_postgresql = connection.dialect.name == "postgresql"
    start = pl.col("start")
    rows = intervals.join(facts, on="point_id", maintain_order="left").with_columns(
        (pl.col("point_id").cast(pl.Int64) * SHIFT + start).alias("id"),
        (pl.from_epoch(start) if on_postgresql else start).alias("recorded_at"),
    )
    # PostgreSQL's key holds the time too, since its partitions are cut by it.
    bulk_upsert(connection, SensorDataRow, rows.select(_COLUMNS), ["id", "recorded_at"] if on_postgresql else ["id"])
