"""Rules of keys and names: what they look like, and which of them are whose."""

import re

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.keys import EXPLAINED, KEY, POINT_KEY
from ondol.sites.model import NewPoint

_LONGEST = {
    "key": 200,
    "name": 200,
    "quantity": 50,
    "unit": 20,
    "space": 64,
    "floor": 20,
    "end_use": 40,
    "brick_class": 80,
}
_NEEDED = frozenset({"key", "name", "quantity"})


def check_key(key: str) -> None:
    """For buildings, spaces and tenants: lists of keys, addresses and caches hold them as they are. Raises InvalidInput."""
    if not re.fullmatch(KEY, key):
        raise InvalidInput(f"{key[:100]!r} is no key: {EXPLAINED[KEY]}")


def check_point(new: NewPoint) -> None:
    """What every store and every list of points takes: one that is too long would spoil them all. Raises InvalidInput."""
    if not re.fullmatch(POINT_KEY, new.key):
        raise InvalidInput(f"{new.key[:200]!r} is no key of a point: {EXPLAINED[POINT_KEY]}")
    for field, longest in _LONGEST.items():
        text = getattr(new, field)
        if text is None:
            continue
        if len(text) > longest or "\0" in text or (field in _NEEDED and not text):
            raise InvalidInput(f"the {field} of a point has 1 to {longest} characters, and none of them is NUL")


def check_own_name(access: Access, building_key: str, name: str) -> None:
    """A name that is one of a kind in the installation. Who does not reach all of it names things by their building.

    Else a taken name would tell what others have, and a free one could catch what others will send. Raises InvalidInput.
    """
    if access.buildings is not None and not is_own_name(building_key, name):
        raise InvalidInput(f"{name!r} has to begin with {building_key + '.'!r}, since you are limited to buildings")


def is_own_name(building_key: str, name: str) -> bool:
    """Whether the name says that it belongs to the building: by its begin, or by line protocol's tag."""
    return name.startswith(f"{building_key}.") or f",building_id={building_key}" in re.split(r"(?=[, ])", name)
