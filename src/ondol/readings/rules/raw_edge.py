"""Registers over the edge of what is kept raw: what is counted between the readings on both sides belongs to both."""

import polars as pl

from ondol.common.frames import with_schema
from ondol.common.instants import SECOND_US
from ondol.readings.model import READINGS


def with_edge_stands(old: pl.DataFrame, raw: pl.DataFrame, register_ids: list[int], edge_us: int) -> pl.DataFrame:
    """The old readings (READINGS) with each register's stand at the edge, where readings on both sides tell it.

    `edge_us` is a whole second. It lies on the line between the last reading before and the first one from there on.
    """
    of_registers = pl.col("point_id").is_in(register_ids)
    before = old.filter(of_registers).sort("time_us").group_by("point_id").last()
    after = raw.filter(of_registers).sort("time_us").group_by("point_id").first()
    both = before.join(after, on="point_id", suffix="_after").filter(pl.col("value_after") >= pl.col("value"))
    share = (edge_us - pl.col("time_us")) / (pl.col("time_us_after") - pl.col("time_us"))
    stands = both.select(
        "point_id",
        pl.lit(edge_us // SECOND_US * SECOND_US, pl.Int64).alias("time_us"),
        pl.col("value") + (pl.col("value_after") - pl.col("value")) * share,
        pl.col("quality") | pl.col("quality_after"),
    )
    return pl.concat([old, with_schema(stands, READINGS)])
