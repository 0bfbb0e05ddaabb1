"""Amounts that cover periods of their own: bills, months, calendar days."""

import polars as pl

from ondol.common.frames import flag_where, largest, smallest
from ondol.common.instants import SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, LONGEST_INTERVAL_S, intervals_frame
from ondol.history.rules.intervals import Resolution, allocate, calendar_edges
from ondol.sites.model import Building, Point


def period_intervals(point: Point, readings: pl.DataFrame, building: Building) -> pl.DataFrame:
    """Intervals (INTERVALS) of readings with `time_us`, `end_us` and `value`: an amount, or a mean, over each period.

    History holds intervals of at most a day. A longer period is shared out over the building's local days by their length, and
    its days are flagged ESTIMATED: their sum is what was measured, each of them is not.
    """
    spans = readings.select(
        (pl.col("time_us") // SECOND_US).alias("start"), (pl.col("end_us") // SECOND_US).alias("end"), "value"
    ).filter(pl.col("end") > pl.col("start"))
    if spans.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    edges = calendar_edges(smallest(spans["start"]), largest(spans["end"]), Resolution.DAY, building.zone)
    is_long = pl.col("end") - pl.col("start") > LONGEST_INTERVAL_S
    parts = allocate(spans.filter(is_long), edges, ["value"] if point.is_additive else [])
    long_parts = parts.select("start", "end", "value", quality=flag_where(pl.lit(value=True), Quality.ESTIMATED))
    short_parts = spans.filter(~is_long).select("start", "end", "value", quality=pl.lit(0, pl.UInt16))
    both = pl.concat([short_parts, long_parts.cast({"quality": pl.UInt16})]).sort("start")
    return intervals_frame(both, point_id=point.id, duration_s=pl.col("end") - pl.col("start"))
