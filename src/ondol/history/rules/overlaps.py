"""Where new history meets older history of another resolution, so that no time counts twice."""

import polars as pl

from ondol.common.frames import flag_where, largest, smallest, with_schema
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS
from ondol.history.rules.intervals import allocate


def remainders(older: pl.DataFrame, newer: pl.DataFrame, is_additive: bool) -> pl.DataFrame:
    """What is left of one point's older intervals (INTERVALS) outside its newer ones.

    The newer ones count where they lie. An older interval that they cover is gone; of one that they cover in part, the rest
    stays with its share by time, flagged ESTIMATED and OVERLAP. Returns INTERVALS.
    """
    spans = older.with_columns(
        (pl.col("start") + pl.col("duration_s")).alias("end"),
        pl.col("duration_s").alias("whole_s"),
    )
    taken = newer.select("start", (pl.col("start") + pl.col("duration_s")).alias("end")).sort("start")
    outer = [smallest(spans["start"]), largest(spans["end"])]
    edges = sorted({*taken["start"].to_list(), *taken["end"].to_list(), *outer})
    parts = allocate(spans, edges, ["value"] if is_additive else [])
    index = pl.Series(taken["start"].search_sorted(parts["start"], side="right"), dtype=pl.Int64) - 1
    is_free = (index < 0) | (taken["end"].gather(index.clip(0)) <= parts["start"])
    left = parts.filter(is_free).with_columns(
        (pl.col("end") - pl.col("start")).alias("duration_s"),
        pl.col("quality") | flag_where(pl.col("share") < 1, Quality.ESTIMATED | Quality.OVERLAP),
    )
    return with_schema(left, INTERVALS)
