"""Meters of one building that contain each other by what they are called: appliances behind the mains, the house beside its grid.

A plug's electricity has passed the meter of the house already. Where no meter is called the building's, nobody knows, and all add up.
"""

from collections.abc import Iterable

from ondol.readings.rules.same_device import MeterPoint
from ondol.readings.rules.uses import APPLIANCE, HOUSE_LOAD, IMPORT, MAINS, NET, WHOLE_HOUSE, spoken
from ondol.readings.rules.words import METER_WORDS, PHASES, UNIT_WORDS
from ondol.sites.model import PointRole


def roles_beside(building_key: str, points: Iterable[MeterPoint]) -> dict[str, PointRole]:
    """The role of each main that another main of the building contains, by its key; `points` are meters of usage of one building."""
    mains = {
        point.key: _words(building_key, point.key)
        for point in points
        if point.role is PointRole.MAIN and point.quantity == "electricity"
    }
    appliances = {key for key, text in mains.items() if APPLIANCE.search(text)}
    from_grid = any(IMPORT.search(text) for key, text in mains.items() if key not in appliances)
    load = WHOLE_HOUSE if from_grid else HOUSE_LOAD
    others = {key: text for key, text in mains.items() if key not in appliances and not IMPORT.search(text)}
    loads = {key for key, text in others.items() if load.search(text) or NET.search(text)}
    drawn = {key for key, text in mains.items() if key not in appliances | loads and _is_of_building(text)}
    found = dict.fromkeys(loads, PointRole.CHECK) if drawn else {}
    return found | (dict.fromkeys(appliances, PointRole.SUBMETER) if drawn or loads else {})


def _words(building_key: str, key: str) -> str:
    return spoken(key.removeprefix(f"{building_key}."))


def _is_of_building(text: str) -> bool:
    """Whether it is called the meter of the whole, or nothing else than a meter."""
    own = [word for word in text.split() if word not in METER_WORDS | PHASES | UNIT_WORDS.keys()]
    return not own or MAINS.search(text) is not None
