"""Units that meters and sensors send, and how they convert.

A unit is written as in the API: `kWh`, `kW`, `degC`, `%`, `lx`, `ppm`. `factor` turns a value of the unit into the base
unit of its dimension; temperature also has an offset. Factors of the trade's units: NIST SP 811 (2008), appendix B (therm: that of
the United States, Btu: International Table); toe: IEA, 41.868 GJ; RT: 12,000 Btu/h.
"""

import re
from collections.abc import Iterator
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
    Unit("kJ", "energy", 1 / 3600), Unit("J", "energy", 1 / 3.6e6),
    Unit("Mcal", "energy", 1.163), Unit("toe", "energy", 11_630.0), Unit("RTh", "energy", 3.516852842),
    Unit("Btu", "energy", _BTU), Unit("kBtu", "energy", 1e3 * _BTU), Unit("MMBtu", "energy", 1e6 * _BTU),
    Unit("therm", "energy", 105.4804 / 3.6), Unit("RT", "power", 3.516852842),
    Unit("Btu/h", "power", _BTU), Unit("kBtu/h", "power", 1e3 * _BTU),
    Unit("kW", "power"), Unit("W", "power", 1e-3), Unit("MW", "power", 1e3),
    Unit("kvarh", "reactive_energy"), Unit("varh", "reactive_energy", 1e-3), Unit("kvar", "reactive_power"),
    Unit("kVA", "apparent_power"), Unit("kVAh", "apparent_energy"),
    Unit("VAh", "apparent_energy", 1e-3), Unit("VA", "apparent_power", 1e-3), Unit("var", "reactive_power", 1e-3),
    Unit("m3", "volume"), Unit("L", "volume", 1e-3), Unit("ft3", "volume", _FT3),
    Unit("CCF", "volume", 100 * _FT3), Unit("Mcf", "volume", 1e3 * _FT3), Unit("US gal", "volume", 3.785411784e-3),
    Unit("imp gal", "volume", 4.54609e-3), Unit("US kgal", "volume", 3.785411784), Unit("m3/h", "flow"), Unit("L/min", "flow", 0.06),
    Unit("degC", "temperature"), Unit("degF", "temperature", 5 / 9, -160 / 9), Unit("K", "temperature", 1.0, -273.15),
    Unit("%", "ratio"), Unit("1", "ratio", 100.0), Unit("pf", "power_factor"), Unit("lx", "illuminance"),
    Unit("ppm", "concentration"), Unit("W/m2", "irradiance"), Unit("m/s", "speed"), Unit("Pa", "pressure"), Unit("hPa", "pressure", 100.0),
    Unit("kPa", "pressure", 1000.0), Unit("V", "voltage"), Unit("kV", "voltage", 1e3), Unit("A", "current"), Unit("Hz", "frequency"),
    Unit("people", "count"), Unit("count", "count"), Unit("won", "money"), Unit("tCO2", "emission"), Unit("kg/kg", "humidity_ratio"),
]  # fmt: skip
UNITS = {unit.symbol: unit for unit in _UNITS}

_SPELLINGS = {
    "celsius": "degC", "°c": "degC", "℃": "degC", "c": "degC", "degree celsius": "degC", "fahrenheit": "degF", "°f": "degF", "℉": "degF",
    "percent": "%", "%rh": "%", "lux": "lx", "m³": "m3", "㎥": "m3", "m^3": "m3", "cubic meter": "m3", "cubic metre": "m3", "cbm": "m3",
    "cu m": "m3", "㎾h": "kWh", "kw-h": "kWh", "kwhr": "kWh", "kw-hr": "kWh", "kw hr": "kWh", "kw h": "kWh", "kw.h": "kWh",
    "kw·h": "kWh", "kilowatt hour": "kWh", "kilowatt-hour": "kWh", "kilowatthour": "kWh", "thousand watt-hour": "kWh", "watt-hour": "Wh",
    "watt hour": "Wh", "watthour": "Wh", "w-h": "Wh", "w.h": "Wh", "megawatt hour": "MWh", "megawatt-hour": "MWh",
    "mw-h": "MWh", "mwhr": "MWh",
    "watt": "W", "kilowatt": "kW", "megawatt": "MW", "㎾": "kW", "㎿": "MW", "㎿h": "MWh", "킬로와트시": "kWh", "킬로와트": "kW",
    "therm": "therm", "thm": "therm", "therm us": "therm", "us therm": "therm", "usrt": "RT", "usrth": "RTh", "rt-h": "RTh", "rt·h": "RTh",
    "ton of refrigeration": "RT", "ton-hour": "RTh", "ton hour": "RTh", "kbtu/h": "kBtu/h", "mbtu/h": "kBtu/h", "btu/hr": "Btu/h",
    "cubic feet": "ft3", "cubic foot": "ft3", "cu ft": "ft3", "cuft": "ft3", "cf": "ft3", "ft³": "ft3", "ft^3": "ft3", "hcf": "CCF",
    "hundred cubic feet": "CCF", "ccf": "CCF", "thousand cubic feet": "Mcf", "kcf": "Mcf", "us gallon": "US gal", "gallon us": "US gal",
    "gal us": "US gal", "us gal": "US gal", "imperial gallon": "imp gal", "uk gallon": "imp gal",
    "gallon uk": "imp gal", "gal uk": "imp gal",
    "kgal us": "US kgal", "thousand us gallon": "US kgal", "kilogallon us": "US kgal",
    "liter": "L", "litre": "L", "l": "L", "ℓ": "L", "kl": "m3", "kiloliter": "m3", "kilolitre": "m3", "리터": "L", "톤": "ton",
    "m³/h": "m3/h", "㎥/h": "m3/h", "m3/hr": "m3/h", "l/m": "L/min", "lpm": "L/min",
    "kilo btu": "kBtu", "thousand btu": "kBtu", "million btu": "MMBtu", "mmbtu": "MMBtu", "gigajoule": "GJ",
    "megajoule": "MJ", "kilojoule": "kJ",
    "gigacalorie": "Gcal", "megacalorie": "Mcal", "kilocalorie": "kcal", "ton of oil equivalent": "toe", "tonne of oil equivalent": "toe",
    "kvar-h": "kvarh", "kvarhr": "kvarh", "kva-h": "kVAh", "volt": "V", "ampere": "A", "amp": "A", "hertz": "Hz",
    "tco2": "tCO2", "tco2eq": "tCO2", "w/m²": "W/m2", "ppm": "ppm", "person": "people", "명": "people",
}  # fmt: skip
_HOUR_OF_ENERGY = {"kwh/h": "kW", "wh/h": "W", "mwh/h": "MW"}

AMBIGUOUS = {
    "gal": "US gal or imp gal", "gallon": "US gal or imp gal", "kgal": "US kgal, or imp gal", "ton": "RT (cooling), toe or tonnes of steam",
    "tonne": "toe or tonnes of steam", "nm3": "m3, at normal conditions", "nm³": "m3, at normal conditions",
    "m3n": "m3, at normal conditions", "sm3": "m3, at standard conditions", "mbtu": "kBtu (thousand) or MMBtu (million)",
    "mcf": "Mcf (thousand cubic feet) or 1000 Mcf (million)", "therm uk": "therm (of the United States, 0.02 % less)",
}  # fmt: skip
"""Words for several units, or for one that does not convert as it stands, with what may be meant."""


_THOUSANDTHS = {"mW": "MW, or W for thousandths of it", "mWh": "MWh, or Wh for thousandths of it"}


@lru_cache(4096)
def find_unit(text: str) -> Unit | None:
    """The unit a meter or a file means by `text` (`celsius`, `℃`, `kWh`, `kWhs`, `kilowatt-hours`), or None."""
    text = text.strip()
    if text in UNITS:
        return UNITS[text]
    if text in _THOUSANDTHS:
        return None
    for spelt in _ways_to_spell(text.casefold()):
        if spelt in AMBIGUOUS:
            return None
        found = UNITS.get(_SPELLINGS.get(spelt) or _HOUR_OF_ENERGY.get(spelt) or "") or _CASE_FOLDED.get(spelt)
        if found is not None:
            return found
    return None


def several_meanings(text: str) -> str | None:
    """What a unit's name may mean that has more than one meaning (`gal`, `tons`), or None."""
    if text.strip() in _THOUSANDTHS:
        return _THOUSANDTHS[text.strip()]
    return next((AMBIGUOUS[spelt] for spelt in _ways_to_spell(text.strip().casefold()) if spelt in AMBIGUOUS), None)


def _ways_to_spell(folded: str) -> Iterator[str]:
    """As it stands; without brackets and plurals; without a span of time that says only how often: `kWh/hh`."""
    yield folded
    plain = " ".join(re.sub(r"[()\[\],]+", " ", folded).split())
    yield plain
    bare = re.sub(
        r"\s*(?:/|\bper\b)\s*(?:hh|half.?hour|hour|day|month|interval|\d+ ?min(?:ute)?s?|일|월|시간)$", "", plain
    )
    if bare != plain and plain not in _HOUR_OF_ENERGY and _is_amount(bare):
        yield bare
    words = [re.sub(r"(?<=[a-z])s$", "", word) if len(word) > 2 else word for word in plain.split()]
    yield " ".join(words)


def _is_amount(folded: str) -> bool:
    unit = _CASE_FOLDED.get(folded)
    return unit is not None and unit.dimension in ("energy", "volume", "reactive_energy")


@lru_cache(1000)
def conversion(source: str, target: str) -> tuple[float, float] | None:
    """`(factor, offset)` so that `target_value = source_value * factor + offset`; None where they do not convert."""
    a, b = find_unit(source), find_unit(target)
    if a is None or b is None or a.dimension != b.dimension:
        return (1.0, 0.0) if source == target else None
    return a.factor / b.factor, (a.offset - b.offset) / b.factor


_CASE_FOLDED = {unit.symbol.casefold(): unit for unit in reversed(_UNITS)}
