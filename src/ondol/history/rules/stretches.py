"""Stretches of one point's intervals: what they meet, and the intervals that a repair fills in."""

from itertools import pairwise
from typing import NamedTuple

import polars as pl

from ondol.common.frames import largest, smallest
from ondol.history.model import INTERVALS, LONGEST_INTERVAL_S
from ondol.sites.model import RAW_RESOLUTION_S, Point

END = pl.col("start") + pl.col("duration_s")


class Stretch(NamedTuple):
    """A half-open range of time in epoch seconds."""

    start_s: int
    end_s: int


def inside(intervals: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    """The intervals that meet the stretch."""
    return intervals.filter(pl.col("start") < stretch.end_s, stretch.start_s < END)


def outside(intervals: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    """The intervals that do not."""
    return intervals.filter((pl.col("start") >= stretch.end_s) | (stretch.start_s >= END))


def covered(intervals: pl.DataFrame, stretch: Stretch, step_s: int) -> Stretch:
    """The stretch in whole steps of at most a quarter of an hour, and in whole intervals where there are any."""
    snap = min(step_s, RAW_RESOLUTION_S)
    snapped = Stretch(stretch.start_s // snap * snap, -(-stretch.end_s // snap) * snap)
    met = inside(intervals, snapped)
    if met.is_empty():
        return snapped
    return Stretch(
        min(snapped.start_s, smallest(met["start"])), max(snapped.end_s, largest(met.select(END).to_series()))
    )


def usual_step(point: Point, intervals: pl.DataFrame) -> int:
    """As long as the point's own intervals, or as most of those that are there; a quarter of an hour where nothing tells."""
    if point.interval_s and point.interval_s <= LONGEST_INTERVAL_S:
        return point.interval_s
    lengths = intervals["duration_s"].value_counts().sort(["count", "duration_s"], descending=[True, False])
    return int(lengths["duration_s"][0]) if lengths.height else RAW_RESOLUTION_S


def slots(point: Point, intervals: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    """Intervals that cover the stretch without a gap: those that are there, and between them new ones without a value."""
    there = inside(intervals, stretch).sort("start")
    step_s = usual_step(point, intervals)
    phase = int(intervals["start"][0]) % step_s if intervals.height else 0
    begins, at = [stretch.start_s, *there.select(END).to_series()], [*there["start"], stretch.end_s]
    new = [edge for low, high in zip(begins, at, strict=True) for edge in _cut(low, high, step_s, phase)]
    fresh = pl.DataFrame(
        {"start": [low for low, _ in new], "duration_s": [high - low for low, high in new]},
        schema={"start": pl.Int64, "duration_s": pl.Int32},
    )
    rest = [pl.lit(None, dtype).alias(name) for name, dtype in INTERVALS.items() if name not in fresh.columns]
    made = fresh.with_columns(rest).with_columns(pl.lit(point.id, pl.Int32).alias("point_id")).select(INTERVALS.names())
    return pl.concat([there, made]).sort("start")


def _cut(low: int, high: int, step: int, phase: int) -> list[tuple[int, int]]:
    if low >= high:
        return []
    first = ((low - phase) // step + 1) * step + phase
    edges = [low, *range(first, high, step), high]
    return list(pairwise(edges))
