"""A file is looked at before it is taken: it waits an hour while a person chooses how it is to be read."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ondol.common.access import Access, Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import HOUR_S, epoch_s
from ondol.common.messages import said
from ondol.common.objects import Objects
from ondol.imports.import_file import import_file
from ondol.imports.import_history import ImportNeeds, ImportSummary

KEPT_S = HOUR_S
LONGEST_NAME = 255
_FOLDER = "offers/"
_KEY_SIGNS = frozenset("0123456789abcdef-")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that waits, by its key: how it would be read, or the question that has to be answered first."""

    key: str
    name: str
    summary: ImportSummary | None
    question: str | None


def offer_file(
    access: Access, building_key: str, name: str, data: bytes, given: Mapping[str, Any], needs: ImportNeeds
) -> Offer:
    """Keep a file for an hour, and tell how it would be read. Raises NotAllowed, NotFound when the building is out of reach."""
    _check(access, building_key)
    key = f"{epoch_s(needs.clock())}-{secrets.token_hex(16)}"
    about = orjson.dumps({"building": building_key, "who": access.who, "name": name[:LONGEST_NAME]})
    needs.objects.put(_FOLDER + key, about + b"\n" + data)
    return _looked_at(access, building_key, key, name[:LONGEST_NAME], data, given, needs)


def look_at_offer(access: Access, building_key: str, key: str, given: Mapping[str, Any], needs: ImportNeeds) -> Offer:
    """How a file that waits would be read under other choices. Raises NotFound when it does not wait for them any more."""
    name, data = _waiting(access, building_key, key, needs)
    return _looked_at(access, building_key, key, name, data, given, needs)


def take_offer(
    access: Access, building_key: str, key: str, given: Mapping[str, Any], needs: ImportNeeds
) -> ImportSummary:
    """Import a file that waits. Raises NotFound when it does not wait for them any more, InvalidInput as `import_file`."""
    name, data = _waiting(access, building_key, key, needs)
    summary = import_file(access, building_key, name, data, given, needs)
    needs.objects.delete(_FOLDER + key)
    return summary


def drop_old_offers(objects: Objects, now_s: int) -> int:
    """Delete files that nobody took within the hour. Returns how many."""
    old = [key for key in objects.list(_FOLDER) if _made_s(key.removeprefix(_FOLDER)) + KEPT_S <= now_s]
    objects.delete(*old)
    return len(old)


def _check(access: Access, building_key: str) -> None:
    access.require(Scope.WRITE)
    access.require_whole_building(building_key)


def _waiting(access: Access, building_key: str, key: str, needs: ImportNeeds) -> tuple[str, bytes]:
    """Name and content of a file that the same person offered to the same building."""
    _check(access, building_key)
    gone = NotFound(said("this file does not wait any more: it was taken, or an hour has passed; upload it again"))
    if not set(key) <= _KEY_SIGNS or _made_s(key) + KEPT_S <= epoch_s(needs.clock()):
        raise gone
    try:
        about, _, data = needs.objects.get(_FOLDER + key).partition(b"\n")
    except NotFound:
        raise gone from None
    known = orjson.loads(about)
    if (known["building"], known["who"]) != (building_key, access.who):
        raise gone
    return str(known["name"]), data


def _looked_at(
    access: Access, building_key: str, key: str, name: str, data: bytes, given: Mapping[str, Any], needs: ImportNeeds
) -> Offer:
    try:
        summary = import_file(access, building_key, name, data, {**given, "dry_run": True}, needs)
    except InvalidInput as question:
        return Offer(key, name, None, str(question))
    return Offer(key, name, summary, None)


def _made_s(key: str) -> int:
    made = key.split("-")[0]
    return int(made) if made.isascii() and made.isdecimal() and len(made) < 12 else 0
