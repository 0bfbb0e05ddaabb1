"""Units of files: those of the trade convert, one that is named and not known is asked for, never taken for the usual one."""

import pytest

from ondol.common.errors import InvalidInput
from ondol.common.units import conversion
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile

ROWS = "\n".join(f"2026-01-0{day},{day}.5" for day in range(1, 6))


def read(header: str, rows: str = ROWS, **options: str) -> ParsedFile:
    return read_file(f"{header}\n{rows}\n".encode(), "file.csv", ImportOptions(**options), "hq")


@pytest.mark.parametrize(
    ("unit", "kwh"),
    [
        ("therm", 29.3001), ("kBtu", 0.293071), ("MMBtu", 293.071), ("GJ", 277.778), ("MJ", 0.277778), ("Gcal", 1163), ("Mcal", 1.163),
        ("toe", 11_630), ("RTh", 3.51685),
    ],
)  # fmt: skip
def test_energy_of_the_trade_in_kwh(unit: str, kwh: float):
    factor, offset = conversion(unit, "kWh") or (0, 0)
    assert factor == pytest.approx(kwh, rel=1e-5)
    assert offset == 0


@pytest.mark.parametrize(
    ("unit", "m3"),
    [("CCF", 2.831685), ("Mcf", 28.31685), ("ft3", 0.02831685), ("US gal", 0.003785412), ("imp gal", 0.00454609)],
)
def test_volumes_of_the_trade_in_cubic_metres(unit: str, m3: float):
    assert (conversion(unit, "m3") or (0, 0))[0] == pytest.approx(m3, rel=1e-6)


def test_a_volume_never_becomes_energy_by_itself():
    assert conversion("CCF", "kWh") is None
    assert conversion("m3", "kWh") is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Date,Gas Usage (therms)", "therm"), ("Date,Electricity Use (kBtu)", "kBtu"), ("Date,gas_ccf", "CCF"), ("Date,grid_power_w", "W"),
        ("Date,Active Power W", "W"), ("Date,Active Power (W)", "W"), ("날짜,유효전력 W", "W"), ("Date,Water (US gal)", "US gal"),
    ],
)  # fmt: skip
def test_the_header_says_the_unit(header: str, unit: str):
    assert [series.unit for series in read(header).series] == [unit]


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("Date,Water Consumption (gal)", "US gal or imp gal"), ("Date,water_gallons", "US gal or imp gal"), ("Date,Gas (Nm3)", "normal"),
        ("Date,Electricity Use (qux)", "kWh"), ("Date,Gas [decatherm]", "therm"), ("날짜,가스 사용량(드럼)", "m3"),
    ],
)  # fmt: skip
def test_a_named_unit_that_is_not_known_is_asked_for(header: str, named: str):
    with pytest.raises(InvalidInput, match="--unit") as refused:
        read(header)
    assert named in str(refused.value)
    assert read(header, unit="kWh").series[0].unit == "kWh"


@pytest.mark.parametrize(
    "header", ["Date,Electricity (main)", "Date,Electricity (B2)", "날짜,전력(경부하)", "Date,Electricity (total)"]
)
def test_words_that_say_which_are_no_units(header: str):
    assert [series.unit for series in read(header).series] == ["kWh"]


def test_a_column_of_units_counts_without_a_column_of_names():
    rows = "\n".join(f"2026-01-0{day},{day}500,Wh" for day in range(1, 6))
    assert [series.unit for series in read("Date,Energy,Unit", rows).series] == ["Wh"]
    with pytest.raises(InvalidInput, match="several units"):
        read("Date,Energy,Unit", rows + "\n2026-01-06,6,kWh")
    with pytest.raises(InvalidInput, match="qux"):
        read("Date,Energy,Unit", rows.replace("Wh", "qux"))
