"""What a column measures, from its name, its unit and the name of the file."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from ondol.common.units import UNITS, Unit, find_unit, several_meanings
from ondol.imports.header_words import folded, says


@dataclass(frozen=True, slots=True)
class Word:
    """A word in headers or file names, what quantity it means, its usual unit and the dimensions that fit."""

    pattern: re.Pattern[str]
    quantity: str
    unit: str
    dimensions: frozenset[str]


def _word(pattern: str, quantity: str, unit: str, *more_dimensions: str) -> Word:
    known = UNITS.get(unit)
    own = known.dimension if known else unit
    return Word(re.compile(pattern), quantity, unit, frozenset({own, *more_dimensions}))


_EDGE = r"(?:^|[^a-z])"
_SURE = [
    _word(r"power.?factor|역률|" + _EDGE + r"pf$", "power_factor", "pf", "ratio"),
    _word(r"humidity.?ratio|절대.?습도", "humidity_ratio", "kg/kg"),
    _word(r"dew.?p(oin)?t|이슬점", "dew_point", "degC"),
    _word(r"co2|이산화탄소", "co2", "ppm", "ratio"),
    _word(r"temp(?!lat|or(?!at)|t)|온도|기온|^tmed$|気温|温度", "temperature", "degC"),
    _word(r"humid|rltv.?hum|습도|" + _EDGE + r"rh(?:$|[^a-z])|^hrmed$|feucht|humedad|湿度", "humidity", "%"),
    _word(r"irrad|glbl.?irad|solar.?rad|일사|^radmed$", "irradiance", "W/m2"),
    _word(r"wind.?dir|풍향|^dvmed$", "wind_direction", "deg"),
    _word(r"wind|풍속|^vvmed$", "wind_speed", "m/s"),
    _word(r"precip|강수|^prec$|" + _EDGE + r"rain", "precipitation", "mm"),
    _word(r"^dpv$|vapou?r.?pressure.?deficit", "vapour_pressure_deficit", "kPa", "pressure"),
    _word(r"pressure|기압|압력|気圧", "pressure", "hPa"),
    _word(r"illumin|조도|" + _EDGE + r"lux", "illuminance", "lx"),
    _word(r"occupan|재실|인원", "occupancy", "people", "count", "ratio"),
    _word(r"reactive|무효.?전력|blindarbeit|réactive|reactiva|無効", "reactive_energy", "kvarh", "reactive_power"),
    _word(r"apparent|피상.?전력|scheinleistung", "apparent_power", "kVA", "apparent_energy"),
    _word(r"voltage|전압|電圧", "voltage", "V"),
    _word(_EDGE + r"current(?!.?(power|reactive|read|index|stand))|전류|電流", "current", "A"),
    _word(r"frequency|주파수", "frequency", "Hz"),
    _word(r"heat.?pump|wärmepumpe|warmtepomp|pompe à chaleur|히트펌프|공기열원", "electricity", "kWh", "power"),
    _word(
        r"chilled.?water|냉수|kälte|kaelte|냉방.?열량|(?<![a-z])cooling (energy|power|load)|raffrescamento",
        "cooling",
        "kWh",
        "power",
    ),
    _word(
        r"hot.?water|dhw|온수|급탕|thermal|thermi|steam|wärme|waerme|warmte|stadswarmte|fernwärme|calore|chaleur|calor(?![ií]f)|난방.?열량",
        "heat",
        "kWh",
        "power",
    ),
    _word(
        r"biomass|pellet|(?<![a-z])fuel|diesel|heating oil|(?<![a-z])lpg|propane|등유|경유",
        "fuel",
        "kWh",
        "volume",
        "power",
    ),
    _word(r"waste ?water|sewage|abwasser|하수|오수", "wastewater", "m3", "flow"),
    _word(r"(?<![a-z])gas|가스|ガス|gaz(?![a-z])|erdgas|metano", "gas", "m3", "energy", "flow"),
    _word(
        r"water(?!.?heat)|수도|급수|상수|wasser|(?<![a-z])eau(?![a-z])|(?<![a-z])agua|acqua|水道", "water", "m3", "flow"
    ),
    _word(r"district.?heat|지역.?난방|fernwärme|steam", "heat", "kWh", "power"),
    _word(
        r"electri|elektri|eléctri|électri|elettri|strom|전력|전기|유효|電力|電気|kepco|active.?energy|énergie active",
        "electricity",
        "kWh",
        "power",
    ),
    _word(
        _EDGE + r"(active.?)?power|demand|leistung|puissance|potencia|potenza|vermogen|최대수요|수요전력|デマンド",
        "electricity",
        "kW",
        "energy",
    ),
]
_WEAK = [
    _word(r"light", "illuminance", "lx"),
    _word(r"heat|난방|열량|wärme|chaleur|暖房", "heat", "kWh", "power"),
    _word(r"cool|냉방|kälte|冷房", "cooling", "kWh", "power"),
    _word(
        r"energ|énergie|load|usage|use$|cons|kwh|사용량|소비량|에너지|부하|verbrauch|verbruik|使用量|消費量",
        "electricity",
        "kWh",
        "power",
    ),
]
_BY_DIMENSION = {
    "energy": "electricity", "power": "electricity", "reactive_energy": "reactive_energy", "reactive_power": "reactive_power",
    "apparent_power": "apparent_power", "apparent_energy": "apparent_energy", "temperature": "temperature", "illuminance": "illuminance",
    "concentration": "co2", "irradiance": "irradiance", "pressure": "pressure", "voltage": "voltage", "current": "current",
    "frequency": "frequency", "emission": "emissions", "speed": "speed", "flow": "flow", "power_factor": "power_factor", "money": "cost",
    "humidity_ratio": "humidity_ratio",
}  # fmt: skip
_PHASES = [(r"lagg?ing|지상", "_lagging"), (r"lead(ing)?(?![a-z])|진상", "_leading")]
_PHASED = {"power_factor", "reactive_energy", "reactive_power"}

_SAYS_IN = re.compile(
    r"^(?:en|in|unit|units|unité|einheit|단위|単位)\s*[:=]?\s+|^(?:단위|単位|units?)\s*[:=]\s*", re.IGNORECASE
)
_UNIT_LIKE = re.compile(r"[^\W\d_][\w/^*·.³²°%-]{0,9}|[€$£₩]")
_QUALIFIER = re.compile(
    r"avg|average|mean|min|max|minimum|maximum|sum|total|net|gross|main|all|any|raw|new|old|est|act|actual|local|utc|kst|gmt|cet|in|out|indoor|outdoor|inside|outside"
    r"|north|south|east|west|left|right|supply|return|day|night|peak|off-?peak|grid|solar|pv|import|export|site|building|hall|floor|room|zone|lagging|leading"
    r"|평균|최대|최소|합계|실내|실외|외기|지상|진상|전체|계|동|서|남|북|경부하|중간부하|최대부하|[a-z]\d*|l[123]|t\d|\d.*"
)
"""Words in brackets that say which or how, not in what."""

_NOISE = re.compile(
    r"\d+[년월일]?|\d+(t|min|h|m)|data|dataset|meter|reading|readings|export|report|usage|hourly|daily|monthly|main|total|final|copy|new|utc|kst"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|temp|cons|elec|electric|consumption|energy|load|power|kwh|csv|txt|xlsx"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column measures; `unit_inferred` where nothing names its unit."""

    quantity: str
    unit: str
    unit_inferred: bool


def meaning_of(column: str, file: str | None = None, unit: str | None = None) -> Meaning | None:
    """Quantity and unit of a column by its header, the unit that stands beside it, and the file's name; None when none tells.

    A plain word of the header counts before one of the file's name, that before a weak word of the header.
    """
    text, stem = folded(column), folded(PurePath(file).stem) if file else ""
    symbol = unit or unit_in(column)
    word = (
        _match(_SURE, text, symbol)
        or _match(_SURE, stem, symbol)
        or _match(_WEAK, text, symbol)
        or _match(_WEAK, stem, symbol)
    )
    known = UNITS.get(symbol) if symbol else None
    if word in _WEAK and (says(_OTHER_ENERGY, column) or _is_other_energy(known)):
        # `Usage` of therms or GJ is no electricity by that word.
        word = None
    if word is None:
        quantity = _by_unit(known)
        if quantity is None or says(_OTHER_ENERGY, column):
            return None
    else:
        quantity = word.quantity
    if quantity in _PHASED:
        quantity += next((suffix for pattern, suffix in _PHASES if re.search(pattern, text)), "")
    return Meaning(quantity, symbol or (word.unit if word else ""), symbol is None)


_GAS_UNITS = {"therm", "CCF", "Mcf"}
_ELECTRIC_UNITS = {"kWh", "Wh", "MWh", "GWh", "kW", "W", "MW"}
_OTHER_ENERGY = re.compile(r"reactive|apparent|boiler|보일러|kessel|caldera|chaudière")
"""Beside a unit of energy: no electricity by that alone."""


def _is_other_energy(known: Unit | None) -> bool:
    return known is not None and known.dimension in ("energy", "power") and known.symbol not in _ELECTRIC_UNITS


def _by_unit(known: Unit | None) -> str | None:
    """What a unit alone says; that of heat and fuels, such as GJ, says nothing of which it is."""
    if known is None:
        return None
    if known.symbol in _GAS_UNITS:
        return "gas"
    if known.symbol == "RTh":
        return "cooling"
    return None if _is_other_energy(known) else _BY_DIMENSION.get(known.dimension)


def usual_unit(quantity: str) -> str | None:
    """The unit that a quantity most often comes in."""
    return next((word.unit for word in [*_SURE, *_WEAK] if word.quantity == quantity), None)


def unit_in(column: str) -> str | None:
    """Symbol of the unit in a header: `load [kWh]`, `Valeur (en kW)`, `Usage_kWh`, `KWH/hh (per half hour)`, or None."""
    bare = re.sub(r"[\[(][^\[\]()]*[\])]", " ", column).strip()
    outside = (find_unit(word) for word in re.split(r"[\s_,]+", bare) if len(word) > 1)
    has_plain = any(unit and unit.dimension in _PLAIN_DIMENSIONS for unit in outside)
    for inner in re.findall(r"[\[(]\s*([^\[\]()]+?)\s*[\])]", column):
        # A single letter beside a unit says which phase it is: `Active energy Wh (A)`.
        if (unit := find_unit(_SAYS_IN.sub("", inner))) and not (len(inner) == 1 and has_plain):
            return unit.symbol
    bare = re.sub(r"[\[(][^\[\]()]*[\])]", " ", column).strip()
    words = re.split(r"[\s_,]+", bare)
    for length in (3, 2):
        if len(words) >= length and (unit := find_unit(" ".join(words[-length:]))) and unit.symbol != "%":
            return unit.symbol
    last = words[-1] if words else ""
    unit = find_unit(last) if last else None
    if unit is not None and (len(last) > 1 or last in "%℃" or _fits_words(unit, " ".join(words[:-1]))):
        return unit.symbol
    found = (find_unit(word) or find_unit(re.sub(r"\d+$", "", word)) for word in words if len(word) > 1)
    return next((unit.symbol for unit in found if unit and unit.dimension in _PLAIN_DIMENSIONS), None)


def _fits_words(unit: Unit, text: str) -> bool:
    """Whether the words before a single letter measure what it would be the unit of: `Power W`, `電力 W`, but `Phase A` does not."""
    first = next((word for word in [*_SURE, *_WEAK] if word.pattern.search(folded(text))), None)
    return first is not None and unit.dimension in first.dimensions


_PLAIN_DIMENSIONS = {"energy", "power", "reactive_energy", "reactive_power", "apparent_power", "apparent_energy"}
"""Units that are no words of their own, so that they count wherever they stand in a header."""


def unit_of(text: str) -> Unit | None:
    """The unit that a cell names: `kWh`, `kWh (thousand Watt-hours)`, or None."""
    head = re.split(r"[\[(]", text)[0].strip()
    return find_unit(text) or (find_unit(head) if head else None)


def unknown_unit_in(column: str) -> str | None:
    """What a header says where a unit stands and none is known: `Water (gal)`, `Usage [foo]`, `gas_gallons`."""
    inner = [_SAYS_IN.sub("", text) for text in re.findall(r"[\[(]\s*([^\[\]()]+?)\s*[\])]", column)]
    for text in inner:
        if find_unit(text) is None and _UNIT_LIKE.fullmatch(text) and not _QUALIFIER.fullmatch(folded(text)):
            return text
    last = re.split(r"[\s_,]+", column.strip())[-1]
    return last if several_meanings(last) else None


def slug(text: str) -> str:
    """A text as part of a point key: lower case, letters of every script kept, everything else `_`."""
    signed = re.sub(r"(?<!\w)\+(?=\w)|(?<=\w)\+(?!\w)", " plus ", folded(text))
    signed = re.sub(r"(?<![\w\s])-(?=\w)|^-(?=\w)|(?<=\w)\s?-(?!\w)", " minus ", signed)
    return re.sub(r"[\W_]+", "_", signed).strip("_") or "series"


def designation(file: str, building_key: str) -> str | None:
    """What tells the meter in a file's name apart (`temp-sensorA-60T` -> `sensor_a`), when the name says what is measured."""
    stem = PurePath(file).stem
    if not any(word.pattern.search(folded(stem)) for word in [*_SURE, *_WEAK]):
        return None
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    words = [word for word in re.split(r"[^0-9a-z가-힣]+", folded(parts)) if word]
    telling = [word for word in words if not _is_noise(word) and (word != building_key or len(word) == 1)]
    return "_".join(telling) or None


def _is_noise(word: str) -> bool:
    return bool(_NOISE.fullmatch(word)) or any(rule.pattern.search(word) for rule in [*_SURE, *_WEAK])


def _match(words: list[Word], text: str, unit: str | None) -> Word | None:
    """The first word in the text that fits the unit of the header, if it names one."""
    known = UNITS.get(unit) if unit else None
    for word in words:
        if word.pattern.search(text) and (known is None or known.dimension in word.dimensions):
            return word
    return None
