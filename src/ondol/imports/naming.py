"""What a column measures, from its name, its unit and the name of the file."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from ondol.common.units import AMBIGUOUS, UNITS, find_unit


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
    _word(r"temp(?!lat|or|t)|온도|기온|^tmed$", "temperature", "degC"),
    _word(r"humid|rltv.?hum|습도|" + _EDGE + r"rh(?:$|[^a-z])|^hrmed$", "humidity", "%"),
    _word(r"irrad|glbl.?irad|solar.?rad|일사|^radmed$", "irradiance", "W/m2"),
    _word(r"wind.?dir|풍향|^dvmed$", "wind_direction", "deg"),
    _word(r"wind|풍속|^vvmed$", "wind_speed", "m/s"),
    _word(r"precip|강수|^prec$|" + _EDGE + r"rain", "precipitation", "mm"),
    _word(r"^dpv$|vapou?r.?pressure.?deficit", "vapour_pressure_deficit", "kPa", "pressure"),
    _word(r"pressure|기압|압력", "pressure", "hPa"),
    _word(r"illumin|조도|" + _EDGE + r"lux", "illuminance", "lx"),
    _word(r"occupan|재실|인원", "occupancy", "people", "count", "ratio"),
    _word(r"reactive.?power|무효.?전력", "reactive_energy", "kvarh", "reactive_power"),
    _word(r"voltage|전압", "voltage", "V"),
    _word(r"gas|가스", "gas", "m3", "energy", "flow"),
    _word(r"water|수도|급수|상수", "water", "m3", "flow"),
    _word(r"district.?heat|지역.?난방", "heat", "kWh", "power"),
    _word(r"electric|전력|전기|유효", "electricity", "kWh", "power"),
    _word(_EDGE + r"(active.?)?power|demand", "electricity", "kW", "energy"),
]
_WEAK = [
    _word(r"light", "illuminance", "lx"),
    _word(r"heat|난방|열량", "heat", "kWh", "power"),
    _word(r"cool|냉방", "cooling", "kWh", "power"),
    _word(r"energy|load|usage|use$|cons|kwh|사용량|에너지|부하", "electricity", "kWh", "power"),
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

_WATTS = re.compile(r"(power|load|watt|demand|전력|부하).*[\s_]w$")
"""A single letter is a unit only behind a word that it fits."""
_UNIT_LIKE = re.compile(r"[^\W\d_][\w/^*·.³²°%-]{0,9}|[€$£₩]")
_QUALIFIER = re.compile(
    r"avg|average|mean|min|max|minimum|maximum|sum|total|net|gross|main|all|any|raw|new|old|est|act|actual|local|utc|kst|gmt|cet|in|out|indoor|outdoor|inside|outside"
    r"|north|south|east|west|left|right|supply|return|day|night|peak|off-?peak|grid|solar|pv|import|export|site|building|hall|floor|room|zone|lagging|leading"
    r"|평균|최대|최소|합계|실내|실외|외기|지상|진상|전체|계|동|서|남|북|경부하|중간부하|최대부하|[a-z]\d*|l[123]|t\d|\d.*"
)
"""Words in brackets that say which or how, not in what."""

_REGISTER = re.compile(r"total|cumul|register|meter.?reading|index|지침|누적|적산|검침")
_NOT_READINGS = re.compile(
    r"nsm|row|index|no\.?|id|nr|#|순번|번호|연번|구분|week|week.?status|weekday|day.?of.?week|요일|load.?type|holiday|휴일"
    r"|year|month|day|hour|minute|second|년|월|일|시|분|status|상태|quality|flag|비고|note|remarks?|unnamed.*"
)
_NOISE = re.compile(
    r"\d+[년월일]?|\d+(t|min|h|m)|data|dataset|meter|reading|readings|export|report|usage|hourly|daily|monthly|main|total|final|copy|new|utc|kst"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|temp|cons|elec|electric|consumption|energy|load|power|kwh|csv|txt|xlsx"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column measures; `unit_inferred` where the header names no unit, `sure` where a plain word says the quantity."""

    quantity: str
    unit: str
    unit_inferred: bool


def meaning_of(column: str, file: str) -> Meaning | None:
    """Quantity and unit of a column, or None when neither it nor the file's name tells."""
    text, stem = _folded(column), _folded(PurePath(file).stem)
    unit = unit_in(column)
    word = (
        _match(_SURE, text, unit) or _match(_SURE, stem, unit) or _match(_WEAK, text, unit) or _match(_WEAK, stem, unit)
    )
    if word is None:
        known = UNITS.get(unit) if unit else None
        if unit is None or known is None or known.dimension not in _BY_DIMENSION:
            return None
        quantity = _BY_DIMENSION[known.dimension]
    else:
        quantity = word.quantity
    if quantity in _PHASED:
        quantity += next((suffix for pattern, suffix in _PHASES if re.search(pattern, text)), "")
    return Meaning(quantity, unit or (word.unit if word else ""), unit is None)


def usual_unit(quantity: str) -> str | None:
    """The unit that a quantity most often comes in."""
    return next((word.unit for word in [*_SURE, *_WEAK] if word.quantity == quantity), None)


def unit_in(column: str) -> str | None:
    """Symbol of the unit in a header: `load [kWh]`, `CO2(tCO2)`, `Usage_kWh`, or None."""
    for inner in re.findall(r"[\[(]\s*([^\[\]()]+?)\s*[\])]", column):
        if unit := find_unit(inner):
            return unit.symbol
    last = re.split(r"[\s_,]+", column.strip())[-1]
    unit = find_unit(last) if len(last) > 1 or last in "%℃" or _WATTS.search(_folded(column)) else None
    return unit.symbol if unit and unit.symbol != column.strip() else _bare_unit(column)


def unknown_unit_in(column: str) -> str | None:
    """What a header says where a unit stands and none is known: `Water (gal)`, `Usage [foo]`, `gas_gallons`."""
    inner = re.findall(r"[\[(]\s*([^\[\]()]+?)\s*[\])]", column)
    for text in inner:
        if find_unit(text) is None and _UNIT_LIKE.fullmatch(text) and not _QUALIFIER.fullmatch(_folded(text)):
            return text
    last = re.split(r"[\s_,]+", column.strip())[-1]
    return last if last.casefold() in AMBIGUOUS else None


def _bare_unit(column: str) -> str | None:
    """A header that is nothing but a unit: `kWh`."""
    unit = find_unit(column) if len(column.strip()) > 1 else None
    return unit.symbol if unit else None


def says_register(column: str) -> bool:
    """Whether the header names a counter: `cons_total`, `누적`."""
    return _REGISTER.search(_folded(column)) is not None


def is_no_reading(column: str) -> bool:
    """Whether the header names what is no measured quantity: row numbers, weekdays, types."""
    return _NOT_READINGS.fullmatch(_folded(column)) is not None


def slug(text: str) -> str:
    """A text as part of a point key: lower case, Hangul kept, everything else `_`."""
    return re.sub(r"[^0-9a-z가-힣]+", "_", _folded(text)).strip("_") or "series"


def designation(file: str, building_key: str) -> str | None:
    """What tells the meter in a file's name apart (`temp-sensorA-60T` -> `sensor_a`), when the name says what is measured."""
    stem = PurePath(file).stem
    if not any(word.pattern.search(_folded(stem)) for word in [*_SURE, *_WEAK]):
        return None
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)
    words = [word for word in re.split(r"[^0-9a-z가-힣]+", _folded(parts)) if word]
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


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
