"""Which file a building is being filled from right now: until it is done, what is missing may be on its way."""

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime

import orjson

from ondol.common.access import Access, Scope
from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import MINUTE_S

_FORGOTTEN_AFTER_S = 15 * MINUTE_S
"""What was killed is not waited for longer."""


@dataclass(frozen=True, slots=True)
class RunningImport:
    """A file that is being taken in, and since when."""

    file: str
    since: datetime


@contextlib.contextmanager
def noted(building_key: str, file: str, cache: Cache, clock: Clock) -> Generator[None]:
    """Tell pages of every process while the block runs. The newest file of a building counts; a cache that is away harms nothing."""
    with contextlib.suppress(StoreUnavailable):
        cache.set(_key(building_key), orjson.dumps([file, clock().isoformat()]), _FORGOTTEN_AFTER_S)
    try:
        yield
    finally:
        with contextlib.suppress(StoreUnavailable):
            cache.delete(_key(building_key))


def running_import(access: Access, building_key: str, *, cache: Cache) -> RunningImport | None:
    """What a building in reach is being filled from. Raises NotFound."""
    access.require(Scope.READ)
    access.require_building(building_key)
    with contextlib.suppress(StoreUnavailable):
        if kept := cache.get(_key(building_key)):
            file, since = orjson.loads(kept)
            return RunningImport(file, datetime.fromisoformat(since))
    return None


def _key(building_key: str) -> str:
    return f"cache:importing:{building_key}"
