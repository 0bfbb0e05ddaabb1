"""Units in formulas: what a point's unit measures, and the base units that formulas reckon in."""

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.formulas.measures import COMBINED, Dimensions, Measure
from ondol.common.messages import said
from ondol.common.units import UNITS

_COMPOUND: dict[str, Dimensions] = {
    "power": (("energy", 1), ("time", -1)),
    "flow": (("time", -1), ("volume", 1)),
    "reactive_power": (("reactive_energy", 1), ("time", -1)),
    "apparent_power": (("apparent_energy", 1), ("time", -1)),
    "irradiance": (("area", -1), ("energy", 1), ("time", -1)),
    "ratio": (),
    "power_factor": (),
}
_SCALES = {"ratio": 0.01, "irradiance": 1e-3}
"""What turns a dimension's base unit into the product of its parts: percent into 1, W/m2 into kW/m2."""

_CONSTANTS: dict[str, tuple[float, Dimensions]] = {
    "h": (1.0, (("time", 1),)), "min": (1 / 60, (("time", 1),)), "s": (1 / 3600, (("time", 1),)), "m2": (1.0, (("area", 1),)),
    "kg": (1.0, (("mass", 1),)),
}  # fmt: skip
"""Units that no point has: hours, square metres and kilograms are their base."""


def measure_of(unit: str, *, is_amount: bool) -> Measure:
    """What a point of this unit gives. A unit that is not known is a dimension of its own."""
    known = UNITS.get(unit)
    dimension = known.dimension if known else unit
    if dimension == "temperature":
        return Measure((("temperature", 1),), is_temperature=True)
    return Measure(_COMPOUND.get(dimension, ((dimension, 1),) if dimension else ()), is_amount)


def in_base_units(unit: str, value: pl.Expr) -> pl.Expr:
    """Values of a point in the units that formulas reckon in."""
    known = UNITS.get(unit)
    if known is None:
        return value
    return (value * known.factor + known.offset) * _SCALES.get(known.dimension, 1.0)


def from_base_units(unit: str, value: pl.Expr, measure: Measure) -> pl.Expr:
    """What a formula gave, in the unit of its point; a difference of temperatures keeps no offset."""
    known = UNITS.get(unit)
    if known is None:
        return value
    offset = known.offset if measure.is_temperature else 0.0
    return (value / _SCALES.get(known.dimension, 1.0) - offset) / known.factor


def unit_of(text: str) -> tuple[float, float, Measure]:
    """`base = value * factor + offset` of a unit behind a number, also of one over another: `won/kWh`."""
    if text in _CONSTANTS:
        factor, dimensions = _CONSTANTS[text]
        return factor, 0.0, Measure(dimensions)
    if text in UNITS:
        unit = UNITS[text]
        scale = _SCALES.get(unit.dimension, 1.0)
        return unit.factor * scale, unit.offset * scale, measure_of(text, is_amount=False)
    upper, _, lower = text.rpartition("/")
    if not upper:
        raise InvalidInput(
            said(
                "%(unit)s after a number is no unit that formulas know; choose one of %(units)s",
                unit=repr(text),
                units=_units(),
            )
        )
    (above, _, measure), (below, _, divisor) = unit_of(upper), unit_of(lower)
    return above / below, 0.0, COMBINED["/"](measure, divisor)


def _units() -> str:
    return ", ".join([*UNITS, *_CONSTANTS])
