"""Usage: the energy or volume that intervals of history stand for."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from ondol.common.frames import with_schema
from ondol.common.instants import HOUR_S
from ondol.history.rules.intervals import allocate, estimated_where_cut
from ondol.sites.model import Point

USAGE_BINS = pl.Schema(
    {"point_id": pl.Int32, "bin": pl.Int64, "usage": pl.Float64, "measured_s": pl.Float64, "quality": pl.UInt16}
)


def usage_spans(intervals: pl.DataFrame, points: Mapping[int, Point]) -> pl.DataFrame:
    """`point_id`, `start`, `end` (epoch seconds), `usage` (kWh or m3), `measured_s`, `quality` of each interval.

    A mean power counts for the time that was measured: usage = power x measured hours, in the unit of usage.
    """
    factors = pl.DataFrame(
        [(p.id, p.usage_factor, not p.is_additive) for p in points.values()],
        schema={"point_id": pl.Int32, "factor": pl.Float64, "is_power": pl.Boolean},
        orient="row",
    )
    measured_s = pl.col("duration_s") * pl.col("measured_share").fill_null(1.0)
    hours = pl.when("is_power").then(measured_s / HOUR_S).otherwise(1.0)
    return intervals.join(factors, on="point_id").select(
        "point_id",
        "start",
        (pl.col("start") + pl.col("duration_s")).alias("end"),
        (pl.col("value") * pl.col("factor") * hours).alias("usage"),
        measured_s.alias("measured_s"),
        "quality",
    )


def usage_by_bin(intervals: pl.DataFrame, points: Mapping[int, Point], edges: Sequence[int]) -> pl.DataFrame:
    """Usage per point and bin between the edges (USAGE_BINS); an interval over an edge is shared out by time, flagged."""
    shortest = min((b - a for a, b in pairwise(edges)), default=0)
    parts = allocate(usage_spans(intervals, points), edges, ["usage", "measured_s"])
    return (
        parts.with_columns(estimated_where_cut(min(shortest, HOUR_S)))
        .group_by("point_id", "bin")
        .agg(pl.col("usage").sum(), pl.col("measured_s").sum(), pl.col("quality").bitwise_or())
        .sort("point_id", "bin")
        .pipe(with_schema, USAGE_BINS)
    )
