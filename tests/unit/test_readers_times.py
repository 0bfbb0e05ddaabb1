"""Stamps: formats, order of day and month, offsets, summer time, interval ends, spacing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile


def read(
    stamps: list[str], name: str = "electricity.csv", header: str = "time;load [kWh]", **options: Any
) -> ParsedFile:
    rows = [f"{stamp};{1 + index % 7}" for index, stamp in enumerate(stamps)]
    settings: dict[str, Any] = {"timezone": "UTC", **options}
    return read_file("\n".join([header, *rows]).encode(), name, ImportOptions(**settings), "hall")


def times(parsed: ParsedFile) -> list[datetime]:
    return [datetime.fromtimestamp(time / 1e6, UTC) for time in parsed.frame["time_us"]]


def quarters(start: datetime, count: int, form: str) -> list[str]:
    return [(start + timedelta(minutes=15 * index)).strftime(form) for index in range(count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-15 15:30:05", datetime(2024, 1, 15, 15, 30, 5, tzinfo=UTC)),
        ("2024-1-15 5:30", datetime(2024, 1, 15, 5, 30, tzinfo=UTC)),
        ("2024-01-15T15:30:00.250Z", datetime(2024, 1, 15, 15, 30, 0, 250_000, tzinfo=UTC)),
        ("2024-01-15 15:30:00+09:00", datetime(2024, 1, 15, 6, 30, tzinfo=UTC)),
        ("2024-01-15 15:30:00-0330", datetime(2024, 1, 15, 19, 0, tzinfo=UTC)),
        ("2024.01.15 15:30", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("2024. 1. 15. 15:30", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("2024/01/15 15:30", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("2024-01-15 오후 3:15", datetime(2024, 1, 15, 15, 15, tzinfo=UTC)),
        ("2024-01-15 오전 12:15:30", datetime(2024, 1, 15, 0, 15, 30, tzinfo=UTC)),
        ("2024년 1월 15일", datetime(2024, 1, 15, tzinfo=UTC)),
        ("2024년 1월 15일 15시 30분", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("2024-01-15(월) 15:30", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("15.01.2024 15:30", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("1/15/2024 3:30 PM", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("1/15/2024 12:30 AM", datetime(2024, 1, 15, 0, 30, tzinfo=UTC)),
        ("20240115 1530", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("202401151530", datetime(2024, 1, 15, 15, 30, tzinfo=UTC)),
        ("20240115T153005Z", datetime(2024, 1, 15, 15, 30, 5, tzinfo=UTC)),
        ("2024-01-15 24:00", datetime(2024, 1, 16, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_understood(text: str, expected: datetime) -> None:
    parsed = read([text], header="일시;온도", name="room.csv", stamp="start")
    assert times(parsed) == [expected]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-02-30 00:00", "there is no such date"),
        ("2024-01-15 25:00", "there is no such time of day"),
        ("2024-01-15 24:01", "there is no such time of day"),
        ("2024-01-15 12:61", "there is no such time of day"),
        ("0204-01-15 12:00", "the year lies outside 1970 to 2099"),
        ("합계", "the time is not understood"),
        ("2024-01-15 1530", "the time is not understood"),
        ("", "the time is missing"),
    ],
)
def test_a_stamp_that_cannot_be_is_rejected_alone(text: str, reason: str) -> None:
    parsed = read([*quarters(datetime(2024, 1, 15), 8, "%Y-%m-%d %H:%M"), text], stamp="start")
    assert parsed.frame.height == 8
    assert parsed.rejects.rows() == [(10, "time", text, reason)]


def test_day_and_month_are_told_by_a_part_above_twelve() -> None:
    stamps = ["11/01/2024 00:00", "12/01/2024 00:00", "13/01/2024 00:00"]
    parsed = read(stamps, header="time;temp", name="room.csv")
    assert times(parsed)[0] == datetime(2024, 1, 11, tzinfo=UTC)
    assert "Dates are day/month/year." in parsed.notes


def test_day_and_month_are_told_by_the_run_of_the_hours() -> None:
    for form, note in (("%d/%m/%Y %H:%M", "day/month/year"), ("%m/%d/%Y %H:%M", "month/day/year")):
        parsed = read(quarters(datetime(2024, 3, 1), 3 * 96, form), stamp="start")
        assert times(parsed)[-1] == datetime(2024, 3, 3, 23, 45, tzinfo=UTC)
        assert f"Dates are {note}." in parsed.notes


def test_day_and_month_are_told_by_times_that_would_run_back() -> None:
    stamps = ["05/11/2023", "06/11/2023", "07/11/2023", "01/12/2023"]
    assert times(read(stamps, header="date;temp", name="room.csv"))[3] == datetime(2023, 12, 1, tzinfo=UTC)


def test_an_ambiguous_date_asks_for_the_format() -> None:
    stamps = quarters(datetime(2024, 2, 1), 96, "%d/%m/%Y %H:%M")
    with pytest.raises(InvalidInput, match="--date-format '%d/%m/%Y %H:%M' or --date-format '%m/%d/%Y %H:%M'"):
        read(stamps)
    assert times(read(stamps, date_format="%d/%m/%Y %H:%M"))[0] == datetime(2024, 2, 1, tzinfo=UTC)
    assert times(read(stamps, date_format="%m/%d/%Y %H:%M"))[0] == datetime(2024, 1, 2, tzinfo=UTC)


def test_a_given_format_reads_month_names_and_24_oclock() -> None:
    parsed = read(["15-Jan-2024 23:00", "15-Jan-2024 24:00", "oops"], date_format="%d-%b-%Y %H:%M", stamp="start")
    assert times(parsed) == [datetime(2024, 1, 15, 23, tzinfo=UTC), datetime(2024, 1, 16, tzinfo=UTC)]
    assert parsed.rejects["reason"].to_list() == ["the time is not in the format %d-%b-%Y %H:%M"]
    with pytest.raises(InvalidInput, match="not in the format %Q"):
        read(["2024-01-15"], date_format="%Q", time_column="time")


def test_local_times_are_placed_in_the_buildings_zone() -> None:
    parsed = read(["2024-01-15 00:00", "2024-01-15 01:00"], timezone="Asia/Seoul", stamp="start")
    assert times(parsed)[0] == datetime(2024, 1, 14, 15, tzinfo=UTC)


def local_day(steps_per_hour: int, day: datetime, hours: list[int]) -> list[str]:
    minutes = [60 // steps_per_hour * step for step in range(steps_per_hour)]
    return [f"{day:%Y-%m-%d} {hour:02}:{minute:02}" for hour in hours for minute in minutes]


@pytest.mark.parametrize("steps_per_hour", [1, 4])
@pytest.mark.parametrize("newest_first", [False, True])
def test_the_repeated_hour_of_autumn_is_taken_in_file_order(steps_per_hour: int, newest_first: bool) -> None:
    stamps = local_day(steps_per_hour, datetime(2024, 10, 27), [0, 1, 2, 2, *range(3, 24)])
    parsed = read(stamps[::-1] if newest_first else stamps, timezone="Europe/Berlin", stamp="start")
    found = times(parsed)
    assert len(found) == 25 * steps_per_hour
    assert {b - a for a, b in pairwise(found)} == {timedelta(minutes=60 // steps_per_hour)}


def test_an_hour_that_spring_skips_is_rejected() -> None:
    parsed = read(local_day(1, datetime(2024, 3, 31), list(range(24))), timezone="Europe/Berlin", stamp="start")
    assert parsed.frame.height == 23
    assert parsed.rejects["line"].to_list() == [4]
    assert "no such local time in Europe/Berlin" in parsed.rejects["reason"][0]


def test_interval_end_stamps_are_given_or_found() -> None:
    ends = quarters(datetime(2024, 1, 15, 0, 15), 96, "%Y-%m-%d %H:%M")
    found = read(ends)
    assert (times(found)[0], times(found)[-1]) == (
        datetime(2024, 1, 15, tzinfo=UTC),
        datetime(2024, 1, 15, 23, 45, tzinfo=UTC),
    )
    assert any("ends of the intervals" in note for note in found.notes)
    assert times(read(ends, stamp="start"))[0] == datetime(2024, 1, 15, 0, 15, tzinfo=UTC)
    assert times(read(ends[:50]))[0] == datetime(2024, 1, 15, 0, 15, tzinfo=UTC)
    assert times(read(ends[:50], stamp="end"))[0] == datetime(2024, 1, 15, tzinfo=UTC)


def test_24_oclock_says_that_stamps_are_ends() -> None:
    parsed = read([f"2024-01-15 {hour:02}:00" for hour in range(10, 25)])
    assert times(parsed)[-1] == datetime(2024, 1, 15, 23, tzinfo=UTC)


def test_midnight_written_on_the_day_that_ends_there() -> None:
    ends = quarters(datetime(2024, 1, 15, 0, 15), 192, "%Y-%m-%d %H:%M")
    ends[95], ends[191] = "2024-01-15 00:00", "2024-01-16 00:00"
    parsed = read(ends)
    assert (times(parsed)[0], times(parsed)[-1]) == (
        datetime(2024, 1, 15, tzinfo=UTC),
        datetime(2024, 1, 16, 23, 45, tzinfo=UTC),
    )
    assert parsed.frame["line"].to_list() == list(range(2, 194))
    assert any(note.startswith("2 midnights") for note in parsed.notes)


def test_daily_amounts_with_end_stamps_follow_the_local_calendar() -> None:
    stamps = [f"2024-03-{day:02}" for day in range(29, 32)] + ["2024-04-01", "2024-04-02"]
    parsed = read(stamps, header="date;load [kWh]", timezone="Europe/Berlin", stamp="end")
    assert parsed.series[0].interval_s == 86_400
    assert times(parsed)[2:4] == [datetime(2024, 3, 29, 23, tzinfo=UTC), datetime(2024, 3, 30, 23, tzinfo=UTC)]


@pytest.mark.parametrize(
    "clocks", [["00:00", "00:15", "00:30"], ["오전 12:00", "오전 12:15", "오전 12:30"], ["0000", "0015", "0030"]]
)
def test_date_and_time_in_two_columns(clocks: list[str]) -> None:
    text = "date,time,kWh\n" + "".join(f"2024-01-15,{clock},1\n" for clock in clocks)
    parsed = read_file(text.encode(), "electricity.csv", ImportOptions(timezone="UTC", stamp="start"), "hall")
    assert times(parsed) == [datetime(2024, 1, 15, 0, minute, tzinfo=UTC) for minute in (0, 15, 30)]


def test_hours_1_to_24_beside_a_date_are_interval_ends() -> None:
    text = "일자,시간,사용량(kWh)\n" + "".join(f"2024-01-15,{hour},{hour}\n" for hour in range(1, 25))
    parsed = read_file(text.encode("cp949"), "report.csv", ImportOptions(timezone="UTC"), "hall")
    assert times(parsed) == [datetime(2024, 1, 15, hour, tzinfo=UTC) for hour in range(24)]


def test_exact_repeats_are_dropped_and_conflicts_keep_the_last_line() -> None:
    text = (
        "time,kWh\n2024-01-15 00:00,1\n2024-01-15 01:00,2\n2024-01-15 01:00,2\n2024-01-15 02:00,3\n2024-01-15 00:00,9\n"
    )
    parsed = read_file(text.encode(), "electricity.csv", ImportOptions(stamp="start"), "hall")
    assert parsed.frame["value"].to_list() == [9, 2, 3]
    assert parsed.frame["line"].to_list() == [6, 4, 5]
    assert "1 repeated readings were dropped." in parsed.notes
    assert any("1 times appear with different values" in note and "line 2" in note for note in parsed.notes)


def test_amounts_need_a_regular_spacing() -> None:
    question = read(["2024-01-15 00:00"]).series[0].question
    assert question is not None
    assert "--kind register" in question
    irregular = read([f"2024-01-15 {hour:02}:00" for hour in (0, 1, 3, 6, 8, 12, 13, 17, 23)]).series[0].question
    assert irregular is not None
    assert "too irregular" in irregular
    assert read(["2024-01-15 00:00"], header="time;power [kW]").frame.height == 1


FIRST = datetime(2024, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stamps", "timezone"),
    [
        ([f"{1_717_372_800 + 900 * n}" for n in range(96)], "Asia/Seoul"),
        ([f"{(1_717_372_800 + 900 * n) * 1000}" for n in range(96)], "Asia/Seoul"),
        ([f"{45_446 + n / 96:.9f}" for n in range(96)], "UTC"),
        ([f"{45_446 + n / 96:.5f}" for n in range(96)], "UTC"),
    ],
    ids=["unix seconds", "unix milliseconds", "excel days", "excel days, rounded"],
)
def test_times_that_are_numbers(stamps: list[str], timezone: str) -> None:
    parsed = read(stamps, timezone=timezone)
    assert times(parsed) == [FIRST + timedelta(minutes=15 * n) for n in range(96)]
    assert any("Unix" in note or "Excel" in note for note in parsed.notes)


def test_numbers_that_go_back_are_no_times() -> None:
    with pytest.raises(InvalidInput, match="no column holds times"):
        read(["1717372800", "1717372700", "1717372900"])


def test_a_number_that_is_no_time_is_refused_alone() -> None:
    stamps = [f"{1_717_372_800 + 900 * n}" for n in range(200)]
    parsed = read([*stamps[:150], "17173", *stamps[150:]])
    assert parsed.frame.height == 200
    assert parsed.rejects["line"].to_list() == [152]


@pytest.mark.parametrize("form", ["%d-%b-%Y %H:%M", "%d %B %Y %H:%M", "%b %d, %Y %H:%M", "%d-%b-%Y %I:%M %p"])
def test_months_by_their_names(form: str) -> None:
    parsed = read(quarters(datetime(2024, 6, 3), 96, form))
    assert times(parsed) == [FIRST + timedelta(minutes=15 * n) for n in range(96)]
