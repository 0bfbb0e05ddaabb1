"""The list of buildings, which nearly every page needs: `cache:building_list`, as the guide has it."""

import contextlib
from dataclasses import asdict

import orjson

from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.sites.model import Building
from ondol.sites.ports import Directory

KEY = "cache:building_list"
KEPT_FOR_S = 60.0


def list_buildings(*, directory: Directory, cache: Cache) -> list[Building]:
    """All buildings, by name: from the cache, or from the database when it is not there or the cache is away."""
    try:
        kept = cache.get(KEY)
    except StoreUnavailable:
        return directory.buildings()
    if kept is not None:
        return [Building(**fields) for fields in orjson.loads(kept)]
    buildings = directory.buildings()
    with contextlib.suppress(StoreUnavailable):
        cache.set(KEY, orjson.dumps([asdict(building) for building in buildings]), KEPT_FOR_S)
    return buildings


def forget_buildings(cache: Cache) -> None:
    """Let the list be read anew; call it after a building was added or changed."""
    with contextlib.suppress(StoreUnavailable):
        cache.delete(KEY)
