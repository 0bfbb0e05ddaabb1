"""What a device means by what it sends: quantity, unit and kind of a new point, or what of them has to be asked.

Nothing is guessed that would be wrong in a sum: energy without a unit, or a register that may be an amount, is asked; what is not
surely drawn by the building gets another role than that of its use, or is asked.
"""

import re
from dataclasses import dataclass

from ondol.common.units import AMBIGUOUS, find_unit
from ondol.readings.model import Sent
from ondol.readings.rules.dialects import SHELLY_GEN1, TASMOTA, Dialect, dialect_of
from ondol.readings.rules.uses import HEAT_METER, MAYBE_HEAT, NEVER, role_of, spoken
from ondol.readings.rules.words import (
    AMOUNTS,
    BY_DIMENSION,
    DEVICE_CLASSES,
    ELECTRIC_ENERGY,
    HEAT,
    INTERVAL_WORDS,
    MEDIA,
    REGISTER_WORDS,
    STORAGE_WORDS,
    UNIT_WORDS,
    Meaning,
    meaning_of,
    words_of,
)
from ondol.sites.model import PointKind, PointRole

_HOME_ASSISTANT_KINDS = {
    "total_increasing": PointKind.TOTAL_INCREASING,
    "total": PointKind.TOTAL_INCREASING,  # a running total with them, an amount per interval with us
    "measurement": PointKind.MEASUREMENT,
}
_USED = frozenset({"electricity", "gas", "water", "heat", "cooling"})
_NOT_OF_THE_VALUE = frozenset({"building_id", "host", "url", "floor", "room", "domain", "source", "unit"})
_GEN1_COUNTER = re.compile(r"/(?P<of>[a-z]+)/\d+/(?P<counts>energy|returned_energy|total|total_returned)$")
BESIDE = "beside"
"""The text that tells of what stands beside a value, where its own name does not: fields of a heat meter."""
_SAY_NOTHING = frozenset({"", "value", "state", "val", "reading", "gauge", "counter"})


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is known of a new point; None is what somebody has to say. `role` is by its words alone, and may be set right later."""

    quantity: str | None
    unit: str | None
    kind: PointKind | None
    role: PointRole = PointRole.MAIN

    @property
    def lacks(self) -> tuple[str, ...]:
        """Names of what has to be asked."""
        return tuple(name for name in ("quantity", "unit", "kind") if getattr(self, name) is None)


def understand(name: str, sent: Sent, unit_sent: str = "") -> Understanding:
    """What is meant by a name and what came along with it; `unit_sent` is a unit that came with a reading itself."""
    dialect = dialect_of(sent)
    if sent.is_home_assistant and sent.field != "value":
        return Understanding(None, None, None)  # an attribute of an entity
    if dialect is SHELLY_GEN1 and (counter := _GEN1_COUNTER.search(sent.tags["topic"])):
        return _of_gen1(counter)
    told = _candidates(name, sent)
    everything = {word for words in told for word in words}
    meaning = _device_class(sent) or next((found for words in told if (found := meaning_of(words))), None)
    unit = _unit(unit_sent or sent.unit, told, meaning, dialect)
    dimension = _dimension(unit)
    if meaning is None and dimension in BY_DIMENSION:
        meaning = BY_DIMENSION[dimension]
    if meaning is not None and dimension is not None and dimension not in meaning.dimensions:
        meaning, unit = _other_sense(told, dimension), unit
    narrow = [" ".join(words) for words in told]
    if meaning is not None and meaning.quantity == "electricity" and any(HEAT_METER.search(text) for text in narrow):
        meaning = HEAT
    around = _around(name, sent)
    is_its_name = not sent.measurement or "point" in sent.tags
    role = _role(meaning, [*narrow, *around] if is_its_name else narrow, around)
    quantity = _quantity(meaning, everything, narrow, role, is_beside_heat=BESIDE in sent.texts)
    if role is PointRole.MAIN and everything & STORAGE_WORDS:
        role = PointRole.STORAGE
    return Understanding(quantity, unit, _kind(sent, dimension, everything, dialect), role or PointRole.MAIN)


def _of_gen1(counter: re.Match[str]) -> Understanding:
    """Counters of Shelly's first generation, which say nothing of what they count."""
    role = PointRole.EXPORT if "returned" in counter["counts"] else PointRole.MAIN
    if counter["of"] != "emeter":
        return Understanding("electricity", None, PointKind.TOTAL_INCREASING, role)  # watt-minutes since it started
    if not counter["counts"].startswith("total"):
        return Understanding("electricity", None, None, role)  # watt-minutes since the last message
    return Understanding("electricity", "Wh", PointKind.TOTAL_INCREASING, role)


def _candidates(name: str, sent: Sent) -> list[list[str]]:
    """The parts of a name that may say what it is, the most telling one first."""
    tags = sent.tags
    told = [tags.get("sensor_type", "")]
    if "point" in tags or not sent.measurement:
        told += [sent.field if sent.field not in _SAY_NOTHING else "", (tags.get("point") or name).rpartition(".")[2]]
    elif sent.is_home_assistant:
        told += [tags["entity_id"]]
    else:
        told += [sent.field if sent.field not in _SAY_NOTHING else ""]
        told += [_end_of_topic(tags.get("topic", "")), tags.get("name", "")]
    told += [f"{tags.get('sensor', '')} {sent.measurement}" if not sent.is_home_assistant else ""]
    return [words_of(text) for text in told if text]


def _end_of_topic(topic: str) -> str:
    """`esphome/sensor/grid_power/state` -> grid_power."""
    parts = [
        part for part in topic.split("/") if part.casefold() not in ("", "state", "sensor", "status", "events", "rpc")
    ]
    return parts[-1] if parts else ""


def _device_class(sent: Sent) -> Meaning | None:
    texts = sent.texts
    return DEVICE_CLASSES.get(texts.get("device_class_str") or texts.get("device_class") or "")


def _unit(text: str, told: list[list[str]], meaning: Meaning | None, dialect: Dialect) -> str | None:
    """The unit that was sent; else that at the end of a name, the maker's, or the one that goes without saying."""
    if text:
        found = None if text.strip().casefold() in AMBIGUOUS else find_unit(text)
        return found.symbol if found else None
    named = next((UNIT_WORDS[words[-1]] for words in told if words and words[-1] in UNIT_WORDS), None)
    if named is not None:
        return named
    if meaning is None:
        return None
    # A maker's unit fits only what its words leave no doubt of.
    of_maker = dialect.units.get(meaning.quantity) or next(
        (dialect.units[it] for it in sorted(meaning.dimensions) if it in dialect.units and _is_for(meaning, it)), ""
    )
    usual = meaning.usual or of_maker
    found = find_unit(usual) if usual else None
    return found.symbol if found else None


def _is_for(meaning: Meaning, dimension: str) -> bool:
    """Whether a maker's unit is for that, too: energy and power are counted of electricity."""
    return meaning.quantity == "electricity" or dimension not in ("energy", "power", "volume")


def _dimension(unit: str | None) -> str | None:
    found = find_unit(unit) if unit else None
    return found.dimension if found else None


def _other_sense(told: list[list[str]], dimension: str) -> Meaning | None:
    """Another part of the name that agrees with the unit."""
    meanings = (meaning_of(words) for words in told)
    return next((it for it in meanings if it is not None and dimension in it.dimensions), None)


def _around(name: str, sent: Sent) -> list[str]:
    """What else a name holds, but for the building and where its sender runs."""
    if not sent.measurement or "point" in sent.tags:
        return [spoken((sent.tags.get("point") or name).partition(".")[2])]
    tags = [value for tag, value in sent.tags.items() if tag not in _NOT_OF_THE_VALUE]
    return [spoken(text) for text in [*tags, sent.measurement]]


def _role(meaning: Meaning | None, narrow: list[str], around: list[str]) -> PointRole | None:
    """What is fed in, made, limited or foretold is no use of the building and never adds to it."""
    if meaning is not None and meaning.quantity not in _USED:
        return PointRole.MAIN
    if meaning is None or meaning.quantity in ("electricity", "heat"):
        return role_of(tuple(narrow), tuple(around))  # somebody may say that it is electricity, and that alone
    return PointRole.CHECK if any(NEVER.search(text) for text in narrow) else PointRole.MAIN


def _quantity(
    meaning: Meaning | None, everything: set[str], narrow: list[str], role: PointRole | None, *, is_beside_heat: bool
) -> str | None:
    if meaning is None or role is None:
        return None
    if meaning.quantity != "electricity":
        return meaning.quantity
    if is_beside_heat or any(MAYBE_HEAT.search(text) for text in narrow):
        return None
    if role is not PointRole.MAIN:
        return meaning.quantity
    # A heat meter, or a heater's electricity? A battery's, and in which direction?
    return None if any(everything & words for words, _ in MEDIA) else meaning.quantity


def _kind(sent: Sent, dimension: str | None, everything: set[str], dialect: Dialect) -> PointKind | None:
    if dimension is None:
        return None
    if dimension not in AMOUNTS:
        return PointKind.MEASUREMENT
    texts = sent.texts
    state_class = texts.get("state_class_str") or texts.get("state_class") or ""
    if state_class in _HOME_ASSISTANT_KINDS:
        kind = _HOME_ASSISTANT_KINDS[state_class]
        return kind if kind is not PointKind.MEASUREMENT else None
    if sent.is_home_assistant and _device_class(sent) is ELECTRIC_ENERGY:
        return PointKind.TOTAL_INCREASING  # their rules allow no other there
    if "yesterday" in everything:
        return PointKind.MEASUREMENT if dialect is TASMOTA else None
    if everything & INTERVAL_WORDS or "minute" in everything:
        return None  # an amount, but over which time?
    if dialect.counts_up or everything & REGISTER_WORDS:
        return PointKind.TOTAL_INCREASING
    return None
