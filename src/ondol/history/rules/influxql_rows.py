"""From buckets of single points to the rows of an InfluxQL answer: combined by tags, filled where nothing was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.history.rules.influxql import Column, Either, Select, TagTest

MOST_ROWS = 500_000
Row = list[Any]
Tags = dict[str, str]


@dataclass(slots=True)
class QuerySeries:
    """A series of an answer; the first column of a SELECT is the time, in microseconds."""

    columns: list[str]
    values: list[Row]
    tags: Tags = field(default_factory=dict[str, str])
    name: str | None = "sensor_readings"


def holds(condition: TagTest | Either, tags: Tags) -> bool:
    """Whether tags meet a condition; one that is not there is empty. Raises InvalidInput on a bad regular expression."""
    if isinstance(condition, Either):
        results = (holds(part, tags) for part in condition.parts)
        return all(results) if condition.needs_all else any(results)
    value = tags.get(condition.tag, "")
    if condition.operator in ("=", "!="):
        return (value == condition.value) == (condition.operator == "=")
    try:
        # Not Python's: its patterns can take for ever.
        found = bool(pl.Series([value]).str.contains(condition.value)[0])
    except pl.exceptions.ComputeError as error:
        raise InvalidInput(
            f"error parsing query: the regular expression {condition.value[:60]!r} is not understood"
        ) from error
    return found == (condition.operator == "=~")


def combined(parts: Sequence[pl.DataFrame], select: Select) -> pl.DataFrame:
    """Buckets of several points as one series: `time_us`, and a column for each aggregate."""
    step, time_us = select.step_us, pl.col("time_us")
    bucket = (
        pl.lit(select.bounds.start_us)
        if step is None
        else (time_us - select.offset_us) // step * step + select.offset_us
    )
    return (
        pl.concat(parts)
        .sort("time_us", maintain_order=True)
        .group_by(bucket.alias("time_us"), maintain_order=True)
        .agg(
            pl.col("sum").sum(),
            pl.col("count").sum(),
            pl.col("min").min(),
            pl.col("max").max(),
            pl.col("last").last(),
        )
        .with_columns((pl.col("sum") / pl.col("count")).alias("mean"))
        .sort("time_us")
    )


def rows_of(frame: pl.DataFrame, select: Select, end_us: int) -> list[Row]:
    """The rows of a series, filled, ordered and cut as was asked."""
    names = [_aggregate(column) for column in select.columns]
    known: dict[int, Row] = {row[0]: list(row[1:]) for row in frame.select("time_us", *_unique(names)).iter_rows()}
    places = [_unique(names).index(name) for name in names]
    rows = [[time_us, *(values[n] for n in places)] for time_us, values in known.items()]
    if select.step_us is not None and select.fill != "none" and rows:
        rows = _filled(rows, names, select, end_us)
    return cut(rows, select)


def cut(rows: list[Row], select: Select) -> list[Row]:
    """In the order and number that was asked."""
    ordered = rows[::-1] if select.is_newest_first else rows
    return ordered[select.offset :][: select.limit]


def _filled(rows: list[Row], names: list[str], select: Select, end_us: int) -> list[Row]:
    step = select.step_us or 1
    first = rows[0][0] if select.bounds.start_us == 0 else _floor(select.bounds.start_us, step, select.offset_us)
    if (end_us - first) // step > MOST_ROWS:
        raise InvalidInput(f"the answer would have more than {MOST_ROWS:,} rows; ask for a longer step or less time")
    known = {row[0]: row for row in rows}
    times = range(first, end_us, step)
    if select.fill == "linear":
        return _interpolated([known.get(time, [time, *[None] * len(names)]) for time in times])
    number = None if select.fill in ("null", "previous") else float(select.fill)
    filled: list[Row] = []
    for time in times:
        blank = [0 if name == "count" and number is None else number for name in names]
        if select.fill == "previous" and filled:
            blank = filled[-1][1:]
        filled.append(known.get(time, [time, *blank]))
    return filled


def _interpolated(rows: list[Row]) -> list[Row]:
    for column in range(1, len(rows[0])):
        measured = [n for n, row in enumerate(rows) if row[column] is not None]
        for a, b in pairwise(measured):
            low, high = rows[a][column], rows[b][column]
            for n in range(a + 1, b):
                rows[n][column] = low + (high - low) * (n - a) / (b - a)
    return rows


def _floor(time_us: int, step: int, offset_us: int) -> int:
    return (time_us - offset_us) // step * step + offset_us


def _aggregate(column: Column) -> str:
    return column.aggregate or "last"


def _unique(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))
