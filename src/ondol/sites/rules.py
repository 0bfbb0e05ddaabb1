"""Rules of keys and names: what they look like, and which of them are whose."""

import re

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.keys import EXPLAINED, KEY, POINT_KEY
from ondol.common.messages import said
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
        raise InvalidInput(said("%(key)s is no key: %(explained)s", key=repr(key[:100]), explained=EXPLAINED[KEY]))


def check_point(new: NewPoint) -> None:
    """What every store and every list of points takes: one that is too long would spoil them all. Raises InvalidInput."""
    if not re.fullmatch(POINT_KEY, new.key):
        raise InvalidInput(
            said("%(key)s is no key of a point: %(explained)s", key=repr(new.key[:200]), explained=EXPLAINED[POINT_KEY])
        )
    for field, longest in _LONGEST.items():
        text = getattr(new, field)
        if text is None:
            continue
        if len(text) > longest or "\0" in text or (field in _NEEDED and not text):
            raise InvalidInput(
                said(
                    "the %(field)s of a point has 1 to %(longest)s characters, and none of them is NUL",
                    field=field,
                    longest=longest,
                )
            )


def check_own_name(access: Access, building_key: str, name: str) -> None:
    """A name that is one of a kind in the installation. Who does not reach all of it names things by their building.

    Else a taken name would tell what others have, and a free one could catch what others will send. Raises InvalidInput.
    """
    if access.buildings is not None and not is_own_name(building_key, name):
        raise InvalidInput(
            said(
                "%(name)s has to begin with %(building_key)s, since you are limited to buildings",
                name=repr(name),
                building_key=repr(building_key + "."),
            )
        )


def is_own_name(building_key: str, name: str) -> bool:
    """Whether the name says that it belongs to the building: by its begin, or by line protocol's tag."""
    return name.startswith(f"{building_key}.") or f",building_id={building_key}" in re.split(r"(?=[, ])", name)
