"""Points by the names under which devices send them, remembered."""

import contextlib
import math
import secrets
import threading
import time
from collections.abc import Iterable

from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S
from ondol.sites.model import Point
from ondol.sites.ports import SiteRecords

_VERSION_KEY = "cache:points_version"


_VERSION_TTL_S = 7 * DAY_S


_CHECK_EVERY_S = 1.0


_GOOD_FOR_S = 30.0


class PointIndex:
    """Points by key or by the name that a device uses, remembered in this process until some process calls `forget`.

    The processes agree through a version in the cache, looked at once a second; while the cache is away, what is remembered
    is good for half a minute.
    """

    def __init__(self, records: SiteRecords, cache: Cache) -> None:
        self._records = records
        self._cache = cache
        self._known: dict[str, Point] = {}
        self._buildings: frozenset[str] | None = None
        self._virtual: list[Point] | None = None
        self._version: bytes | None = None
        self._generation = 0
        self._checked_at = self._renewed_at = -math.inf
        self._lock = threading.Lock()

    def find(self, sources: Iterable[str]) -> dict[str, Point]:
        """The points that exist among the sources."""
        self._renew()
        wanted, known = set(sources), self._known
        missing = [source for source in wanted if source not in known]
        if missing:
            found = self._records.points_by_key(missing)
            with self._lock:
                self._known = known = {**self._known, **found}
        return {source: known[source] for source in wanted if source in known}

    def remembered(self, sources: Iterable[str]) -> dict[str, Point]:
        """Those among the sources that need no question."""
        self._renew()
        known = self._known
        return {source: known[source] for source in sources if source in known}

    def is_building(self, key: str) -> bool:
        """Whether a building has this key."""
        self._renew()
        if self._buildings is None:
            self._buildings = frozenset(building.key for building in self._records.buildings())
        return key in self._buildings

    def virtual(self) -> list[Point]:
        """The points that are reckoned by a formula."""
        self._renew()
        virtual = self._virtual
        if virtual is None:
            virtual = self._virtual = self._records.virtual_points()
        return virtual

    def forget(self) -> None:
        """Read the points anew, in every process; call it after a point or a building was added or changed."""
        self._clear(secrets.token_bytes(8))
        with contextlib.suppress(StoreUnavailable):
            self._cache.set(_VERSION_KEY, self._version or b"", _VERSION_TTL_S)

    def version(self) -> int:
        """Another number whenever what others remember of points may be wrong."""
        self._renew()
        return self._generation

    def _renew(self) -> None:
        """Forget what another process has changed."""
        now = time.monotonic()
        if now - self._checked_at < _CHECK_EVERY_S:
            return
        self._checked_at = now
        try:
            version = self._cache.get(_VERSION_KEY)
        except StoreUnavailable:
            if now - self._renewed_at > _GOOD_FOR_S:
                self._clear(self._version)
        else:
            if version != self._version:
                self._clear(version)

    def _clear(self, version: bytes | None) -> None:
        with self._lock:
            self._known = {}
            self._generation += 1
            self._buildings = None
            self._virtual = None
            self._version = version
            self._renewed_at = time.monotonic()
