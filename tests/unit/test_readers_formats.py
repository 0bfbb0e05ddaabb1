"""Files as tables: encodings, delimiters, headers, workbooks, rows of the wrong width."""

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile

HOURS = [f"2024-01-15 {hour:02}:00" for hour in range(24)]


def read(text: str | bytes, name: str = "electricity.csv", **options: Any) -> ParsedFile:
    data = text.encode() if isinstance(text, str) else text
    return read_file(data, name, ImportOptions(**options), "hall")


def hourly(delimiter: str = ",", header: str = "time{d}load [kWh]") -> str:
    rows = [f"{hour}{delimiter}{index}.5" for index, hour in enumerate(HOURS)]
    return "\n".join([header.format(d=delimiter), *rows, ""])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_found(delimiter: str) -> None:
    parsed = read(hourly(delimiter))
    assert parsed.frame["value"].to_list() == [index + 0.5 for index in range(24)]
    assert parsed.frame["line"].to_list() == list(range(2, 26))
    assert parsed.rejects.is_empty()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_encoding_is_found(encoding: str) -> None:
    text = hourly(header="일시{d}전력사용량(kWh)") if encoding != "utf-16-le" else hourly()
    parsed = read(text.encode(encoding), "report.csv")
    assert [spec.quantity for spec in parsed.series] == ["electricity"]
    assert parsed.frame.height == 24


def test_windows_and_old_mac_line_ends_keep_line_numbers() -> None:
    for newline in ("\r\n", "\r"):
        parsed = read(hourly().replace("\n", newline))
        assert parsed.frame["line"].to_list() == list(range(2, 26))


def test_blank_lines_do_not_shift_line_numbers() -> None:
    parsed = read("time,kWh\n\n2024-01-15 00:00,1\n\n\n2024-01-15 01:00,x\n2024-01-15 02:00,3\n")
    assert parsed.frame["line"].to_list() == [3, 7]
    assert parsed.rejects.rows() == [(6, "kWh", "x", "is not a number")]


def test_a_row_of_the_wrong_width_is_rejected_alone() -> None:
    lines = hourly().splitlines()
    lines[5] += ",7,8"
    lines[9] = "2024-01-15 08:00"
    parsed = read("\n".join(lines))
    assert parsed.frame.height == 22
    assert parsed.rejects["line"].to_list() == [6, 10]
    assert parsed.rejects["reason"][0] == "has 4 cells where the other lines have 2"


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    rows = "".join(f'"{hour}","1,{index:03}.5"\n' for index, hour in enumerate(HOURS))
    parsed = read(f'time,"load\n[kWh]"\n{rows}')
    assert parsed.series[0].column == "load [kWh]"
    assert parsed.frame["value"].to_list() == [1000.5 + index for index in range(24)]
    assert parsed.frame["line"].to_list() == list(range(3, 27))


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    lines = hourly().splitlines()
    lines[4] = '2024-01-15 03:00,"3.5'
    parsed = read("\n".join(lines))
    assert parsed.frame.height == 23
    assert parsed.rejects["line"].to_list() == [5]


def test_what_stands_above_the_header_is_skipped_with_a_note() -> None:
    parsed = read("건물 전력 보고서\n기간: 2024\n" + hourly(header="일시{d}사용량(kWh)"), "report.csv")
    assert parsed.frame["line"].to_list() == list(range(4, 28))
    assert "Skipped 2 lines above the header." in parsed.notes


def test_excels_separator_line_and_padded_titles() -> None:
    padded = "전력 보고서;;\n" + "일시;사용량(kWh);비고\n" + "".join(f"{hour};1,5;\n" for hour in HOURS)
    parsed = read("sep=;\n" + padded, "report.csv")
    assert parsed.frame["value"].sum() == 24 * 1.5
    assert parsed.frame["line"][0] == 4


def test_units_below_the_header_are_read_as_units() -> None:
    parsed = read("time,load,room\n,(kWh),(℃)\n" + "".join(f"{hour},1,20\n" for hour in HOURS), "export.csv")
    assert [(spec.quantity, spec.unit) for spec in parsed.series] == [("electricity", "kWh"), ("temperature", "degC")]


def test_a_file_without_a_header_is_read_by_its_contents() -> None:
    headless = "\n".join(hourly().splitlines()[1:])
    parsed = read(headless, unit="kWh")
    assert parsed.frame.height == 24
    assert parsed.series[0].column == "column 2"
    with pytest.raises(InvalidInput, match="--unit"):
        read(headless)


def test_row_names_without_a_header_are_left_out() -> None:
    rows = "".join(f'"{index + 1}","{hour}",21.5\n' for index, hour in enumerate(HOURS))
    parsed = read(f'"date","Temperature"\n{rows}', "room.txt")
    assert [spec.column for spec in parsed.series] == ["Temperature"]
    assert parsed.frame["value"].unique().to_list() == [21.5]


def test_a_delimiter_at_the_end_of_every_row_is_no_column() -> None:
    parsed = read("time;Temperature\n" + "".join(f"{hour};21.5;\n" for hour in HOURS), "room.txt")
    assert [spec.column for spec in parsed.series] == ["Temperature"]


def test_a_header_of_two_equal_names_is_told_apart() -> None:
    parsed = read("time,kWh,kWh\n" + "".join(f"{hour},1,2\n" for hour in HOURS))
    assert [spec.point for spec in parsed.series] == ["hall.electricity.kwh", "hall.electricity.kwh_2"]


def workbook(rows: list[list[Any]], above: int = 0, title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    book.create_sheet("other").append(["nothing"])
    for _ in range(above):
        book.active.append([])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def quarter_hours(count: int) -> list[list[Any]]:
    start = datetime(2024, 1, 15)
    return [[start + timedelta(minutes=15 * index), 1.25 * index] for index in range(count)]


def test_a_workbook_keeps_sheet_rows_as_line_numbers() -> None:
    rows = [["일시", "전력사용량(kWh)"], *quarter_hours(8), ["합계", 35.0]]
    parsed = read(workbook(rows, above=2), "사용량.xlsx")
    assert parsed.frame["line"].to_list() == list(range(4, 12))
    assert parsed.frame["value"].to_list() == [1.25 * index for index in range(8)]
    assert parsed.rejects.rows() == [(12, "일시", "합계", "the time is not understood")]
    assert parsed.series[0].interval_s == 900


def test_a_sheet_is_chosen_by_name() -> None:
    data = workbook([["time", "kWh"], *quarter_hours(4)], title="meters")
    assert read(data, "m.xlsx", sheet="meters").frame.height == 4
    with pytest.raises(InvalidInput, match="meters, other"):
        read(data, "m.xlsx", sheet="wrong")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x00\x01\x02\x03\x04" * 50, "not a text file"),
        (b"PK\x03\x04 broken", "workbook"),
        (b"time,kWh\n", "no readings follow"),
        (b"hello\nworld\n", "no columns"),
        (b"time,kWh\nabc,1\ndef,2\n", "no column holds times"),
        (b"time,name\n2024-01-01 00:00,abc\n2024-01-01 01:00,def\n", "no column holds numbers"),
        (b"time,V2\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", "quantity"),
        ((",".join(["a"] * 3000) + "\n").encode() * 3, "too many"),
    ],
)
def test_what_is_no_meter_file_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read(data, "file.csv")


def test_wrong_options_are_named() -> None:
    for options, message in [
        ({"encoding": "klingon"}, "is not read"),
        ({"encoding": "ascii"}, "not written in ascii"),
        ({"delimiter": "ab"}, "one sign"),
        ({"timezone": "Mars/Base"}, "no time zone"),
        ({"time_column": "when"}, "no column 'when'"),
        ({"value_column": "what"}, "no column 'what'"),
    ]:
        with pytest.raises(InvalidInput, match=message):
            read(hourly(header="time{d}전력[kWh]"), **options)


def test_one_huge_line_is_rejected_alone() -> None:
    parsed = read(hourly() + "2024-01-16 00:00," + "9" * 2_000_000 + "\n")
    assert parsed.frame.height == 24
    assert parsed.rejects["line"].to_list() == [26]
    assert len(parsed.rejects["text"][0]) < 200
