"""Files of weather forecasts: what is understood, and what is refused with its line and its reason."""

import pytest

from ondol.common.errors import InvalidInput
from ondol.forecasts.weather_forecast_files import WeatherForecastFile, read_weather_forecasts

HEADER = "issued_at,time,temperature_c,humidity_pct"
FIVE_IN_SEOUL_S = 1_768_420_800  # 2026-01-15T05:00+09:00


def read(*rows: str, header: str = HEADER, timezone: str = "Asia/Seoul") -> WeatherForecastFile:
    return read_weather_forecasts("\n".join([header, *rows]).encode(), "kma.csv", timezone)


def test_stamps_are_of_the_time_zone_unless_they_say_otherwise() -> None:
    found = read(
        "2026-01-15 05:00,2026-01-15 06:00,-7.5,61",
        "2026-01-14T20:00:00Z,2026-01-15T07:00:00+09:00,-7,",
    )
    assert found.rejects.is_empty()
    assert found.hours.rows() == [
        (FIVE_IN_SEOUL_S, FIVE_IN_SEOUL_S + 3600, -7.5, 61.0),
        (FIVE_IN_SEOUL_S, FIVE_IN_SEOUL_S + 7200, -7.0, None),
    ]


def test_a_bad_line_is_refused_alone_with_its_reason() -> None:
    found = read(
        "2026-01-15 05:00,2026-01-15 06:00,-7.5,61",
        "2026-01-15 05:00,2026-01-15 07:00,cold,61",
        "2026-01-15 05:00,2026-01-15 08:00,999,61",
        "2026-01-15 05:00,2026-01-15 09:00,-5,101",
        "soon,2026-01-15 10:00,-5,50",
        "2026-01-15 05:00,2026-02-31 10:00,-5,50",
        "2026-01-15 05:00,2026-01-15 03:00,-5,50",
        "2026-01-15 05:00,2026-01-15 11:00",
        "2026-01-15 05:00,2026-01-15 12:00,-4,55",
    )
    assert [hour[1] - FIVE_IN_SEOUL_S for hour in found.hours.rows()] == [3600, 7 * 3600]
    assert found.rejects.select("line", "column", "reason").rows() == [
        (3, "temperature_c", "is not a number"),
        (4, "temperature_c", "lies outside -90 to 60"),
        (5, "humidity_pct", "lies outside 0 to 100"),
        (6, "issued_at", "the time is not understood"),
        (7, "time", "there is no such date"),
        (8, "time", "the hour was over when this was issued: it is no forecast"),
        (9, "", "has 2 cells where the other lines have 4"),
    ]


def test_an_hour_that_the_clocks_leave_out_is_refused() -> None:
    found = read(
        "2026-03-28 12:00,2026-03-29 01:30,9,50", "2026-03-28 12:00,2026-03-29 03:00,9,50", timezone="Europe/London"
    )
    assert found.rejects.select("line", "column").rows() == [(2, "time")]
    assert "clocks go forward" in found.rejects["reason"][0]
    assert found.hours.height == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InvalidInput, match="the column issued_at is missing"):
        read("2026-01-15 06:00,-7.5", header="time,temperature_c")
    with pytest.raises(InvalidInput, match="the column temperature_c is missing"):
        read("2026-01-15 05:00,2026-01-15 06:00,3", header="issued_at,time,rain_mm")


def test_a_column_may_be_left_out_and_a_row_without_weather_is_no_row() -> None:
    found = read(
        "2026-01-15 05:00,2026-01-15 06:00,-7.5", "2026-01-15 05:00,2026-01-15 07:00,-",
        header="issued_at,time,temperature_c",
    )  # fmt: skip
    assert found.rejects.is_empty()
    assert found.hours.rows() == [(FIVE_IN_SEOUL_S, FIVE_IN_SEOUL_S + 3600, -7.5, None)]
