"""The stream of what changes in a building, for one viewer."""

import contextlib
import threading

import orjson

from ondol.common.access import Access
from ondol.common.cache import Cache, Subscription
from ondol.common.errors import StoreUnavailable
from ondol.readings.show_live import LiveView, Newest, live_reading
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_points

POLL_EVERY_S = 2.0


class LiveFeed:
    """Messages of a building: from the cache's channel, or by asking every two seconds while the cache is away."""

    def __init__(
        self, access: Access, building_key: str, *, records: SiteRecords, live: LiveView, cache: Cache
    ) -> None:
        """Raises NotFound, NotAllowed when the building is out of reach."""
        reach_building(access, building_key, records)
        self._access = access
        self._building_key = building_key
        self._records = records
        self._live = live
        self._cache = cache
        self._subscription: Subscription | None = None
        self._sent: dict[int, Newest] = {}
        self._closed = threading.Event()
        self._theirs = self._points_in_reach()
        with contextlib.suppress(StoreUnavailable):
            self._subscribe()

    def next(self, timeout_s: float) -> list[dict[str, object]] | None:
        """The next readings, each `point`, `time`, `value` and `quality`; None when none came in time."""
        try:
            message = (self._subscription or self._subscribe()).next(timeout_s)
        except StoreUnavailable:
            self._leave()
            self._closed.wait(POLL_EVERY_S)
            return self._poll()
        if message is None:
            return None
        readings: list[dict[str, object]] = orjson.loads(message)["readings"]
        return readings if self._theirs is None else [r for r in readings if r["point"] in self._theirs]

    def renew(self, access: Access) -> None:
        """Go on with what is theirs now. Raises NotFound, NotAllowed when the building is out of reach meanwhile."""
        if access != self._access:
            reach_building(access, self._building_key, self._records)
            self._access = access
            self._theirs = self._points_in_reach()

    def close(self) -> None:
        """Leave the channel; a call that waits returns."""
        self._closed.set()
        self._leave()

    def _points_in_reach(self) -> frozenset[str] | None:
        """Keys of the points that a tenant may see; None for a whole building, where points may be added meanwhile."""
        if self._access.spaces is None:
            return None
        return frozenset(point.key for point in reach_points(self._access, self._building_key, self._records))

    def _subscribe(self) -> Subscription:
        self._subscription = self._cache.subscribe(f"live:{self._building_key}")
        return self._subscription

    def _leave(self) -> None:
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    def _poll(self) -> list[dict[str, object]] | None:
        try:
            points = reach_points(self._access, self._building_key, self._records)
            newest = self._live.newest(points)
        except StoreUnavailable:
            return None
        changed = [point for point in points if newest.get(point.id) not in (None, self._sent.get(point.id))]
        self._sent |= newest
        return [live_reading(point, newest[point.id]) for point in changed] or None
