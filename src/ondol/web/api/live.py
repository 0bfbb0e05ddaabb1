"""The live view as server-sent events."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import orjson
from flask import Response

from ondol.common.access import Access, Scope
from ondol.common.errors import NotAllowed, NotFound, NotSignedIn, StoreUnavailable
from ondol.readings import LiveFeed
from ondol.web.api.authentication import recognizer
from ondol.web.api.live_places import LivePlaces
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.problems import problem
from ondol.web.api.shapes.buildings import LiveEvent, LiveQuery
from ondol.web.installation import ondol

EVENT_EVERY_S = 1.0
HEARTBEAT_S = 10.0
_REFUSALS = {
    429: "you have {share} live views open, as many as one may hold; close a page or a program that watches, and try again",
    503: "too many live views are open; close one, or raise ONDOL_LIVE_VIEWERS",
}

_places = LivePlaces(0)
_stopping = threading.Event()


def allow_viewers(number: int) -> None:
    """Set how many streams may be open at a time in this process."""
    global _places
    _places = LivePlaces(number)
    _stopping.clear()


def stop_streams() -> None:
    """End every open stream, for shutting down."""
    _stopping.set()


@operation(
    "GET", "/api/v1/live", tag="readings", scope=Scope.READ, query=LiveQuery,
    answer=Answer(LiveEvent, errors=[404, 429], media="text/event-stream"),
)  # fmt: skip
def watch(call: Call) -> Response:
    """Watch the readings of a building as they arrive.

    Server-sent events: `readings` with `{"readings": [{"point", "time", "value", "quality"}]}` at most once a second with the
    newest value of each point, `ping` in between. Each person or token may hold a quarter of ONDOL_LIVE_VIEWERS at a time, at least
    two; beyond that it is 429.
    """
    places, who = _places, call.access.token or call.access.username or call.access.who
    if status := places.take(who):
        return problem(status, _REFUSALS[status].format(share=places.share))
    try:
        feed = ondol().readings.watch(call.access, call.query.building)
    except Exception:
        places.give_back(who)
        raise
    stream = Response(_events(feed, recognizer()), mimetype="text/event-stream")
    stream.headers["X-Accel-Buffering"] = "no"
    stream.headers["Cache-Control"] = "no-store"

    def leave() -> None:
        feed.close()
        places.give_back(who)

    stream.call_on_close(leave)
    return stream


def _events(feed: LiveFeed, recognize: Callable[[], Access]) -> Iterator[bytes]:
    yield b"retry: 3000\n\n"
    heard_at = time.monotonic()
    while not _stopping.is_set() and _is_allowed_still(feed, recognize):
        readings = feed.next(EVENT_EVERY_S)
        if readings:
            yield b"event: readings\ndata: " + orjson.dumps({"readings": _merged(readings, feed)}) + b"\n\n"
            heard_at = time.monotonic()
        elif time.monotonic() - heard_at > HEARTBEAT_S:
            yield b"event: ping\ndata: {}\n\n"
            heard_at = time.monotonic()


def _is_allowed_still(feed: LiveFeed, recognize: Callable[[], Access]) -> bool:
    """Whether the viewer may go on watching, with what is theirs now. While nobody can tell, nothing changes."""
    try:
        with contextlib.suppress(StoreUnavailable):
            feed.renew(recognize())
    except (NotSignedIn, NotAllowed, NotFound):
        return False
    return True


def _merged(readings: list[dict[str, object]], feed: LiveFeed) -> list[dict[str, object]]:
    """The newest reading per point of all that comes within the next moment."""
    newest: dict[object, dict[str, object]] = {}
    until = time.monotonic() + EVENT_EVERY_S / 2
    following: list[dict[str, object]] | None = readings
    while following is not None:
        newest |= {reading["point"]: reading for reading in following}
        following = feed.next(max(until - time.monotonic(), 0.001)) if time.monotonic() < until else None
    return list(newest.values())
