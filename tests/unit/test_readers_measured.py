"""Files from real buildings, read with hardly a flag."""

import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile
from ondol.sites.model import PointKind

DATA = Path(__file__).parents[2].parent / "shared/data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir() and os.environ.get("CI") != "true", reason=f"the measured data is not there: {DATA}"
)


def read(path: str, building: str = "hall", zero_is_missing: bool = False, timezone: str = "UTC") -> ParsedFile:
    file = DATA / path
    return read_file(file, file.name, ImportOptions(timezone=timezone, zero_is_missing=zero_is_missing), building)


def sums(parsed: ParsedFile) -> dict[str, float]:
    totals = dict(parsed.frame.group_by("series").agg(pl.col("value").sum()).iter_rows())
    return {spec.point: round(totals[index], 2) for index, spec in enumerate(parsed.series)}


def first_and_last(parsed: ParsedFile) -> tuple[datetime, datetime]:
    stamps = [
        datetime.fromtimestamp(time / 1e6, UTC)
        for time in (parsed.frame["time_us"].min(), parsed.frame["time_us"].max())
    ]
    return stamps[0], stamps[1]


def test_the_steel_plant_reads_whole_and_in_its_own_year() -> None:
    parsed = read("steel/Steel_industry_data.csv", "steel", timezone="Asia/Seoul")
    found = sums(parsed)
    assert found["steel.electricity"] == 959_636.71
    assert found["steel.reactive_energy_lagging"] == 456_759.84
    assert found["steel.reactive_energy_leading"] == 135_638.04
    assert first_and_last(parsed) == (
        datetime(2017, 12, 31, 15, tzinfo=UTC),
        datetime(2018, 12, 31, 14, 45, tzinfo=UTC),
    )
    assert parsed.frame.group_by("series").len()["len"].to_list() == [35_040] * 6
    assert parsed.rejects.is_empty()
    assert {spec.interval_s for spec in parsed.series} == {900}
    assert any(note.startswith("365 midnights") for note in parsed.notes)


@pytest.mark.parametrize(
    "path", sorted(file.relative_to(DATA).as_posix() for file in DATA.glob("cambridge/b*/*.csv"))[::9]
)
def test_the_universitys_meters_add_up(path: str) -> None:
    building = Path(path).parent.name
    parsed = read(path, building, zero_is_missing=True)
    column = pl.read_csv(DATA / path).to_series(1)
    quantity = Path(path).stem.split("-")[0]
    assert sums(parsed) == {f"{building}.{quantity}": pytest.approx(column.sum(), abs=0.01)}
    assert parsed.frame.height == (column.drop_nulls() != 0).sum()
    assert (parsed.series[0].kind, parsed.series[0].interval_s) == (PointKind.TOTAL, 3600)


def test_the_weather_reads_by_its_units() -> None:
    parsed = read("cambridge/weather-bedford/2018.csv")
    assert [spec.quantity for spec in parsed.series] == ["temperature", "humidity", "irradiance"]


@pytest.mark.parametrize("name", ["datatest.txt", "datatest2.txt", "datatraining.txt"])
def test_the_room_reads_with_row_names(name: str) -> None:
    parsed = read(f"room/{name}", timezone="Europe/Brussels")
    quantities = ["temperature", "humidity", "illuminance", "co2", "humidity_ratio", "occupancy"]
    assert [spec.quantity for spec in parsed.series] == quantities
    assert parsed.rejects.is_empty()
    rows = len((DATA / "room" / name).read_text().splitlines()) - 1
    assert parsed.frame.height == 6 * rows


@pytest.mark.parametrize("block", ["A", "B", "C"])
def test_the_blocks_register_is_kept_apart_from_its_amounts(block: str) -> None:
    parsed = read(f"pleia/cons{block}-60T.csv", "pleia")
    amount, register = parsed.series
    assert (amount.point, amount.kind) == (f"pleia.electricity.{block.lower()}", PointKind.TOTAL)
    assert (register.point, register.kind) == (
        f"pleia.electricity_register.{block.lower()}",
        PointKind.TOTAL_INCREASING,
    )
    assert first_and_last(parsed)[0] == datetime(2021, 1, 1, tzinfo=UTC)


def test_the_blocks_sensors_and_weather() -> None:
    assert read("pleia/temp-sensorB-60T.csv", "pleia").series[0].point == "pleia.temperature.sensor_b"
    weather = read("pleia/data-meteo-60T.csv", "pleia")
    assert [spec.quantity for spec in weather.series][:4] == ["temperature", "humidity", "irradiance", "wind_speed"]
