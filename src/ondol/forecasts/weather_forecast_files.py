"""A file of weather forecasts: `issued_at,time,temperature_c,humidity_pct`, an hour a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ondol.common.calendar import check_timezone
from ondol.common.errors import InvalidInput
from ondol.common.instants import HOUR_S, HOUR_US, SECOND_US
from ondol.forecasts.model.weather import HUMIDITY_RANGE_PCT, TEMPERATURE_RANGE_C
from ondol.imports.files import read_rows
from ondol.imports.model import ImportOptions
from ondol.imports.numbers import finds_decimal_comma, is_missing, to_numbers
from ondol.imports.table import Table, rejected
from ondol.imports.timestamps import parse_times

TIMES = ("issued_at", "time")
VALUES = {"temperature_c": TEMPERATURE_RANGE_C, "humidity_pct": HUMIDITY_RANGE_PCT}


@dataclass(frozen=True, slots=True)
class WeatherForecastFile:
    """`hours` in the FORECAST_HOURS schema and what was refused, in the REJECTS schema."""

    hours: pl.DataFrame
    rejects: pl.DataFrame


def read_weather_forecasts(source: Path | bytes, name: str, timezone: str) -> WeatherForecastFile:
    """Read a CSV text or a workbook; stamps without an offset are of the time zone.

    A bad line is refused alone. Raises InvalidInput when a column is missing or the file cannot be understood.
    """
    check_timezone(timezone)
    table = read_rows(source, name, ImportOptions(timezone=timezone))
    _check_columns(table.cells.columns, name)
    frame = table.cells.select(table.lines.alias("line"))
    rejects = [table.rejects]
    for column in TIMES:
        frame, refused = _with_time(frame, table, column, timezone, name)
        rejects.append(refused)
    for column in (column for column in VALUES if column in table.cells.columns):
        frame, refused = _with_value(frame, table, column, name)
        rejects.append(refused)
    rejects.append(_refuse_past(frame, table))
    bad = pl.concat([refused["line"] for refused in rejects])
    hours = frame.filter(~pl.col("line").is_in(bad.implode()))
    lacking = [pl.lit(None, pl.Float64).alias(column) for column in VALUES if column not in hours.columns]
    hours = hours.with_columns(lacking).select(
        (pl.col("issued_at") // SECOND_US).alias("issued_s"),
        (pl.col("time") // SECOND_US // HOUR_S * HOUR_S).alias("valid_s"),
        *VALUES,
    )
    empty = pl.all_horizontal(pl.col(list(VALUES)).is_null())
    return WeatherForecastFile(hours.filter(~empty), pl.concat(rejects).sort("line", maintain_order=True))


def _check_columns(present: Sequence[str], name: str) -> None:
    lacking = [column for column in TIMES if column not in present]
    if not any(column in present for column in VALUES):
        lacking.append("temperature_c")
    if lacking:
        raise InvalidInput(
            f"{name}: the column {lacking[0]} is missing; a file of weather forecasts has the columns "
            f"{', '.join([*TIMES, *VALUES])}, an hour a row"
        )


def _with_time(
    frame: pl.DataFrame, table: Table, column: str, timezone: str, name: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with the column in UTC microseconds, and what of it is no time."""
    texts = table.cells[column]
    parsed, _ = parse_times(texts, None, name)
    local = pl.col("wall_us").cast(pl.Datetime("us"))
    placed = local.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null").cast(pl.Int64)
    exact = pl.col("wall_us") - pl.col("offset_s").cast(pl.Int64) * SECOND_US
    parsed = parsed.with_columns(
        time_us=pl.when(pl.col("offset_s").is_not_null()).then(exact).otherwise(placed)
    ).with_columns(
        pl.when(pl.col("time_us").is_null())
        .then(pl.coalesce("reason", pl.lit("this hour does not exist: clocks go forward")))
        .alias("reason")
    )
    bad = parsed["reason"].is_not_null()
    refused = rejected(table.lines.filter(bad), column, texts.filter(bad), parsed["reason"].filter(bad))
    return frame.with_columns(parsed["time_us"].alias(column)), refused


def _with_value(frame: pl.DataFrame, table: Table, column: str, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with the column as numbers, and what of it is none or cannot be weather."""
    texts = table.cells[column]
    numbers = to_numbers(texts, finds_decimal_comma([texts], table.comma_separated, name))
    low, high = VALUES[column]
    is_no_number = numbers.is_null() & ~is_missing(texts)
    is_outside = ~numbers.is_between(low, high).fill_null(True)
    refused = pl.concat(
        [
            rejected(table.lines.filter(bad), column, texts.filter(bad), reason)
            for bad, reason in (
                (is_no_number, "is not a number"),
                (is_outside, f"lies outside {low:g} to {high:g}"),
            )
        ]
    )
    return frame.with_columns(numbers.alias(column)), refused


def _refuse_past(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """What was issued after the hour that it speaks of: it is no forecast, and a back-test must not take it for one."""
    late = (frame["time"] + HOUR_US <= frame["issued_at"]).fill_null(False)
    reason = "the hour was over when this was issued: it is no forecast"
    return rejected(table.lines.filter(late), "time", table.cells["time"].filter(late), reason)
