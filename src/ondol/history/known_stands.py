"""A register's stands that history knows around old readings: what was used between them and the readings counts, too."""

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.common.instants import DAY_S, SECOND_US
from ondol.history.ports import HistoryRecords
from ondol.sites.model import Point

_FAR_S = 400 * DAY_S


def with_known_stands(point: Point, readings: pl.DataFrame, history: HistoryRecords) -> pl.DataFrame:
    """The readings with the last known stand before them and the first one after, where history has one within 400 days."""
    first_s, last_s = smallest(readings["time_us"]) // SECOND_US, -(-largest(readings["time_us"]) // SECOND_US)
    before = (
        _stands(history.read_computed(point.id, first_s - _FAR_S, first_s), "end").filter(pl.col("s") < first_s).tail(1)
    )
    after = (
        _stands(history.read_computed(point.id, last_s + 1, last_s + _FAR_S), "start")
        .filter(pl.col("s") > last_s)
        .head(1)
    )
    around = pl.concat([before, after]).select(
        pl.lit(point.id).alias("point_id"),
        (pl.col("s") * SECOND_US).alias("time_us"),
        "value",
        pl.lit(0).alias("quality"),
    )
    return pl.concat(
        [readings, around.cast({n: t for n, t in readings.schema.items() if n in around.columns})], how="diagonal"
    ).sort("time_us")


def _stands(intervals: pl.DataFrame, edge: str) -> pl.DataFrame:
    """Stands at the ends of intervals, or at their starts: `s` (epoch seconds) and `value`."""
    known = intervals.drop_nulls("value_last").sort("start")
    end = pl.col("start") + pl.col("duration_s")
    at = (end, pl.col("value_last")) if edge == "end" else (pl.col("start"), pl.col("value_last") - pl.col("value"))
    return known.select(at[0].alias("s"), at[1].alias("value"))
