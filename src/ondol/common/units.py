"""Units that meters and sensors send, and how they convert.

A unit is written as in the API: `kWh`, `kW`, `degC`, `%`, `lx`, `ppm`. `factor` turns a value of the unit into the base
unit of its dimension; temperature also has an offset. Factors of the trade's units: NIST SP 811 (2008), appendix B (therm: that of
the United States, Btu: International Table); toe: IEA, 41.868 GJ; RT: 12,000 Btu/h.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `base_value = value * factor + offset`."""

    symbol: str
    dimension: str
    factor: float = 1.0
    offset: float = 0.0


_BTU = 1055.05585262 / 3.6e6
_FT3 = 0.028316846592
_UNITS = [
    Unit("kWh", "energy"), Unit("Wh", "energy", 1e-3), Unit("MWh", "energy", 1e3), Unit("GWh", "energy", 1e6),
    Unit("MJ", "energy", 1 / 3.6), Unit("GJ", "energy", 1e3 / 3.6), Unit("Gcal", "energy", 1163.0), Unit("kcal", "energy", 1.163e-3),
    Unit("kJ", "energy", 1 / 3600), Unit("Mcal", "energy", 1.163), Unit("toe", "energy", 11_630.0), Unit("RTh", "energy", 3.516852842),
    Unit("Btu", "energy", _BTU), Unit("kBtu", "energy", 1e3 * _BTU), Unit("MMBtu", "energy", 1e6 * _BTU),
    Unit("therm", "energy", 105.4804 / 3.6), Unit("RT", "power", 3.516852842),
    Unit("kW", "power"), Unit("W", "power", 1e-3), Unit("MW", "power", 1e3),
    Unit("kvarh", "reactive_energy"), Unit("varh", "reactive_energy", 1e-3), Unit("kvar", "reactive_power"),
    Unit("kVA", "apparent_power"), Unit("kVAh", "apparent_energy"),
    Unit("m3", "volume"), Unit("L", "volume", 1e-3), Unit("ft3", "volume", _FT3),
    Unit("CCF", "volume", 100 * _FT3), Unit("Mcf", "volume", 1e3 * _FT3), Unit("US gal", "volume", 3.785411784e-3),
    Unit("imp gal", "volume", 4.54609e-3), Unit("m3/h", "flow"), Unit("L/min", "flow", 0.06),
    Unit("degC", "temperature"), Unit("degF", "temperature", 5 / 9, -160 / 9), Unit("K", "temperature", 1.0, -273.15),
    Unit("%", "ratio"), Unit("1", "ratio", 100.0), Unit("pf", "power_factor"), Unit("lx", "illuminance"),
    Unit("ppm", "concentration"), Unit("W/m2", "irradiance"), Unit("m/s", "speed"), Unit("Pa", "pressure"), Unit("hPa", "pressure", 100.0),
    Unit("kPa", "pressure", 1000.0), Unit("V", "voltage"), Unit("kV", "voltage", 1e3), Unit("A", "current"), Unit("Hz", "frequency"),
    Unit("people", "count"), Unit("count", "count"), Unit("won", "money"), Unit("tCO2", "emission"), Unit("kg/kg", "humidity_ratio"),
]  # fmt: skip
UNITS = {unit.symbol: unit for unit in _UNITS}

_SPELLINGS = {
    "celsius": "degC", "°c": "degC", "℃": "degC", "c": "degC", "fahrenheit": "degF", "°f": "degF", "percent": "%", "%rh": "%", "lux": "lx",
    "m³": "m3", "㎥": "m3", "㎾h": "kWh", "kvah": "kVAh", "kw": "kW", "w": "W", "wh": "Wh", "kwh": "kWh", "mwh": "MWh", "kw/h": "kWh",
    "therms": "therm", "thm": "therm", "usrt": "RT", "usrth": "RTh", "cubic feet": "ft3",
    "cf": "ft3", "ft³": "ft3", "hcf": "CCF", "us gallons": "US gal", "imperial gallons": "imp gal",
    "kvarh": "kvarh", "tco2": "tCO2", "m^3": "m3", "w/m²": "W/m2", "l": "L", "ppm": "ppm", "persons": "people", "명": "people",
}  # fmt: skip

AMBIGUOUS = {
    "gal": "US gal or imp gal", "gallon": "US gal or imp gal", "gallons": "US gal or imp gal", "ton": "RT (cooling) or toe",
    "tons": "RT (cooling) or toe", "nm3": "m3, at normal conditions", "m3n": "m3, at normal conditions",
    "sm3": "m3, at standard conditions",
}  # fmt: skip
"""Words for several units, or for one that does not convert as it stands, with what may be meant."""


def find_unit(text: str) -> Unit | None:
    """The unit a meter or a file means by `text` (`celsius`, `℃`, `kWh`), or None."""
    text = text.strip()
    folded = text.casefold()
    return UNITS.get(text) or UNITS.get(_SPELLINGS.get(folded, "")) or _CASE_FOLDED.get(folded)


@lru_cache(1000)
def conversion(source: str, target: str) -> tuple[float, float] | None:
    """`(factor, offset)` so that `target_value = source_value * factor + offset`; None where they do not convert."""
    a, b = find_unit(source), find_unit(target)
    if a is None or b is None or a.dimension != b.dimension:
        return (1.0, 0.0) if source == target else None
    return a.factor / b.factor, (a.offset - b.offset) / b.factor


_CASE_FOLDED = {unit.symbol.casefold(): unit for unit in reversed(_UNITS)}
