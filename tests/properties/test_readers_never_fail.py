"""Whatever a file holds: readings, rejects, or one sentence on what is wrong with it; never another failure."""

import math

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ondol.common.errors import InvalidInput
from ondol.forecasts.ports.weather_forecasts import FORECAST_HOURS
from ondol.forecasts.weather_forecast_files import read_weather_forecasts
from ondol.imports.files import read_file
from ondol.imports.model import HISTORY, REJECTS, ImportOptions, ParsedFile

STAMPS = st.one_of(
    st.datetimes().map(str),
    st.datetimes().map(lambda time: time.strftime("%d/%m/%Y %H:%M")),
    st.sampled_from(
        [
            "2024-01-15 24:00",
            "2024년 1월 15일 오후 3시",
            "31/02/2024 00:00",
            "",
            "합계",
            "20240115",
            "1",
            "2024-10-27 02:30",
        ]
    ),
    st.text(alphabet="0123456789-/:. TZ+오전후", max_size=25),
)
VALUES = st.one_of(
    st.floats().map(str),
    st.sampled_from(["", "-", "nan", "1_0", "1,5", "1.234,5", "1,234", '"1,234"', '"', "abc", "1 234"]),
    st.text(max_size=12),
)
CELLS = st.one_of(STAMPS, VALUES)
HEADERS = st.sampled_from(
    ["time", "date", "일시", "kWh", "Temperature", "point", "unit", "hour", "V2", "", "total kWh", "row"]
)
NAMES = st.sampled_from(["a.csv", "electricity-2024.csv", "b.xlsx", "temp.txt", "-"])
OPTIONS = st.builds(
    ImportOptions,
    timezone=st.sampled_from(["Asia/Seoul", "Europe/Berlin", "UTC"]),
    stamp=st.sampled_from([None, "start", "end"]),
    decimal_comma=st.sampled_from([None, True, False]),
    zero_is_missing=st.booleans(),
    quantity=st.sampled_from([None, "electricity", "comfort"]),
    date_format=st.sampled_from([None, None, "%d/%m/%Y %H:%M", "%Q"]),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    width = draw(st.integers(1, 4))
    header = draw(st.lists(HEADERS, min_size=1, max_size=width))
    rows = draw(st.lists(st.lists(CELLS, min_size=0, max_size=width + 1), max_size=12))
    good = [[f"2024-01-15 {hour:02}:00", *["1.5"] * (width - 1)] for hour in range(draw(st.integers(0, 24)))]
    text = "\n".join(delimiter.join(row) for row in [header, *good, *rows])
    return text.encode(draw(st.sampled_from(["utf-8", "utf-16"])), errors="replace")


def check(data: bytes, name: str, options: ImportOptions) -> ParsedFile | None:
    try:
        parsed = read_file(data, name, options, "hall")
    except InvalidInput:
        return None
    assert parsed.frame.schema == HISTORY
    assert parsed.rejects.schema == REJECTS
    assert all(math.isfinite(value) for value in parsed.frame["value"])
    assert parsed.frame.select("series", "time_us").is_unique().all()
    assert parsed.rejects["reason"].null_count() == 0
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for found in (parsed.frame["line"], parsed.rejects["line"]):
        assert found.filter(found > lines).is_empty() or name.endswith("xlsx")
    return parsed


@settings(max_examples=200, deadline=None)
@given(data=tables(), name=NAMES, options=OPTIONS)
def test_a_table_of_odd_cells(data: bytes, name: str, options: ImportOptions) -> None:
    check(data, name, options)


@settings(max_examples=100, deadline=None)
@given(
    data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
    name=NAMES,
)
def test_garbage(data: bytes, name: str) -> None:
    check(data, name, ImportOptions())


@settings(max_examples=100, deadline=None)
@given(
    header=st.permutations(["issued_at", "time", "temperature_c", "humidity_pct"]),
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=5), max_size=12),
)
def test_a_weather_forecast_of_odd_cells(header: list[str], rows: list[list[str]]) -> None:
    good = ["2024-01-15 00:00,2024-01-15 00:00,1.5,50"]
    text = "\n".join([",".join(header), *(good if header[:2] == ["issued_at", "time"] else []), *map(",".join, rows)])
    try:
        read = read_weather_forecasts(text.encode(), "kma.csv", "Europe/Berlin")
    except InvalidInput:
        return
    assert read.hours.schema == FORECAST_HOURS
    assert read.rejects.schema == REJECTS
    assert (read.hours["valid_s"] + 3600 > read.hours["issued_s"]).all()


@settings(max_examples=40, deadline=None)
@given(
    bad=st.dictionaries(st.integers(0, 95), st.sampled_from(["abc", "nan", "1_0", "1.5,7", "x,y,z"]), max_size=20),
    stamp=st.sampled_from(["%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%Y.%m.%d %H시%M분"]),
)
def test_every_bad_row_is_rejected_alone(bad: dict[int, str], stamp: str) -> None:
    clock = pl.datetime_range(pl.datetime(2024, 1, 15), pl.datetime(2024, 1, 15, 23, 45), "15m", eager=True)
    rows = [f"{time.strftime(stamp)},{bad.get(index, '2.5')}" for index, time in enumerate(clock)]
    text = "time,kWh\n" + "\n".join(rows)
    parsed = check(text.encode(), "electricity.csv", ImportOptions(stamp="start"))
    assert parsed is not None
    assert parsed.frame["line"].to_list() == [index + 2 for index in range(96) if index not in bad]
    assert parsed.rejects["line"].to_list() == sorted(index + 2 for index in bad)
