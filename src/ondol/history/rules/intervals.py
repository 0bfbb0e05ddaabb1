"""Intervals: half-open spans of UTC time, the calendar that cuts them, and amounts shared out over them.

Spans travel as frames with `start` and `end` (any integer unit, the same for all) and amounts that belong to the span.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl

from ondol.common.frames import flag_where
from ondol.common.instants import DAY_S, HOUR_S, MINUTE_S, QUARTER_S
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
    changes = [change for change in _clock_changes(start_s, end_s, zone) if change[1] % step]
    if not changes:
        return _even_steps(start_s, end_s, step, zone)
    # Where clocks change by half an hour, the full hours lie elsewhere from then on.
    bounds = [start_s, *(instant for instant, _ in changes), end_s]
    parts = [[*_even_steps(low, high, step, zone), high] for low, high in pairwise(bounds)]
    return [edge for part in parts for edge in part][:-1]


def _even_steps(start_s: int, end_s: int, step: int, zone: ZoneInfo) -> range:
    phase = -_offset_s(start_s, zone) % step
    first = ((start_s - phase) // step + 1) * step + phase
    return range(first, end_s, step)


def _clock_changes(start_s: int, end_s: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Instants in between at which clocks change, and by how many seconds."""
    for day_s in range(start_s, end_s, DAY_S):
        low, high = day_s, min(day_s + DAY_S, end_s)
        change = _offset_s(high, zone) - _offset_s(low, zone)
        if not change:
            continue
        before = _offset_s(low, zone)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_s(middle, zone) == before else (low, middle)
        if high < end_s:
            yield high, change


def _offset_s(time_s: int, zone: ZoneInfo) -> int:
    return int((datetime.fromtimestamp(time_s, zone).utcoffset() or timedelta()).total_seconds())


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


def in_pieces(spans: pl.DataFrame, longest: int) -> pl.DataFrame:
    """Spans of `start`, `end`, `amount` and `quality`, none longer than that: a longer one in equal shares of time, ESTIMATED.

    Pieces begin where their span does, so that those of a month of local days are days, but for changes of clocks.
    """
    length = pl.col("end") - pl.col("start")
    is_long = length > longest
    if not spans.select(is_long.any()).item():
        return spans
    cut = spans.filter(is_long).with_columns(length.alias("_length"), pl.col("end").alias("_end"))
    cut = cut.with_columns(pl.int_ranges("start", "end", longest).alias("start")).explode("start")
    cut = cut.with_columns(pl.min_horizontal("_end", pl.col("start") + longest).alias("end"))
    pieces = cut.with_columns(
        pl.col("amount") * length / pl.col("_length"),
        pl.col("quality") | flag_where(pl.lit(value=True), Quality.ESTIMATED),
    )
    return pl.concat([spans.filter(~is_long), pieces.select(spans.columns)]).sort("start")


def estimated_where_cut(longer_than: int) -> pl.Expr:
    """`quality` of allocated parts, with ESTIMATED where a span longer than that was cut: its part was not measured."""
    length = (pl.col("end") - pl.col("start")) / pl.col("share")
    cut = (pl.col("share") < 1) & (length > longer_than)
    return (pl.col("quality") | flag_where(cut, Quality.ESTIMATED)).alias("quality")
