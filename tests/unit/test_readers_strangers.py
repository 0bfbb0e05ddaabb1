"""Files that strangers brought: what looked right and was wrong is asked for, said or left out now."""

from collections.abc import Iterable

import pytest

from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile


def read(text: str, name: str = "file.csv", **options: object) -> ParsedFile:
    return read_file(text.encode(), name, ImportOptions(timezone="UTC", **options), "k")  # pyright: ignore[reportArgumentType]


def days(header: str, *columns: Iterable[object]) -> str:
    rows = [",".join([f"2024-01-{d:02}", *map(str, row)]) for d, row in enumerate(zip(*columns, strict=True), start=1)]
    return "\n".join([header, *rows])


USE = [50 + d % 7 for d in range(28)]
MORE = [90 + d % 5 for d in range(28)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Datum;Stromverbrauch kWh\n13.01.2024;934\n14.01.2024;1.643\n15.01.2024;887\n16.01.2024;2.120\n", "--decimal-comma"),
        ("Date,Usage (kWh)\n2024-01-14,1,643\n2024-01-15,2,120\n2024-01-16,1,934\n", "inside a number"),
        ("Date,지침(kWh),배율\n2024-01-01,100,60\n2024-02-01,140,60\n2024-03-01,170,60\n2024-04-01,215,60\n", "--multiplier"),
        (days("Date,Consumption (kWh),CT ratio", USE, [40] * 28), "--multiplier"),
        (days("Date,Energy (kWh x 100)", USE), "--multiplier"), (days("Date,Energy (10 kWh)", USE), "--multiplier"),
        (days("Date,Consumption in thousands of kWh", USE), "--multiplier"), (days("Date,pulses (1000 imp/kWh)", USE), "--multiplier"),
        (days("(단위: 천kWh),\nDate,전력사용량", USE), "--multiplier"), (days("Date,Energy (kW/h)", USE), "kW/h"),
        (days("Date,Boiler (kWh)", USE), "cannot tell"), (days("Date,Usage (GJ)", USE), "--unit|cannot tell|quantity"),
        (days("Date,Reactive (kWh)", USE), "cannot tell|no column"),
        ("Date,Electricity (kWh)\n2024-01-14,55\n2024-01-15,51\n2024-01-16,52\nDate,Gas (m3)\n2024-02-17,5\n", "another table"),
        ("Zeit (MEZ),kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,1\n", "--timezone"),
        (days("Date,a (kWh),b (kWh)", MORE, [value * 1.001 for value in MORE]), "role"),
    ],
)  # fmt: skip
def test_what_the_file_does_not_say_is_asked(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read(text)


@pytest.mark.parametrize("word", [
    "Forecast", "Budget", "Baseline", "예상사용량", "목표", "kWh saved", "Average", "계약전력", "Contracted power", "Setpoint", "Last year",
])  # fmt: skip
def test_plans_and_ratings_are_no_use(word: str) -> None:
    parsed = read(days(f"Date,Use (kWh),{word} (kWh)", USE, MORE))
    assert [spec.column for spec in parsed.series] == ["Use (kWh)"]
    with pytest.raises(InvalidInput):
        read(days(f"Date,{word} (kWh)", MORE))


@pytest.mark.parametrize(
    ("header", "quantity"),
    [
        ("Hot water (kWh)", "heat"), ("Chilled water (kWh)", "cooling"), ("Chilled water (ton-hours)", "cooling"), ("Calore (kWh)", "heat"),
        ("Wärme (kWh)", "heat"), ("Solar thermal (kWh)", "heat"), ("Biomass pellets (kWh)", "fuel"), ("Heat pump (kWh)", "electricity"),
        ("Usage (therms)", "gas"), ("Abwasser (m³)", "wastewater"), ("냉방열량(kWh)", "cooling"), ("Active energy Wh (A)", "electricity"),
    ],
)  # fmt: skip
def test_other_energies_are_no_electricity(header: str, quantity: str) -> None:
    assert [spec.quantity for spec in read(days(f"Date,{header}", USE)).series] == [quantity]


@pytest.mark.parametrize("header", ["Peak demand (kW)", "최대수요(kW)", "Maximum power (kW)"])
def test_highest_powers_add_up_to_no_use(header: str) -> None:
    rows = "\n".join(f"2024-01-01 {hour:02}:00,{20 + hour % 3}" for hour in range(24))
    assert [spec.role.value for spec in read(f"time,{header}\n{rows}").series] == ["check"]


@pytest.mark.parametrize(
    ("used", "fed_in"),
    [
        ("consumo_kWh", "energiaVertida_kWh"),
        ("Odběr (kWh)", "Dodávka (kWh)"),
        ("Consumo (kWh)", "Injeção na rede (kWh)"),
        ("A+ (kWh)", "A- (kWh)"),
    ],
)
def test_what_is_fed_in_is_told_in_other_languages(used: str, fed_in: str) -> None:
    parsed = read(days(f"Date,{used},{fed_in}", MORE, USE), quantity=None)
    assert [spec.role.value for spec in parsed.series] == ["main", "export"]
    assert len({spec.point for spec in parsed.series}) == 2


def test_a_multiplier_that_the_amounts_hold_already_is_seen() -> None:
    rows = [f"2024-{m:02},{1000 + 30 * m},{1030 + 30 * m},100,{3000}" for m in range(1, 7)]
    parsed = read("년월,전월지침,당월지침,배율,사용전력량(kWh)\n" + "\n".join(rows))
    assert parsed.frame["value"].to_list() == [3000.0] * 6
    given = read(days("Date,Energy (kWh x 100)", USE), multiplier=100.0, unit="kWh")
    assert given.frame["value"][0] == 5000


def test_codes_for_no_value_and_totals_below_are_left_out_and_said() -> None:
    coded = read(days("Date,Use (kWh)", [*USE[:10], -999, *USE[11:]]))
    assert coded.frame["value"].min() == 50
    assert any("code for no value" in note for note in coded.notes)
    summed = read(days("Date,Use (kWh)", [*USE, sum(USE)]))
    assert summed.frame["value"].sum() == sum(USE)
    assert any("as a total" in note for note in summed.notes)


def test_a_date_that_is_merged_over_its_day_is_filled_down() -> None:
    rows = [f"{f'2024-01-0{d}' if h == 0 else ''},{h},{1 + h % 3}" for d in (1, 2) for h in range(24)]
    assert read("Date,Hour,kWh\n" + "\n".join(rows)).frame.height == 48


def test_a_file_most_of_whose_rows_have_no_time_is_refused() -> None:
    good = "".join(f"2024-01-01 {hour:02}:00,{hour % 3}\n" for hour in range(10))
    with pytest.raises(InvalidInput, match="line 12"):
        read(f"time,kWh\n{good}" + "2024-01-32 00:00,1\n" * 12)


def test_a_zone_may_be_named_with_its_offset_or_above() -> None:
    rows = "".join(f"2024-01-01 {hour:02}:00,{1 + hour % 3}\n" for hour in range(6))
    assert read(f"Zeit (UTC+1),kWh\n{rows}").frame["time_us"][0] == 1_704_063_600_000_000
    assert read(f"Zeitzone: UTC+1,\nZeit,kWh\n{rows}").frame["time_us"][0] == 1_704_063_600_000_000


def test_power_whose_spacing_changes_holds_as_long_as_it_comes() -> None:
    rows = [f"2024-01-01 {hour:02}:00,{1 + hour % 3}" for hour in range(24)]
    rows += [f"2024-01-02 {q // 4:02}:{q % 4 * 15:02},{1 + q % 3}" for q in range(96)]
    parsed = read("time,Power (kW)\n" + "\n".join(rows))
    held = (parsed.frame["end_us"] - parsed.frame["time_us"]) / 3.6e9
    assert held.sum() == pytest.approx(48, abs=1)
    monthly = read("Month,Mean power (kW)\n" + "\n".join(f"2024-{m:02},10" for m in range(1, 13)))
    assert ((monthly.frame["end_us"] - monthly.frame["time_us"]) / 8.64e10).sum() == 366
