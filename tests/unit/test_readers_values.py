"""Cells as numbers: missing values, decimal commas, thousands, what is refused; zeros of meters."""

from typing import Any

import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile


def read(values: list[str], delimiter: str = ";", header: str = "load [kWh]", **options: Any) -> ParsedFile:
    rows = [f"2024-01-{15 + index // 24} {index % 24:02}:00{delimiter}{value}" for index, value in enumerate(values)]
    text = "\n".join([f"time{delimiter}{header}", *rows])
    settings: dict[str, Any] = {"timezone": "UTC", "stamp": "start", **options}
    return read_file(text.encode(), "electricity.csv", ImportOptions(**settings), "hall")


def test_missing_values_are_counted_not_rejected() -> None:
    parsed = read(["1", "", "-", "N/A", "null", "NULL", "na", "결측", "2"])
    assert parsed.frame["value"].to_list() == [1, 2]
    assert parsed.missing == 7
    assert parsed.rejects.is_empty()
    assert "7 values are missing." in parsed.notes


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "inf", "-Infinity", "1_0", "abc", "0x10", "1e999", "1..2", "12 kW", "--5", "٣"]
)
def test_what_is_no_number_is_rejected_with_its_line(text: str) -> None:
    parsed = read(["1", text, "3", "4", "5"])
    assert parsed.frame["value"].to_list() == [1, 3, 4, 5]
    assert parsed.rejects.rows() == [(3, "load [kWh]", text, "is not a number")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.5", "-2", "+3", ".5", "1e3"], [1.5, -2, 3, 0.5, 1000]),
        (["1,5", "2,25", "3"], [1.5, 2.25, 3]),
        (["1.234,5", "12.345.678,25", "3,75"], [1234.5, 12345678.25, 3.75]),
        (["1,234.5", "12,345,678.25", "3.75"], [1234.5, 12345678.25, 3.75]),
        (["1,234,567", "1,234", "12"], [1234567, 1234, 12]),
        (["0,123", "0,456", "1,234"], [0.123, 0.456, 1.234]),
        (["1 234,5", "2 345,6", "7,8"], [1234.5, 2345.6, 7.8]),
        (["1 234.5", "2 345.6", "7.8"], [1234.5, 2345.6, 7.8]),
        (["1'234.5", "2'345.6", "7.8"], [1234.5, 2345.6, 7.8]),
    ],
)
def test_decimal_signs_and_thousands(values: list[str], expected: list[float]) -> None:
    parsed = read(values)
    assert parsed.frame["value"].to_list() == expected
    assert parsed.rejects.is_empty()


def test_a_comma_that_may_be_either_asks() -> None:
    with pytest.raises(InvalidInput, match="--decimal-comma or --no-decimal-comma"):
        read(["1,234", "2,345"])
    assert read(["1,234", "2,345"], decimal_comma=True).frame["value"].to_list() == [1.234, 2.345]
    assert read(["1,234", "2,345"], decimal_comma=False).frame["value"].to_list() == [1234, 2345]
    assert read(['"1,234"', '"2,345"'], delimiter=",").frame["value"].to_list() == [1234, 2345]


def test_a_value_of_the_other_style_is_rejected() -> None:
    parsed = read(["1,5", "2,5", "1,234.5", "3,5"])
    assert parsed.rejects["text"].to_list() == ["1,234.5"]


def test_zeros_of_meters_are_missing_when_told_so() -> None:
    text = "time,load [kWh],T [degC]\n" + "".join(f"2024-01-15 {hour:02}:00,{hour % 3},0\n" for hour in range(24))
    options = ImportOptions(timezone="UTC", zero_is_missing=True)
    parsed = read_file(text.encode(), "hall.csv", options, "hall")
    counts = dict(parsed.frame.group_by("series").len().iter_rows())
    assert counts == {0: 16, 1: 24}
    assert "8 zeros were taken as missing." in parsed.notes
