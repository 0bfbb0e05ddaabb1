"""The live view as server-sent events."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
from flask import Response

from ondol.domain.people import Scope
from ondol.ports.cache import Subscription
from ondol.web.api.operations import Call, operation
from ondol.web.api.problems import problem
from ondol.web.api.shapes import LiveQuery
from ondol.web.installation import ondol

EVENT_EVERY_S = 1.0
HEARTBEAT_S = 10.0

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
    subscription = ondol().cache.subscribe(f"live:{building.key}")
    stream = Response(_events(subscription), mimetype="text/event-stream")
    stream.headers["X-Accel-Buffering"] = "no"
    stream.headers["Cache-Control"] = "no-store"

    @stream.call_on_close
    def _closed() -> None:  # pyright: ignore[reportUnusedFunction]
        subscription.close()
        viewers.release()

    return stream


def _events(subscription: Subscription) -> Iterator[bytes]:
    yield b"retry: 3000\n\n"
    heard_at = time.monotonic()
    while not _stopping.is_set():
        message = subscription.next(EVENT_EVERY_S)
        if message is not None:
            newest = _merged(message, subscription)
            yield b"event: readings\ndata: " + orjson.dumps({"readings": newest}) + b"\n\n"
            heard_at = time.monotonic()
        elif time.monotonic() - heard_at > HEARTBEAT_S:
            yield b"event: ping\ndata: {}\n\n"
            heard_at = time.monotonic()


def _merged(message: bytes, subscription: Subscription) -> list[dict[str, Any]]:
    """The newest reading per point of all that comes within the next moment."""
    newest: dict[str, dict[str, Any]] = {}
    until = time.monotonic() + EVENT_EVERY_S / 2
    following: bytes | None = message
    while following is not None:
        newest |= {reading["point"]: reading for reading in orjson.loads(following)["readings"]}
        following = subscription.next(max(until - time.monotonic(), 0.001)) if time.monotonic() < until else None
    return list(newest.values())
