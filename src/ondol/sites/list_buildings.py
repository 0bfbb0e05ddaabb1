"""The list of buildings, which nearly every page needs: `cache:building_list`, as the guide has it."""

import contextlib
from dataclasses import asdict

import orjson

from ondol.common.access import Access, Scope
from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.sites.model import Building
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import building_in_reach

KEY = "cache:building_list"
KEPT_FOR_S = 60.0


def list_buildings(access: Access, *, records: SiteRecords, cache: Cache | None) -> list[Building]:
    """The buildings of which something is theirs, by name. Raises NotAllowed."""
    access.require(Scope.READ)
    return [building_in_reach(access, building) for building in _all(records, cache) if access.reaches(building.key)]


def forget_buildings(cache: Cache | None) -> None:
    """Let the list be read anew, in every process; call it after a building was added or changed."""
    with contextlib.suppress(StoreUnavailable):
        if cache is not None:
            cache.delete(KEY)


def _all(records: SiteRecords, cache: Cache | None) -> list[Building]:
    """From the cache, or from the database when they are not there or the cache is away."""
    try:
        stored = None if cache is None else cache.get(KEY)
    except StoreUnavailable:
        return records.buildings()
    if stored is not None:
        return [Building(**fields) for fields in orjson.loads(stored)]
    buildings = records.buildings()
    with contextlib.suppress(StoreUnavailable):
        if cache is not None:
            cache.set(KEY, orjson.dumps([asdict(building) for building in buildings]), KEPT_FOR_S)
    return buildings
