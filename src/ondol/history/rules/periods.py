"""Amounts that cover periods of their own: bills, months, calendar days."""

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.common.instants import SECOND_US
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, LONGEST_INTERVAL_S, intervals_frame
from ondol.history.rules.intervals import Resolution, allocate, calendar_edges
from ondol.sites.model import Building, Point


def period_intervals(point: Point, readings: pl.DataFrame, building: Building) -> pl.DataFrame:
    """Intervals (INTERVALS) of readings with `time_us`, `end_us`, `value` and `quality`: an amount, or a mean, over each period.

    History holds intervals of at most a day. A longer period is shared out over the building's local days by their length, and
    its days are flagged ESTIMATED: their sum is what was measured, each of them is not.
    """
    spans = readings.select(
        (pl.col("time_us") // SECOND_US).alias("start"),
        (pl.col("end_us") // SECOND_US).alias("end"),
        "value",
        "quality",
    ).filter(pl.col("end") > pl.col("start"))
    if spans.is_empty():
        return pl.DataFrame(schema=INTERVALS)
    edges = calendar_edges(smallest(spans["start"]), largest(spans["end"]), Resolution.DAY, building.zone)
    is_long = pl.col("end") - pl.col("start") > LONGEST_INTERVAL_S
    parts = allocate(spans.filter(is_long), edges, ["value"] if point.is_additive else [])
    long_parts = parts.select("start", "end", "value", pl.col("quality") | int(Quality.ESTIMATED))
    both = pl.concat([spans.filter(~is_long), long_parts.cast(spans.schema)]).sort("start")
    return intervals_frame(both, point_id=point.id, duration_s=pl.col("end") - pl.col("start"))
