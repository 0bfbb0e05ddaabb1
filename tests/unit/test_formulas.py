"""Formulas over points: what they give, and what is refused because its units do not fit together."""

from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ondol.common.errors import InvalidInput
from ondol.common.formulas import Formula, from_base_units, in_base_units, measure_of, parse_formula

UNITS_OF = {
    "main": ("kWh", True), "pv": ("MWh", True), "gas": ("m3", True), "load": ("kW", False), "heat": ("W", False),
    "in": ("degC", False), "out": ("degF", False), "rh": ("%", False), "people": ("people", False), "flow": ("m3/h", False),
    "본관.전력": ("kWh", True),
}  # fmt: skip
MEASURES = {key: measure_of(unit, is_amount=is_amount) for key, (unit, is_amount) in UNITS_OF.items()}


def given_by(text: str, unit: str, *, hours: float = 0.25, **values: float | None) -> float | None:
    """The formula over one interval; values in the units of UNITS_OF, the result in `unit`."""
    formula = parse_formula(text)
    row = pl.DataFrame({key: [value] for key, value in values.items()}, schema=dict.fromkeys(values, pl.Float64))
    columns = {key: in_base_units(UNITS_OF[key][0], pl.col(key)) for key in values}
    value = from_base_units(unit, formula.value(columns, pl.lit(hours)), formula.measure(MEASURES))
    return row.select(value).item()


def refusal(text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        parse_formula(text).measure(MEASURES)
    return str(refused.value)


def test_units_are_carried_through() -> None:
    assert given_by("[main] - [pv]", "kWh", main=500, pv=0.2) == pytest.approx(300)
    assert given_by("power([main])", "kW", main=5) == pytest.approx(20)
    assert given_by("power([main]) - [load]", "kW", main=5, load=3) == pytest.approx(17)
    assert given_by("energy([heat])", "kWh", heat=2000) == pytest.approx(0.5)
    assert given_by("[heat] / [load]", "1", heat=9000, load=3) == pytest.approx(3)
    assert given_by("[heat] / [load]", "%", heat=9000, load=3) == pytest.approx(300)
    assert given_by("[gas] * 10.55 kWh/m3", "kWh", gas=2) == pytest.approx(21.1)
    assert given_by("[main] * 0.4594 tCO2/MWh", "tCO2", main=1000) == pytest.approx(0.4594)
    assert given_by("[load] / 500 m2", "W/m2", load=5) == pytest.approx(10)
    assert given_by("[rh] * 0.5", "%", rh=40) == pytest.approx(20)
    assert given_by("-[main] + 2 * [main]", "kWh", main=3) == pytest.approx(3)
    assert given_by("[main] - [본관.전력]", "kWh", **{"main": 3, "본관.전력": 1}) == pytest.approx(2)
    assert given_by("max([main] - [pv], 0 * [main])", "kWh", main=1, pv=1) == 0
    assert given_by("([load] + 2 kW) / 2", "W", load=4) == pytest.approx(3000)


def test_temperatures_are_points_on_a_scale() -> None:
    assert given_by("mean([in], [out])", "degC", **{"in": 20, "out": 50}) == pytest.approx(15)
    assert given_by("[in] - [out]", "K", **{"in": 20, "out": 50}) == pytest.approx(10)
    assert given_by("[in] - [out]", "degF", **{"in": 20, "out": 50}) == pytest.approx(18)
    assert given_by("[in] + ([in] - [out])", "degF", **{"in": 20, "out": 50}) == pytest.approx(86)
    assert given_by("[in] - 18 degC", "K", **{"in": 20}) == pytest.approx(2)
    assert "mean(a, b)" in refusal("[in] + [out]")
    assert "zero is arbitrary" in refusal("[in] * 2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[main] + [load]", "cannot be added"), ("[main] - [gas]", "energy and volume"), ("[main] + 5 kWh", "power(...)"),
        ("[main] * [pv]", "two amounts"), ("[load] / [main]", "divided by an amount"), ("power([load])", "takes an amount"),
        ("energy([main])", "takes a pace"), ("[load] + 1", "a plain number"), ("max([load], [main])", "compared"),
        ("5 kW", "names no point"), ("", "too early"), ("[main", "cannot be read"), ("main", "square brackets: [main]"),
        ("[main] [pv]", "cannot be read at '[pv]'"), ("[main] +", "too early"), ("([main]", "')' is missing"),
        ("abs([main], [pv])", "one value"), ("[main] * 3 parsecs", "no unit"), ("__import__(1)", "no function"),
        ("os.system", "cannot be read"),
        ("[main] ** 2", "cannot be read at '* 2'"), ("(" * 40 + "[main]" + ")" * 40, "nested"), ("[main]" + "+[main]" * 200, "500"),
        ("[main]; 1", "cannot be read from"), ("[main] * 1e400", "larger than"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize(
    "text", ["[main] + [pv]", "max([main], [pv])", "min([main], [pv])", "mean([main], [pv])", "[main] / [pv]"]
)
def test_a_missing_value_makes_a_gap(text: str) -> None:
    assert given_by(text, "kWh" if "/" not in text else "1", main=1, pv=None) is None


def test_what_gives_no_number_is_a_gap() -> None:
    assert given_by("[load] * 1e300 * 1e300", "kW", load=1) is None
    assert given_by("[heat] / [load]", "1", heat=9000, load=0) is None
    assert given_by("[heat] / [load]", "1", heat=0, load=0) is None


_parts = st.recursive(
    st.sampled_from(["[load]", "[heat]", "3", "2.5"]),
    lambda part: st.builds("({} {} {})".format, part, st.sampled_from("+-*/"), part),
    max_leaves=8,
)


@given(_parts, st.floats(0.1, 1e3), st.floats(0.1, 1e3))
def test_a_formula_gives_what_arithmetic_gives(text: str, load: float, heat: float) -> None:
    if "[" not in text:
        return
    numbers = text.replace("[load]", repr(load)).replace("[heat]", repr(heat / 1000))
    try:
        expected: float | None = eval(numbers)
    except ZeroDivisionError:
        expected = None
    formula: Formula = parse_formula(text)
    columns = {"load": pl.lit(load), "heat": pl.lit(heat / 1000)}
    found = pl.select(formula.value(columns, pl.lit(1.0))).item()
    assert found == (expected if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9))


@given(st.text(alphabet="[]()+-*/.,0123456789abkWh %", max_size=60))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        assert parse_formula(text).inputs
