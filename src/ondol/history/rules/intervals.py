"""Intervals: half-open spans of UTC time, the calendar that cuts them, and amounts shared out over them.

Spans travel as frames with `start` and `end` (any integer unit, the same for all) and amounts that belong to the span.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import polars as pl

from ondol.common.frames import flag_where
from ondol.common.instants import HOUR_S, MINUTE_S, QUARTER_S
from ondol.common.quality import Quality


class Resolution(StrEnum):
    """Resolutions that the API speaks of."""

    RAW = "raw"
    MINUTE = "1m"
    QUARTER_HOUR = "15m"
    HOUR = "1h"
    DAY = "1d"
    MONTH = "1mo"

    @property
    def seconds(self) -> int | None:
        """Fixed length; None for raw readings and for calendar days and months, which vary."""
        return {"1m": MINUTE_S, "15m": QUARTER_S, "1h": HOUR_S}.get(self.value)


def calendar_edges(start_s: int, end_s: int, interval: Resolution, zone: ZoneInfo) -> list[int]:
    """Ascending edges of the intervals that cover `start_s <= t < end_s`, the ends included (epoch seconds).

    Days and months begin at local midnight, hours and quarters at the local full hour; a first or last interval that the
    range cuts is kept as the part inside. On a change of clocks a day has 23 or 25 hours.
    """
    if end_s <= start_s:
        return []
    inner = _steps(start_s, end_s, interval, zone) if interval.seconds else _midnights(start_s, end_s, interval, zone)
    return [start_s, *inner, end_s]


def _steps(start_s: int, end_s: int, interval: Resolution, zone: ZoneInfo) -> Sequence[int]:
    step = interval.seconds or 1
    offset = datetime.fromtimestamp(start_s, zone).utcoffset() or timedelta()
    phase = -int(offset.total_seconds()) % step
    first = ((start_s - phase) // step + 1) * step + phase
    return range(first, end_s, step)


def _midnights(start_s: int, end_s: int, interval: Resolution, zone: ZoneInfo) -> list[int]:
    day = datetime.fromtimestamp(start_s, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    edges: list[int] = []
    while True:
        month_later = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        day = month_later if interval is Resolution.MONTH else day + timedelta(days=1)
        # Where clocks jump over midnight, fold=0 gives the offset before the jump: the day's first instant.
        edge = int(day.replace(tzinfo=zone).timestamp())
        if edge >= end_s:
            return edges
        edges.append(edge)


def allocate(spans: pl.DataFrame, edges: Sequence[int], amounts: Sequence[str]) -> pl.DataFrame:
    """Cut spans at the edges and share their amounts out by time, exactly: nothing inside the edges is lost or doubled.

    `spans` has `start`, `end` and the columns named in `amounts`; other columns are carried along. Returns one row per span and
    bin that it meets: the columns of `spans` with the shared amounts, `start` and `end` of the part, `bin` (index into edges)
    and `share` (0..1 of the span). Spans outside the edges are dropped.
    """
    bounds = pl.Series("edges", list(edges), dtype=pl.Int64)
    if bounds.len() < 2 or spans.is_empty():
        return spans.clear().with_columns(pl.lit(0, pl.UInt32).alias("bin"), pl.lit(0.0).alias("share"))
    spans = spans.filter(pl.col("end") > bounds[0], pl.col("start") < bounds[-1], pl.col("end") > pl.col("start"))
    first = pl.Series(bounds.search_sorted(spans["start"], side="right"), dtype=pl.Int64) - 1
    last = pl.Series(bounds.search_sorted(spans["end"], side="left"), dtype=pl.Int64) - 1
    spans = spans.with_columns(first.clip(0).alias("bin"), last.clip(0, bounds.len() - 2).alias("_last"))
    inside = (pl.col("bin") == pl.col("_last")) & (pl.col("start") >= bounds[0]) & (pl.col("end") <= bounds[-1])
    whole = spans.filter(inside).drop("_last").with_columns(pl.lit(1.0).alias("share"))
    cut = spans.filter(~inside)
    return whole if cut.is_empty() else pl.concat([whole, _cut(cut, bounds, amounts)])


def _cut(spans: pl.DataFrame, bounds: pl.Series, amounts: Sequence[str]) -> pl.DataFrame:
    length = (pl.col("end") - pl.col("start")).cast(pl.Float64)
    parts = spans.with_columns(
        length.alias("_length"), pl.int_ranges(pl.col("bin"), pl.col("_last") + 1).alias("bin")
    ).explode("bin")
    low = pl.Series("_low", bounds.gather(parts["bin"]))
    high = pl.Series("_high", bounds.gather(parts["bin"] + 1))
    parts = parts.with_columns(
        pl.max_horizontal("start", low).alias("start"), pl.min_horizontal("end", high).alias("end")
    ).with_columns(((pl.col("end") - pl.col("start")) / pl.col("_length")).alias("share"))
    return parts.with_columns(pl.col(amount) * pl.col("share") for amount in amounts).drop("_last", "_length")


def estimated_where_cut(longer_than: int) -> pl.Expr:
    """`quality` of allocated parts, with ESTIMATED where a span longer than that was cut: its part was not measured."""
    length = (pl.col("end") - pl.col("start")) / pl.col("share")
    cut = (pl.col("share") < 1) & (length > longer_than)
    return (pl.col("quality") | flag_where(cut, Quality.ESTIMATED)).alias("quality")
