"""A folder of hourly meter files, one a building, as loads: `time,energy_kwh[,temperature_c,humidity_pct]`, interval start."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import HOUR_S, HOUR_US
from ondol.forecasts.model.loads import Loads, loads_of
from ondol.forecasts.model.weather import Floats, PerfectWeather
from ondol.imports.files import read_file
from ondol.imports.model import ColumnRule, ImportOptions, ParsedFile
from ondol.sites.model import PointKind

COLUMNS = {
    "energy_kwh": ColumnRule(quantity="electricity", unit="kWh", kind=PointKind.TOTAL),
    "temperature_c": ColumnRule(quantity="temperature", unit="degC", kind=PointKind.MEASUREMENT),
    "humidity_pct": ColumnRule(quantity="humidity", unit="%", kind=PointKind.MEASUREMENT),
}


@dataclass(frozen=True, slots=True)
class LoadFiles:
    """The loads of a folder, and sentences on what was noticed: refused lines, zeros taken as missing."""

    loads: Loads
    notes: list[str]


def read_load_files(
    folder: Path, timezone: str, *, zero_is_missing: bool = False, country: str | None = None
) -> LoadFiles:
    """Read every CSV of the folder; names are those of the files. Stamps without an offset are of the time zone.

    A bad line is refused alone and noted. Raises InvalidInput when the folder or one of its files cannot be understood.
    """
    paths = sorted(folder.glob("*.csv"), key=lambda path: (len(path.stem), path.stem))
    if not paths:
        raise InvalidInput(
            f"{folder} holds no .csv file; one a building is needed, with the columns {', '.join(['time', *COLUMNS])}"
        )
    files = [_read(path, timezone, zero_is_missing) for path in paths]
    hourly = [_hourly(parsed) for parsed in files]
    hours = pl.concat([frame.select("hour") for frame in hourly])["hour"]
    first, last = hours.min(), hours.max()
    if not isinstance(first, int) or not isinstance(last, int):
        raise InvalidInput(f"{folder}: no file holds a value of energy_kwh")
    grids = {name: np.full((len(files), last - first + 1), np.nan, np.float32) for name in COLUMNS}
    for row, frame in enumerate(hourly):
        for name in COLUMNS:
            grids[name][row, frame["hour"].to_numpy() - first] = frame[name].to_numpy()
    loads = loads_of(
        [path.stem for path in paths],
        first,
        grids["energy_kwh"],
        [timezone] * len(paths),
        _weather(grids["temperature_c"], grids["humidity_pct"]),
        country,
    )
    return LoadFiles(loads, [note for parsed in files for note in _notes(parsed)])


def _read(path: Path, timezone: str, zero_is_missing: bool) -> ParsedFile:
    with path.open("rb") as file:
        header = file.readline().decode("utf-8-sig", "replace")
    present = {name: rule for name, rule in COLUMNS.items() if name in header}
    if "energy_kwh" not in present:
        raise InvalidInput(f"{path.name}, line 1: the column energy_kwh is missing; name it so")
    options = ImportOptions(
        timezone=timezone, stamp="start", columns=present, zero_is_missing=zero_is_missing, point=None
    )
    parsed = read_file(path, path.name, options, path.stem)
    for series in parsed.series:
        if series.question:
            raise InvalidInput(series.question)
    return parsed


def _hourly(parsed: ParsedFile) -> pl.DataFrame:
    """`hour` (hours since 1970) and the three columns; an hour that was measured in part is not known."""
    frame = pl.DataFrame(schema={"hour": pl.Int64})
    for number, series in enumerate(parsed.series):
        if series.column not in COLUMNS:
            continue
        energy = series.column == "energy_kwh"
        parts = HOUR_S // (series.interval_s or HOUR_S) if energy else 1
        if not parts:
            raise InvalidInput(
                f"{parsed.name}: energy_kwh comes in intervals longer than an hour; hourly values are needed"
            )
        of_series = parsed.frame.filter(pl.col("series") == number)
        value = pl.col("value").sum() if energy else pl.col("value").mean()
        by_hour = (
            of_series.group_by((pl.col("time_us") // HOUR_US).alias("hour"))
            .agg(value.alias(series.column), pl.len().alias("parts"))
            .filter(pl.col("parts") >= parts)
            .drop("parts")
        )
        frame = frame.join(by_hour, on="hour", how="full", coalesce=True)
    lacking = [pl.lit(None, pl.Float64).alias(name) for name in COLUMNS if name not in frame.columns]
    return frame.with_columns(lacking).with_columns(pl.col(list(COLUMNS)).cast(pl.Float32).fill_null(np.nan))


def _weather(temperature_c: Floats, humidity_pct: Floats) -> PerfectWeather | None:
    return None if np.isnan(temperature_c).all() else PerfectWeather(temperature_c, humidity_pct)


def _notes(parsed: ParsedFile) -> Iterator[str]:
    for note in parsed.notes:
        yield f"{parsed.name}: {note}"
    for line, _, text, reason in parsed.rejects.head(3).iter_rows():
        yield f"{parsed.name}, line {line}: {reason} ({text!r}); the line was left out"
    if parsed.rejects.height > 3:
        yield f"{parsed.name}: {parsed.rejects.height} lines were left out in all"
