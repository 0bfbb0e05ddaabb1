"""From buckets of single points to the rows of an InfluxQL answer: combined by tags, filled where nothing was measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from operator import add, mul, sub, truediv
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.frames import largest
from ondol.common.instants import DAY_S, HOUR_S, SECOND_US
from ondol.history.rules.influxql_statements import Column, Either, Select, TagTest

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
    every = pl.concat(parts).sort("time_us", maintain_order=True)
    return (
        every.with_columns(_bucket_starts(every["time_us"], select).alias("time_us"))
        .group_by("time_us", maintain_order=True)
        .agg(
            pl.col("sum").sum(),
            pl.col("count").sum(),
            pl.col("min").min(),
            pl.col("max").max(),
            pl.col("first").first(),
            pl.col("last").last(),
        )
        .with_columns((pl.col("sum") / pl.col("count")).alias("mean"), (pl.col("max") - pl.col("min")).alias("spread"))
        .sort("time_us")
    )


def _bucket_starts(times_us: pl.Series, select: Select) -> pl.Series:
    """The start of the bucket that each of the sorted times falls into."""
    step = select.step_us
    if step is None or times_us.is_empty():
        return pl.Series([select.bounds.start_us], dtype=pl.Int64).new_from_index(0, times_us.len())
    if select.zone is None:
        return (times_us - select.offset_us) // step * step + select.offset_us
    starts = pl.Series(_starts(largest(times_us.head(1)), largest(times_us.tail(1)) + 1, select), dtype=pl.Int64)
    return starts.gather(starts.search_sorted(times_us, side="right") - 1)


def _starts(first_us: int, end_us: int, select: Select) -> Sequence[int]:
    """Starts of the buckets that meet the range, by the clock of the select's zone."""
    step, offset = select.step_us or 1, select.offset_us
    if (end_us - first_us) // step > MOST_ROWS:
        raise InvalidInput(f"the answer would have more than {MOST_ROWS:,} rows; ask for a longer step or less time")
    if select.zone is None:
        return range(_floor(first_us, step, offset), end_us, step)
    starts = [_local_start(first_us, step, offset, select.zone)]
    while True:
        # From within the next bucket, also where clocks are set back inside of it.
        following = _local_start(starts[-1] + step + min(step // 2, 2 * HOUR_S * SECOND_US), step, offset, select.zone)
        if following <= starts[-1]:
            following = starts[-1] + step
        if following >= end_us:
            return starts
        starts.append(following)


def _local_start(time_us: int, step: int, offset: int, zone: ZoneInfo) -> int:
    """The last instant at or before the time at which the local clock shows a whole number of steps."""
    shift_us = _utc_offset_us(time_us, zone)
    wall_us = _floor(time_us + shift_us, step, offset)
    start_us = wall_us - shift_us
    # A day begins by the clock of its own midnight.
    return wall_us - _utc_offset_us(start_us, zone) if step % (DAY_S * SECOND_US) == 0 else start_us


def _utc_offset_us(time_us: int, zone: ZoneInfo) -> int:
    shift = datetime.fromtimestamp(time_us // SECOND_US, zone).utcoffset()
    return int(shift.total_seconds()) * SECOND_US if shift else 0


def rows_of(frame: pl.DataFrame, select: Select, end_us: int) -> list[Row]:
    """The rows of a series, filled, reckoned with, ordered and cut as was asked."""
    names = [_aggregate(column) for column in select.columns]
    known: dict[int, Row] = {row[0]: list(row[1:]) for row in frame.select("time_us", *_unique(names)).iter_rows()}
    places = [_unique(names).index(name) for name in names]
    rows = [[time_us, *(values[n] for n in places)] for time_us, values in known.items()]
    if select.step_us is not None and select.fill != "none" and rows:
        rows = _filled(rows, names, select, end_us)
    return cut(_reckoned(rows, select), select)


def _reckoned(rows: list[Row], select: Select) -> list[Row]:
    """What the columns make of the rows: transforms, then maths. Rows of which transforms alone are asked and give none go."""
    if not any(column.transform or column.maths for column in select.columns):
        return rows
    times = [row[0] for row in rows]
    columns = [
        [calculated(value, column.maths) for value in _transformed(times, [row[n + 1] for row in rows], column, select)]
        for n, column in enumerate(select.columns)
    ]
    made = [list(row) for row in zip(times, *columns, strict=True)]
    if all(column.transform for column in select.columns):
        return [row for row in made if any(value is not None for value in row[1:])]
    return made


def calculated(value: Any, maths: Sequence[tuple[str, float]]) -> Any:
    """A number after products and sums; nothing stays nothing, and so does a text."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value if value is None or not maths else None
    for sign, number in maths:
        value = _CALCULATED[sign](value, number)
    return value


_CALCULATED: dict[str, Callable[[float, float], float]] = {"*": mul, "/": truediv, "+": add, "-": sub}


def _transformed(
    times: Sequence[int], values: Sequence[float | None], column: Column, select: Select
) -> list[float | None]:
    """Each known value against the known ones before it."""
    made: list[float | None] = []
    before: list[tuple[int, float]] = []
    longest = column.parameter or 1 if column.transform == "moving_average" else 1
    for time_us, value in zip(times, values, strict=True):
        made.append(value if column.transform is None else None)
        if value is None or column.transform is None:
            continue
        if column.transform == "cumulative_sum":
            before = [(time_us, value + (before[0][1] if before else 0.0))]
            made[-1] = before[0][1]
            continue
        if column.transform == "moving_average":
            before = [*before, (time_us, value)][-longest:]
            made[-1] = sum(known for _, known in before) / longest if len(before) == longest else None
            continue
        if before:
            made[-1] = _change(before[0], (time_us, value), column, select)
        before = [(time_us, value)]
    return made


def _change(old: tuple[int, float], new: tuple[int, float], column: Column, select: Select) -> float | None:
    change = new[1] - old[1]
    if change < 0 and str(column.transform).startswith("non_negative"):
        return None
    if str(column.transform).endswith("difference"):
        return change
    return change / (new[0] - old[0]) * (column.parameter or select.step_us or SECOND_US)


def cut(rows: list[Row], select: Select) -> list[Row]:
    """In the order and number that was asked."""
    ordered = rows[::-1] if select.is_newest_first else rows
    return ordered[select.offset :][: select.limit]


def _filled(rows: list[Row], names: list[str], select: Select, end_us: int) -> list[Row]:
    first = rows[0][0] if select.bounds.start_us == 0 else select.bounds.start_us
    times = _starts(first, end_us, select)
    known = {row[0]: row for row in rows}
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
