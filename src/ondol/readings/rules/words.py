"""What the words in names of devices tell: tables, read from top to bottom."""

import re
import unicodedata
from dataclasses import dataclass

ENERGY, POWER, VOLUME = "energy", "power", "volume"
AMOUNTS = frozenset({ENERGY, VOLUME, "reactive_energy", "apparent_energy"})
"""Dimensions whose values may be a register's or an interval's: the kind has to be known."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is measured. `usual` is the unit where none is sent and it goes without saying; `dimensions` those that fit."""

    quantity: str
    dimensions: frozenset[str]
    usual: str = ""


def _meaning(quantity: str, *dimensions: str, usual: str = "") -> Meaning:
    return Meaning(quantity, frozenset(dimensions), usual)


ELECTRICITY = _meaning("electricity", ENERGY, POWER)
ELECTRIC_ENERGY = _meaning("electricity", ENERGY)
ELECTRIC_POWER = _meaning("electricity", POWER)
GAS, WATER = _meaning("gas", VOLUME, ENERGY), _meaning("water", VOLUME)
HEAT, COOLING = _meaning("heat", ENERGY, POWER), _meaning("cooling", ENERGY, POWER)

STATES: list[tuple[str, Meaning]] = [
    ("reactive energy|reactive power|reactive|무효전력(량)?", _meaning("reactive_energy", "reactive_energy", "reactive_power")),
    ("apparent( power| energy)?|피상전력", _meaning("apparent_power", "apparent_power", "apparent_energy")),
    ("power factor|powerfactor|factor|pf|cosphi|역률", _meaning("power_factor", "power_factor", "ratio", usual="pf")),
    ("temperature|temp|tc|온도|기온|실내온도|외기온도", _meaning("temperature", "temperature", usual="degC")),
    ("relative humidity|humidity|rh|습도", _meaning("humidity", "ratio", usual="%")),
    ("illuminance|illuminance lux|lux|조도", _meaning("illuminance", "illuminance", usual="lx")),
    ("co2|carbon dioxide|이산화탄소", _meaning("co2", "concentration", usual="ppm")),
    ("solar irradiance|irradiance|일사량", _meaning("irradiance", "irradiance")),
    ("voltage|volts?|전압", _meaning("voltage", "voltage")),
    ("current|amps?|amperes?|전류", _meaning("current", "current")),
    ("frequency|freq|주파수", _meaning("frequency", "frequency")),
    ("pressure|atmospheric pressure|압력|기압", _meaning("pressure", "pressure")),
    ("battery|battery level", _meaning("battery", "ratio")),
    ("occupancy|people count|people|재실", _meaning("occupancy", "count")),
]  # fmt: skip
"""Quantities whose words tell all but the unit; the first that matches the end of a name counts."""

BY_DIMENSION = {
    "temperature": STATES[3][1], "illuminance": STATES[5][1], "irradiance": STATES[7][1], "voltage": STATES[8][1],
    "current": STATES[9][1], "frequency": STATES[10][1], "reactive_power": STATES[0][1], "reactive_energy": STATES[0][1],
    "apparent_power": STATES[1][1], "power_factor": STATES[2][1], "pressure": STATES[11][1],
}  # fmt: skip
"""What a unit alone tells."""

DEVICE_CLASSES = {
    "energy": ELECTRIC_ENERGY, "power": ELECTRIC_POWER, "gas": GAS, "water": WATER, "humidity": STATES[4][1],
    "temperature": STATES[3][1], "carbon_dioxide": STATES[6][1], "battery": STATES[12][1], "atmospheric_pressure": STATES[11][1],
    "power_factor": STATES[2][1],
} | {name: BY_DIMENSION[name] for name in ("illuminance", "irradiance", "voltage", "current", "frequency", "pressure", "reactive_power",
     "apparent_power", "reactive_energy")}  # fmt: skip
"""Home Assistant's, and ours."""

STORAGE_WORDS = frozenset({"battery", "storage", "ess", "bess", "batterie", "accu", "akku", "배터리", "축전지"})
MEDIA: list[tuple[frozenset[str], Meaning | None]] = [
    (frozenset({"gas", "가스", "도시가스"}), GAS),
    (frozenset({"water", "수도", "상수도", "물", "용수"}), WATER),
    (frozenset({"heat", "heating", "난방", "열", "열량", "온수", "boiler", "thermal", "hot"}), HEAT),
    (frozenset({"cooling", "chilled", "chiller", "냉방", "냉열"}), COOLING),
    (STORAGE_WORDS, None),
]
"""Words of what flows. Beside a word of electricity they may name the appliance: then somebody has to say which."""
_EXACTLY = {"gas": GAS, "water": WATER, "heat": HEAT, "heating": HEAT, "cooling": COOLING} | {
    "가스": GAS, "도시가스": GAS, "수도": WATER, "상수도": WATER, "난방": HEAT, "냉방": COOLING, "열량": HEAT,
}  # fmt: skip

REGISTER_WORDS = frozenset({
    "total", "register", "counter", "lifetime", "cumulative", "accumulated", "import", "imported", "totalizer", "today", "daily",
    "누적", "누계", "지침", "적산",
})  # fmt: skip
INTERVAL_WORDS = frozenset({"interval", "delta", "increment", "period", "15min", "hourly", "halfhourly", "구간"})
PHASES = frozenset({"a", "b", "c", "l1", "l2", "l3", "phase", "n"})
_ENERGY_WORDS = frozenset({"energy", "kwh", "wh", "mwh", "aenergy", "전력량", "사용전력량", "전력사용량"})
_POWER_WORDS = frozenset({"power", "apower", "watt", "watts", "kw", "w", "전력", "activepower", "activepowerplus"})
_ELECTRICITY_WORDS = frozenset({"electricity", "electric", "elec", "전기"})
METER_WORDS = _ENERGY_WORDS | _POWER_WORDS | _ELECTRICITY_WORDS | REGISTER_WORDS | frozenset({
    "act", "active", "value", "state", "sensor", "consumption", "usage", "meter",
})  # fmt: skip
"""Words that say what a meter counts, not which meter it is."""

UNIT_WORDS = {
    "kwh": "kWh", "wh": "Wh", "mwh": "MWh", "kw": "kW", "w": "W", "watt": "W", "watts": "W", "volts": "V", "volt": "V", "amps": "A",
    "hz": "Hz", "lux": "lx", "lx": "lx", "ppm": "ppm", "degc": "degC", "celsius": "degC", "tc": "degC", "degf": "degF",
    "fahrenheit": "degF", "m3": "m3", "percent": "%", "pct": "%", "kvarh": "kvarh",
}  # fmt: skip
"""Words at the end of a name that are its unit."""


_LAST_WORDS = (
    REGISTER_WORDS
    | INTERVAL_WORDS
    | {"value", "state", "sensor", "meter", "measurement", "usage", "consumption", "reading"}
) - {"import", "imported"}


def words_of(text: str) -> list[str]:
    """`ENERGY_ApparentPower` -> energy, apparent, power; `temperature_tC` -> temperature, tc; `Wärmezähler` -> warmezahler.

    Accents go: the same device is called with and without them.
    """
    plain = re.sub(r"(?i)(k|m|g)?wh\b|(?<![a-z])t[CF]\b", lambda found: found[0].lower(), _without_accents(text))
    split = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain)
    return [word for word in re.split(r"[\W_]+", split.lower()) if word]


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", apart)).replace("ß", "ss")


def meaning_of(words: list[str]) -> Meaning | None:
    """What a name says, by its words; None when it says nothing that is known."""
    known = [word for word in words if word not in PHASES and word not in UNIT_WORDS] or words
    while len(known) > 1 and known[-1] in _LAST_WORDS:
        known = known[:-1]
    ends = " ".join(known[-2:]), " ".join(known[-1:]), words[-1] if words else ""
    for pattern, meaning in STATES:
        if any(re.fullmatch(pattern, end) for end in ends):
            return meaning
    if ends[1] in _EXACTLY:
        return _EXACTLY[ends[1]]
    present = set(words)
    if present & {"voltage", "current", "factor", "start", "time", "rssi", "linkquality", "status"}:
        return None
    if present & _ENERGY_WORDS:
        # `ENERGY_Power` of Tasmota is power.
        is_power = known[-1] in _POWER_WORDS
        return ELECTRIC_POWER if is_power else ELECTRIC_ENERGY
    if present & _POWER_WORDS:
        return ELECTRIC_POWER
    return ELECTRICITY if present & _ELECTRICITY_WORDS else None
