"""Which columns are readings, what they are to each other, and what is asked: small files of the kinds that people have."""

from collections.abc import Iterable

import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.mapping import parse_mapping
from ondol.imports.model import ImportOptions, ParsedFile
from ondol.sites.model import PointKind


def hours(*columns: Iterable[object], form: str = "2024-06-03 {:02}:00") -> str:
    return "\n".join(",".join([form.format(h), *map(str, row)]) for h, row in enumerate(zip(*columns, strict=True)))


def read(header: str, rows: str, name: str = "file.csv", **options: object) -> ParsedFile:
    return read_file(f"{header}\n{rows}\n".encode(), name, ImportOptions(timezone="Asia/Seoul", **options), "k")  # pyright: ignore[reportArgumentType]


def roles(parsed: ParsedFile) -> dict[str, str]:
    return {spec.column: spec.role.value for spec in parsed.series}


USE = [1 + h % 5 for h in range(24)]
PART = [1 + h % 2 for h in range(24)]
REST = [use + 1 - part for use, part in zip(USE, PART, strict=True)]
MAINS = [use + 1 for use in USE]
STANDS = [500 + sum(USE[: h + 1]) for h in range(24)]


@pytest.mark.parametrize(
    ("header", "columns", "expected"),
    [
        ("time,Mains (kWh),A (kWh),B (kWh)", (MAINS, PART, REST), {"Mains (kWh)": "main", "A (kWh)": "submeter", "B (kWh)": "submeter"}),
        ("time,Grid (kWh),EV charger (kWh)", (MAINS, PART), {"Grid (kWh)": "main", "EV charger (kWh)": "submeter"}),
        ("time,x (kWh),y (kWh),z (kWh)", (PART, REST, MAINS), {"x (kWh)": "submeter", "y (kWh)": "submeter", "z (kWh)": "main"}),
        ("time,Chiller 1 (kWh),Chiller 2 (kWh)", (USE, PART), {"Chiller 1 (kWh)": "main", "Chiller 2 (kWh)": "main"}),
        ("time,Main building (kWh),Annex (kWh)", (USE, PART), {"Main building (kWh)": "main", "Annex (kWh)": "main"}),
        ("time,Usage (kWh),Demand (kW)", (USE, [9] * 24), {"Usage (kWh)": "main", "Demand (kW)": "check"}),
        ("time,Energy (kWh),Power (kW)", (USE, USE), {"Energy (kWh)": "main", "Power (kW)": "check"}),
        ("일시,수전(kWh),태양광 발전(kWh),역송(kWh)", (USE, PART, REST),
         {"수전(kWh)": "main", "태양광 발전(kWh)": "generation", "역송(kWh)": "export"}),
        ("time,Battery charge (kWh),Import (kWh)", (PART, USE), {"Battery charge (kWh)": "storage", "Import (kWh)": "main"}),
        ("time,Interval (kWh),Meter reading (kWh)", (USE, STANDS), {"Interval (kWh)": "main", "Meter reading (kWh)": "check"}),
        (
            "time,Import (kWh),Export (kWh),Net (kWh)",
            (MAINS, PART, [m - p for m, p in zip(MAINS, PART, strict=True)]),
            {"Import (kWh)": "main", "Export (kWh)": "export", "Net (kWh)": "check"},
        ),
        ("time,L1 (W),L2 (W),L3 (W)", (USE, PART, REST), {"L1 (W)": "main", "L2 (W)": "main", "L3 (W)": "main"}),
        ("time,Power min (W),Power avg (W),Power max (W)", (PART, USE, MAINS), {"Power avg (W)": "main"}),
    ],
)  # fmt: skip
def test_roles_follow_words_and_sums(header: str, columns: tuple[list[float], ...], expected: dict[str, str]) -> None:
    assert roles(read(header, hours(*columns))) == expected


@pytest.mark.parametrize(
    ("header", "columns", "named"),
    [
        ("time,Home load (kWh),Grid (kWh)", (MAINS, PART), ["Home load", "Grid"]),
        ("time,a (kWh),b (kWh)", (USE, USE), ["a (kWh)", "b (kWh)"]),
        ("time,Energy (kWh),Power (kW)", (USE, [70 + h % 3 for h in range(24)]), ["Energy", "Power"]),
    ],
)
def test_what_may_count_twice_is_asked_for(header: str, columns: tuple[list[float], ...], named: list[str]) -> None:
    with pytest.raises(InvalidInput, match="role") as refused:
        read(header, hours(*columns))
    assert all(name in str(refused.value) for name in named)


def test_a_mapping_says_the_roles_and_nothing_is_asked() -> None:
    mapping = parse_mapping(
        "- columns: {Home load (kWh): {role: main, kind: interval}, Grid (kWh): {role: check, kind: interval}}",
        "map.yaml",
    )
    parsed = read("time,Home load (kWh),Grid (kWh)", hours(MAINS, PART), mapping=mapping)
    assert roles(parsed) == {"Home load (kWh)": "main", "Grid (kWh)": "check"}
    with pytest.raises(InvalidInput, match="none of"):
        parse_mapping("- columns: {a: {role: boss}}", "map.yaml")


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("time,product_code,kWh", [40_010 + h % 3 for h in range(24)]), ("time,Account,kWh", [12_345_678] * 24),
        ("time,ESI ID,kWh", [10_032_789_000_000 + h for h in range(24)]), ("time,Sequence,kWh", list(range(24))),
        ("time,Week,kWh", [23] * 24), ("time,Cost ($),kWh", [1.5 + h % 3 for h in range(24)]),
        ("time,transaction,kWh", [70_000_000 + 13 * h for h in range(24)]), ("time,hour of day,kWh", list(range(24))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["energy_usage.csv", "전력사용량.csv", "x.csv"])
def test_identifiers_and_counters_are_no_readings(header: str, values: list[float], name: str) -> None:
    assert [spec.column for spec in read(header, hours(values, USE), name).series] == ["kWh"]


@pytest.mark.parametrize("header", ["time,value", "time,data", "time,x"])
def test_a_files_name_helps_one_column_and_never_several(header: str) -> None:
    assert read(header, hours(USE), "hall_electricity_kwh.csv").series[0].quantity == "electricity"
    with pytest.raises(InvalidInput, match="cannot tell"):
        read(f"{header},other", hours(USE, PART), "hall_electricity_kwh.csv")


@pytest.mark.parametrize(
    ("values", "word", "kind"),
    [
        (STANDS, "Energy (kWh)", PointKind.TOTAL_INCREASING), (STANDS, "검침값(kWh)", PointKind.TOTAL_INCREASING),
        (USE, "Energy (kWh)", PointKind.TOTAL), (USE, "Usage (kWh)", PointKind.TOTAL), ([5.0] * 24, "Energy (kWh)", PointKind.TOTAL),
        ([90_000.0] * 24, "Zählerstand (kWh)", PointKind.TOTAL_INCREASING),
        ([0.0] * 6 + STANDS[6:20] + [0.0] * 4, "Lifetime energy (kWh)", PointKind.TOTAL_INCREASING),
    ],
)  # fmt: skip
def test_a_register_is_told_by_several_signs(values: list[float], word: str, kind: PointKind) -> None:
    spec = read(f"time,{word}", hours(values)).series[0]
    assert (spec.kind, spec.question) == (kind, None)
    assert spec.why


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([5.0], "Energy (kWh)"), (STANDS, "Usage (kWh)"), (STANDS[:5], "Energy (kWh)"), (USE, "Zählerstand (kWh)"),
        (USE, "누적전력량(kWh)"), (list(range(10)), "Energy (kWh)"),
    ],
)  # fmt: skip
def test_a_kind_that_signs_do_not_tell_is_asked_for(values: list[float], word: str) -> None:
    question = read(f"time,{word}", hours(values)).series[0].question
    assert question is not None
    assert "--kind register" in question
    assert "--kind interval" in question
    assert read(f"time,{word}", hours(values), kind=PointKind.TOTAL_INCREASING).series[0].question is None


def test_a_counter_of_the_day_is_seen() -> None:
    rows = "".join(f"2024-06-0{d} {h:02}:00,{h * 0.5}\n" for d in (3, 4, 5) for h in range(24))
    assert read("time,today (kWh)", rows).series[0].kind is PointKind.TOTAL_INCREASING


def test_rows_that_share_their_times_stop_the_file() -> None:
    rows = "".join(f"2024-06-03 {h:02}:00,{1 + h % 5}\n2024-06-03 {h:02}:00,{2 + h % 5}\n" for h in range(24))
    with pytest.raises(InvalidInput, match="24 of 48 readings"):
        read("time,kWh", rows)


def test_a_column_without_a_telling_name_tells_meters_apart() -> None:
    rows = "".join(
        f"2024-06-03 {h:02}:00,{who},{n + h % 5}\n" for h in range(24) for n, who in ((1, "north"), (2, "south"))
    )
    parsed = read("time,wing,kWh", rows)
    assert [spec.point for spec in parsed.series] == ["k.north", "k.south"]
    assert any("'wing' tells the rows" in note for note in parsed.notes)


def test_fine_readings_without_a_unit_are_asked_for() -> None:
    rows = "".join(f"{1_717_372_800 + 60 * n},{16 + n % 5}\n" for n in range(240))
    with pytest.raises(InvalidInput, match="--unit"):
        read("timestamp,total_act_energy", rows)
    assert read("timestamp,total_act_energy", rows, unit="Wh").series[0].unit == "Wh"


def test_a_unit_that_is_assumed_is_said() -> None:
    assert any("Units assumed" in note and "in kWh" in note for note in read("time,energy use", hours(USE)).notes)
    for header in ("time,power", "time,gas", "time,water"):
        with pytest.raises(InvalidInput, match="--unit"):
            read(header, hours(USE))


@pytest.mark.parametrize("above", ["단위: kWh,", "Unit,kWh", "(Units: kWh),"])
def test_a_unit_above_the_header_counts(above: str) -> None:
    spec = read(f"{above}\ntime,전력", hours(USE)).series[0]
    assert (spec.unit, "unit" in spec.inferred) == ("kWh", False)


def test_two_lines_of_header_name_groups_and_units() -> None:
    parsed = read("Meter,Main,,Sub,\nTime,kWh,kW,kWh,kW", hours(MAINS, MAINS, PART, PART))
    assert roles(parsed) == {"Main kWh": "main", "Main kW": "check", "Sub kWh": "submeter", "Sub kW": "check"}


def test_bills_have_periods_of_their_own() -> None:
    rows = "2024.01.05~2024.02.04,3000\n2024.02.05~2024.03.04,2800\n2024.03.05~2024.04.04,3100"
    parsed = read("사용기간,사용전력량(kWh)", rows)
    days = ((parsed.frame["end_us"] - parsed.frame["time_us"]) / 86_400_000_000).to_list()
    assert days == [31, 29, 31]
    exclusive = read("Start,End,kWh", "2024-01-05,2024-02-05,3000\n2024-02-05,2024-03-05,2800")
    days = ((exclusive.frame["end_us"] - exclusive.frame["time_us"]) / 86_400_000_000).to_list()
    assert days == [31, 29]
    backwards = read("Start,End,kWh", "2024-01-05,2024-02-05,3000\n2024-03-05,2024-02-05,2800\n2024-03-05,2024-04-05,9")
    assert backwards.rejects.rows() == [(3, "End", "2024-02-05", "the period ends before it begins")]


def test_a_zone_in_the_header_of_the_times_counts_unless_one_is_given() -> None:
    rows = hours(USE)
    first = {
        header: read(f"{header},kWh", rows).frame["time_us"][0]
        for header in ("time", "Time (UTC)", "Time (America/Chicago)")
    }
    assert [(time - first["Time (UTC)"]) // 3_600_000_000 for time in first.values()] == [-9, 0, 5]
    given = read("Time (UTC),kWh", rows, is_timezone_given=True)
    assert given.frame["time_us"][0] == first["time"]


def test_what_the_utility_estimated_keeps_that_flag() -> None:
    parsed = read("time,kWh,Quality", hours(USE, ["A"] * 20 + ["E"] * 4))
    assert parsed.frame["quality"].to_list() == [0] * 20 + [8] * 4
    assert any("4 rows are called estimated" in note for note in parsed.notes)


NEM12 = """100,NEM12,202406140000,MDP1,RET1
200,NMI0000001,E1B1,{suffix},{suffix},N1,METER1,kWh,30,
300,20240603,{values},V,,,20240614000000,
400,1,40,A,,
400,41,48,F14,76,
900"""


def test_nem12_knows_directions_market_time_and_what_was_not_measured() -> None:
    text = NEM12.format(suffix="E1", values=",".join(["0.5"] * 48))
    parsed = read_file(text.encode(), "x.csv", ImportOptions(timezone="Australia/Adelaide"), "k")
    assert parsed.frame["time_us"][0] == 1_717_336_800_000_000  # 2024-06-03 00:00 +10:00
    assert parsed.frame["quality"].to_list() == [0] * 40 + [8] * 8
    fed_in = read_file(NEM12.format(suffix="B1", values=",".join(["0.5"] * 48)).encode(), "x.csv", ImportOptions(), "k")
    assert fed_in.series[0].role.value == "export"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("100,NEM13,2024,A,B\n", "NEM13"), ("100,NEM12,2024,A,B\n900\n", "without an interval"),
        ("200,N,E1,E1,E1,N1,M,kWh,30,\n300,20240603,1,2,3\n", "without an interval"),
        ("<?xml version='1.0'?><a>x</a>", "no Green Button"),
        ("<?xml version='1.0'?><!DOCTYPE a><feed xmlns='http://naesb.org/espi'/>", "document type"),
        ("<feed xmlns='http://naesb.org/espi'><IntervalReading>", "broken XML"),
        ("<feed xmlns='http://naesb.org/espi'/>", "without interval readings"),
    ],
)  # fmt: skip
def test_broken_files_of_a_known_layout_say_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_file(text.encode(), "x.csv", ImportOptions(), "k")


def test_obis_codes_say_direction_and_kind() -> None:
    stands = [[8000 + h, 4000 + h * 0.5] for h in range(24)]
    parsed = read("time,1-0:1.8.0 [kWh],1-0:2.8.0 [kWh]", hours(*zip(*stands, strict=True)))
    assert [(spec.kind.value, spec.role.value) for spec in parsed.series] == [
        ("total_increasing", "main"), ("total_increasing", "export"),
    ]  # fmt: skip


def test_a_volume_of_gas_beside_its_energy_counts_once() -> None:
    parsed = read("time,Gas volume (m3),Gas energy (kWh)", hours(USE, [10.6 * use for use in USE]))
    assert roles(parsed) == {"Gas volume (m3)": "check", "Gas energy (kWh)": "main"}
