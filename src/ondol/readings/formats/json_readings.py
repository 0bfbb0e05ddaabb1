"""Readings in JSON: rows `{"readings": [...]}` or columns `{"columns": [...]}`."""

from collections.abc import Sequence
from typing import Any, cast

import orjson
import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import epoch_us, parse_instant
from ondol.readings.model import LARGEST_VALUE, Refusal, Submission

MOST_ROWS = 250_000
MOST_SIGNS = 3_000_000
"""Commas: a million values in columns have two million. What is read takes many times the memory of the text."""
_NUMBERS = frozenset({int, float})
_SHAPE = (
    'send {"readings": [{"point": KEY, "time": "2026-01-15T10:30:00Z", "value": 23.5}, ...]} '
    'or {"columns": [{"point": KEY, "times": [...], "values": [...]}, ...]}'
)


def parse_json_readings(body: bytes) -> Submission:
    """Readings of a body; `line` counts the rows, or the values through all columns, from 1.

    A bad row is refused alone. Raises InvalidInput when the body as a whole is not of either shape.
    """
    if body.count(b"{") > MOST_ROWS or body.count(b",") > MOST_SIGNS:
        raise InvalidInput(f"the body has more than {MOST_ROWS:,} rows, or a million values; send it in parts")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise InvalidInput(f"the body is not a JSON object: {_SHAPE}")
    match document:
        case {"readings": list() as rows}:
            return _from_rows(rows)
        case {"columns": list() as columns}:
            return _from_columns(columns)
        case _:
            raise InvalidInput(f"the body has neither readings nor columns: {_SHAPE}")


def _from_rows(rows: list[Any]) -> Submission:
    try:
        sources = [row["point"] for row in rows]
        times = [row["time"] for row in rows]
        values = [row["value"] for row in rows]
        units = [row.get("unit") for row in rows]
    except (TypeError, KeyError, IndexError, AttributeError):
        return _from_uneven_rows(rows)
    return _checked(
        sources, times, values, units if units.count(None) < len(units) else None, range(1, len(rows) + 1), []
    )


def _from_uneven_rows(rows: list[Any]) -> Submission:
    good: list[dict[str, Any]] = []
    lines: list[int] = []
    refusals: list[Refusal] = []
    for line, row in enumerate(rows, 1):
        lacking = [name for name in ("point", "time", "value") if name not in row] if isinstance(row, dict) else None
        if lacking == []:
            good.append(row)
            lines.append(line)
        else:
            refusals.append(Refusal(line, f"it lacks {', '.join(lacking)}" if lacking else "it is not an object"))
    units = [row.get("unit") for row in good]
    return _checked(
        [row["point"] for row in good], [row["time"] for row in good], [row["value"] for row in good],
        units if units.count(None) < len(units) else None, lines, refusals,
    )  # fmt: skip


def _from_columns(columns: list[Any]) -> Submission:
    sources: list[Any] = []
    times: list[Any] = []
    values: list[Any] = []
    lines: list[int] = []
    refusals: list[Refusal] = []
    line = 1
    for column in columns:
        match column:
            case {"point": point, "times": list() as some_times, "values": list() as some_values} if len(
                some_times
            ) == len(some_values):
                sources += [point] * len(some_times)
                times += some_times
                values += some_values
                lines += range(line, line + len(some_times))
                line += len(some_times)
            case _:
                refusals.append(Refusal(line, "a column needs a point, and times and values of equal length"))
                line += 1
    return _checked(sources, times, values, None, lines, refusals)


def _checked(
    sources: list[Any],
    times: list[Any],
    values: list[Any],
    units: list[Any] | None,
    lines: Sequence[int],
    refusals: list[Refusal],
) -> Submission:
    """Drop the rows with a value of a wrong type or a time that cannot be read; they become refusals."""
    times_us = _times_us(times)
    plain = (
        set(map(type, sources)) <= {str}
        and set(map(type, values)) <= _NUMBERS
        and None not in times_us
        and (units is None or set(map(type, units)) <= {str, type(None)})
        and all(-LARGEST_VALUE < value < LARGEST_VALUE for value in values)
    )
    if plain:
        return Submission(sources, cast("list[int]", times_us), values, lines, units, refusals=refusals)
    kept: list[int] = []
    for n, line in enumerate(lines):
        reason = _reason(sources[n], times[n], times_us[n], values[n], units[n] if units else None)
        if reason:
            refusals.append(Refusal(line, reason))
        else:
            kept.append(n)
    return Submission(
        [sources[n] for n in kept],
        [times_us[n] or 0 for n in kept],
        [values[n] for n in kept],
        [lines[n] for n in kept],
        [units[n] for n in kept] if units else None,
        refusals=refusals,
    )


def _reason(source: Any, time: Any, time_us: int | None, value: Any, unit: Any) -> str | None:
    if not isinstance(source, str) or not source:
        return "the point is not a text"
    if time_us is None:
        return f"the time {str(time)[:40]!r} is not an RFC 3339 time with a zone, such as 2026-01-15T10:30:00Z"
    if type(value) not in _NUMBERS or not -LARGEST_VALUE < value < LARGEST_VALUE:
        return f"the value {str(value)[:40]!r} is not a finite number within ±{LARGEST_VALUE:g}"
    return None if unit is None or isinstance(unit, str) else "the unit is not a text"


def _times_us(times: list[Any]) -> list[int | None]:
    if len(times) >= 64 and set(map(type, times)) == {str}:
        column = pl.Series(times, dtype=pl.String)
        parsed = column.str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", strict=False)
        if parsed.null_count() == 0 and (column.str.len_bytes() == 20).all():
            return parsed.dt.epoch("us").to_list()
    return [_time_us(time) for time in times]


def _time_us(time: Any) -> int | None:
    try:
        instant = parse_instant(time)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return epoch_us(instant)
