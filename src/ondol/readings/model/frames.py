"""Readings as columns: the shape in which values travel from the door to the store."""

from collections.abc import Sequence

import polars as pl

READINGS = pl.Schema({"point_id": pl.Int32, "time_us": pl.Int64, "value": pl.Float64, "quality": pl.UInt8})
"""Columns of a batch of readings: UTC microseconds since 1970, finite values, `Quality` bits."""

EARLIEST_US = 0
LATEST_US = 4_102_444_800_000_000
"""Readings lie in 1970-01-01 <= time < 2100-01-01; anything else is a broken clock."""
LARGEST_VALUE = 1e100
"""Values lie within this; sums and products of larger ones would leave the floating-point range."""
LONGEST_SOURCE = 500
"""Characters of the name under which a device sends a point."""


def readings_frame(
    point_ids: Sequence[int], times_us: Sequence[int], values: Sequence[float], quality: Sequence[int] | None = None
) -> pl.DataFrame:
    """A batch in the `READINGS` schema from four columns of equal length."""
    columns = [point_ids, times_us, values, quality if quality is not None else [0] * len(values)]
    return pl.DataFrame(columns, schema=READINGS)


def deduplicated(readings: pl.DataFrame) -> pl.DataFrame:
    """The batch with one row per point and time, the last one sent, sorted by point and time."""
    return readings.unique(["point_id", "time_us"], keep="last", maintain_order=True).sort("point_id", "time_us")


def bucket_readings(readings: pl.DataFrame, step_us: int) -> pl.DataFrame:
    """Sorted readings of one point by bucket of `step_us`: `time_us`, `mean`, `min`, `max`, `sum`, `first`, `last`, `count`, `quality`."""
    value = pl.col("value")
    bucket = (pl.col("time_us") // step_us * step_us).alias("time_us")
    return readings.group_by(bucket, maintain_order=True).agg(
        value.mean().alias("mean"),
        value.min().alias("min"),
        value.max().alias("max"),
        value.sum().alias("sum"),
        value.first().alias("first"),
        value.last().alias("last"),
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("quality").bitwise_or(),
    )
