"""Points of one meter: what counts the same electricity twice stands behind what counts it best.

A register beside its power, counters of a day or a month beside the total, tariffs and phases beside their sum: only one of them is
the building's use.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from ondol.readings.rules.words import METER_WORDS, PHASES, UNIT_WORDS, words_of
from ondol.sites.model import PointKind, PointRole

_SAME = {"emdata": "em", "em1data": "em1"}
"""Components of one Shelly that go by two names."""
_AMONG = r"(this |current |per |deze |dieser |diese |cette |ce )?"
_SPANS = [
    (rf"\b({_AMONG}(yearly|annual(ly)?|jahrlich|jaarlijks|annuel(le)?)|{_AMONG}(year|jahr|jaar|an|annee)$)\b"
     r"|연간|연별|올해|금년|今年|年間", 1),
    (r"\bquarterly\b", 2),
    (rf"\b({_AMONG}(monthly|monatlich|maandelijks|mensuel(le)?)|{_AMONG}(month|monat|maand|mois)$)\b"
     r"|월간|월별|이번달|당월|금월|今月|月間", 3),
    (rf"\b({_AMONG}(weekly|wochentlich|wekelijks|hebdo(madaire)?)|{_AMONG}(week|woche|semaine)$)\b|주간|주별|금주|今週|週間", 4),
    (rf"\b({_AMONG}(daily|today|taglich|taeglich|heute|vandaag|dagelijks|journalier|quotidien(ne)?|aujourd hui)|"
     rf"{_AMONG}(day|tag|dag|jour)$)\b|일간|일별|오늘|금일|당일|今日|本日|日間", 5),
    (rf"\b({_AMONG}(hourly|quarter ?hourly|stundlich|per uur|horaire)|{_AMONG}(hour|stunde|uur|heure)$)\b|시간별|시간당", 6),
    (r"\b(session|since start|since reset)\b", 6),
    (r"\b(average|avg|mean|durchschnitt|gemiddeld|moyenne?)\b|평균", 8),
]  # fmt: skip
"""Spans after which a counter begins anew, the longest first, with their rank: the less often it does, the better it counts."""
_PERIODS = [(re.compile(pattern), rank) for pattern, rank in _SPANS]
_TARIFF = re.compile(
    r"\b(off ?peak|on ?peak|mid ?peak|peak|shoulder|super ?off ?peak|piek|dal|laagtarief|hoogtarief|(low|high|normal) tariff?|"
    r"t[1-4]|tariff? ?\d*|hochtarif|niedertarif|heures (creuses|pleines)|hchc|hchp|punta|llano|valle)\b|경부하|중간부하|최대부하|심야"
)
"""Parts of a sum by the time of the day, as phases are by the wire."""
_MEASURED, _PART = 7, 20


class MeterPoint(Protocol):
    """What is asked of a point, be it new or not."""

    @property
    def key(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def kind(self) -> PointKind: ...
    @property
    def role(self) -> PointRole: ...


def mains_of(building_key: str, points: Iterable[MeterPoint]) -> dict[str, str]:
    """For each point behind another of its meter the key of that one; `points` are meters of usage of one building."""
    groups: dict[tuple[str, ...], list[MeterPoint]] = defaultdict(list)
    for point in points:
        groups[(point.quantity, point.role, _meter(building_key, point.key))].append(point)
    return {key: main for members in groups.values() for key, main in _behind(building_key, members).items()}


def _behind(building_key: str, members: list[MeterPoint]) -> dict[str, str]:
    """For each of the points of one meter, but for that which counts best, the key of that one."""
    ranks = {point.key: _rank(building_key, point) for point in members}
    best = min(ranks.values())
    if best >= _PART:  # nobody sends their sum: each part counts by itself, once
        parts: dict[str, list[str]] = defaultdict(list)
        for key in sorted(ranks, key=lambda key: (ranks[key], key)):
            parts[_part(building_key, key)].append(key)
        return {key: first for first, *others in parts.values() for key in others}
    main = min(key for key, rank in ranks.items() if rank == best)
    return {key: main for key in ranks if key != main}


def role_behind(building_key: str, point: MeterPoint) -> PointRole:
    """What a point behind another of its device is: phases and tariffs are parts of it, all else shows the same energy a second time."""
    if _rank(building_key, point) < _PART:
        return PointRole.CHECK
    return PointRole.SUBMETER if _TARIFF.search(_text(building_key, point.key)) else point.role


def _own_words(building_key: str, key: str) -> list[str]:
    return [_SAME.get(word, word) for word in words_of(key.removeprefix(f"{building_key}."))]


def _text(building_key: str, key: str) -> str:
    """The words of a key without those that say what is counted, in which spans and tariffs are looked for."""
    return " ".join(
        word
        for word in _own_words(building_key, key)
        if word not in _COUNTS and word not in PHASES and word not in UNIT_WORDS
    )


_COUNTS = METER_WORDS - {"today", "daily"}


def _meter(building_key: str, key: str) -> str:
    """The words of a key that say which meter it is."""
    text = _text(building_key, key)
    for pattern, _ in _PERIODS:
        text = pattern.sub(" ", text)
    return " ".join(_TARIFF.sub(" ", text).split())


def _part(building_key: str, key: str) -> str:
    """Which part of the sum it is: its phase and its tariff."""
    phases = [word for word in _own_words(building_key, key) if word in PHASES]
    return " ".join([*phases, *(found[0] for found in _TARIFF.finditer(_text(building_key, key)))])


def _rank(building_key: str, point: MeterPoint) -> int:
    """0 is what counts best."""
    text = _text(building_key, point.key)
    span = next((rank for pattern, rank in _PERIODS if pattern.search(text)), 0)
    kind = max(span, _MEASURED) if point.kind is PointKind.MEASUREMENT else span
    is_part = PHASES.intersection(_own_words(building_key, point.key)) or _TARIFF.search(text)
    return kind + (_PART if is_part else 0)
