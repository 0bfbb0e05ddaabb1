"""The live view as server-sent events."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
from flask import Response

from ondol.application import Ondol
from ondol.common.access import Scope
from ondol.common.cache import Subscription
from ondol.common.errors import StoreUnavailable
from ondol.readings.show_live import Newest, live_reading
from ondol.web.api.operations import Call, operation
from ondol.web.api.problems import problem
from ondol.web.api.shapes.buildings import LiveQuery
from ondol.web.installation import ondol

EVENT_EVERY_S = 1.0
HEARTBEAT_S = 10.0
POLL_EVERY_S = 2.0

_viewers = threading.Semaphore(0)
_stopping = threading.Event()


def allow_viewers(number: int) -> None:
    """Set how many streams may be open at a time in this process."""
    global _viewers
    _viewers = threading.Semaphore(number)
    _stopping.clear()


def stop_streams() -> None:
    """End every open stream, for shutting down."""
    _stopping.set()


@operation("GET", "/api/v1/live", tag="readings", scope=Scope.READ, query=LiveQuery, answer_media="text/event-stream")
def watch(call: Call) -> Response:
    """Watch the readings of a building as they arrive.

    Server-sent events: `readings` with `{"readings": [{"point", "time", "value", "quality"}]}` at most once a second with the
    newest value of each point, `ping` in between.
    """
    building = ondol().directory.building(call.query.building)
    call.caller.require_building(building.key)
    viewers = _viewers
    if not viewers.acquire(blocking=False):
        return problem(503, "too many live views are open; close one, or raise ONDOL_LIVE_VIEWERS")
    feed = LiveFeed(ondol(), building.key)
    stream = Response(_events(feed), mimetype="text/event-stream")
    stream.headers["X-Accel-Buffering"] = "no"
    stream.headers["Cache-Control"] = "no-store"

    @stream.call_on_close
    def _closed() -> None:  # pyright: ignore[reportUnusedFunction]
        feed.close()
        viewers.release()

    return stream


class LiveFeed:
    """Messages of a building: from the cache's channel, or by asking every two seconds while the cache is away."""

    def __init__(self, installation: Ondol, building_key: str) -> None:
        self._ondol = installation
        self._building_key = building_key
        self._subscription: Subscription | None = None
        self._sent: dict[int, Newest] = {}
        with contextlib.suppress(StoreUnavailable):
            self._subscribe()

    def next(self, timeout_s: float) -> bytes | None:
        """The next message, or None when none came in time."""
        try:
            return (self._subscription or self._subscribe()).next(timeout_s)
        except StoreUnavailable:
            self.close()
            _stopping.wait(POLL_EVERY_S)
            return self._poll()

    def close(self) -> None:
        """Leave the channel."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    def _subscribe(self) -> Subscription:
        self._subscription = self._ondol.cache.subscribe(f"live:{self._building_key}")
        return self._subscription

    def _poll(self) -> bytes | None:
        try:
            points = self._ondol.directory.points(self._building_key)
            newest = self._ondol.live.newest(points)
        except StoreUnavailable:
            return None
        changed = [point for point in points if newest.get(point.id) not in (None, self._sent.get(point.id))]
        self._sent |= newest
        readings = [live_reading(point, newest[point.id]) for point in changed]
        return orjson.dumps({"readings": readings}) if readings else None


def _events(feed: LiveFeed) -> Iterator[bytes]:
    yield b"retry: 3000\n\n"
    heard_at = time.monotonic()
    while not _stopping.is_set():
        message = feed.next(EVENT_EVERY_S)
        if message is not None:
            newest = _merged(message, feed)
            yield b"event: readings\ndata: " + orjson.dumps({"readings": newest}) + b"\n\n"
            heard_at = time.monotonic()
        elif time.monotonic() - heard_at > HEARTBEAT_S:
            yield b"event: ping\ndata: {}\n\n"
            heard_at = time.monotonic()


def _merged(message: bytes, feed: LiveFeed) -> list[dict[str, Any]]:
    """The newest reading per point of all that comes within the next moment."""
    newest: dict[str, dict[str, Any]] = {}
    until = time.monotonic() + EVENT_EVERY_S / 2
    following: bytes | None = message
    while following is not None:
        newest |= {reading["point"]: reading for reading in orjson.loads(following)["readings"]}
        following = feed.next(max(until - time.monotonic(), 0.001)) if time.monotonic() < until else None
    return list(newest.values())
