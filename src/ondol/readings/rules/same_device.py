"""Points of one meter: what counts the same electricity twice stands behind what counts it best.

A register beside its power, a counter of today beside the total, phases beside their sum: only one of them is the building's use.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from ondol.readings.rules.words import METER_WORDS, PHASES, UNIT_WORDS, words_of
from ondol.sites.model import PointKind, PointRole

_SAME = {"emdata": "em", "em1data": "em1"}
"""Components of one Shelly that go by two names."""
_PHASE = 3
_TODAY = frozenset({"today", "daily"})


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
        groups[(point.quantity, point.role, *_meter(building_key, point.key))].append(point)
    found: dict[str, str] = {}
    for members in groups.values():
        ranks = {point.key: _rank(building_key, point) for point in members}
        best = min(ranks.values())
        main = min(key for key, rank in ranks.items() if rank == best)
        found |= {key: main for key, rank in ranks.items() if rank > best}
    return found


def role_behind(building_key: str, point: MeterPoint) -> PointRole:
    """What a point behind another of its device is: a phase is a part of it, all else shows the same energy a second time."""
    return point.role if _rank(building_key, point) >= _PHASE else PointRole.CHECK


def _own_words(building_key: str, key: str) -> list[str]:
    return [_SAME.get(word, word) for word in words_of(key.removeprefix(f"{building_key}."))]


def _meter(building_key: str, key: str) -> list[str]:
    """The words of a key that say which meter it is."""
    words = _own_words(building_key, key)
    return [word for word in words if word not in METER_WORDS and word not in PHASES and word not in UNIT_WORDS]


def _rank(building_key: str, point: MeterPoint) -> int:
    """0 is what counts best."""
    words = {*_own_words(building_key, point.key)}
    kind = 2 if point.kind is PointKind.MEASUREMENT else 1 if words & _TODAY else 0
    return kind + (_PHASE if words & PHASES else 0)
