"""Which point a device means, and registering it when that is allowed."""

import contextlib
import math
import re
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from ondol.domain.errors import AlreadyExists, StoreUnavailable
from ondol.domain.people import Token
from ondol.domain.points import Point, PointKind
from ondol.domain.submissions import Submission
from ondol.domain.units import find_unit
from ondol.ports.cache import Cache
from ondol.ports.directory import Directory

_MOST_NEW_POINTS_A_REQUEST = 1000
_VERSION_KEY = "cache:points_version"
_VERSION_TTL_S = 7 * 86_400
_CHECK_EVERY_S = 1.0
_GOOD_FOR_S = 30.0


class PointIndex:
    """Points by key or by the name that a device uses, remembered in this process until some process calls `forget`.

    The processes agree through a version in the cache, looked at once a second; while the cache is away, what is remembered
    is good for half a minute.
    """

    def __init__(self, directory: Directory, cache: Cache) -> None:
        self._directory = directory
        self._cache = cache
        self._known: dict[str, Point] = {}
        self._version: bytes | None = None
        self._checked_at = self._renewed_at = -math.inf
        self._lock = threading.Lock()

    def find(self, sources: Iterable[str]) -> dict[str, Point]:
        """The points that exist among the sources."""
        self._renew()
        wanted, known = set(sources), self._known
        missing = [source for source in wanted if source not in known]
        if missing:
            found = self._directory.points_by_key(missing)
            with self._lock:
                self._known = known = {**self._known, **found}
        return {source: known[source] for source in wanted if source in known}

    def forget(self) -> None:
        """Read the points anew, in every process; call it after a point was added or changed."""
        self._clear(secrets.token_bytes(8))
        with contextlib.suppress(StoreUnavailable):
            self._cache.set(_VERSION_KEY, self._version or b"", _VERSION_TTL_S)

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
            self._version = version
            self._renewed_at = time.monotonic()


@dataclass(frozen=True, slots=True)
class Matcher:
    """Matches the sources of one sender. `register` says whether unknown points may be created."""

    index: PointIndex
    directory: Directory
    token: Token | None
    register: bool
    bucket: str | None = None

    def match(self, submission: Submission) -> tuple[dict[str, Point], dict[str, str]]:
        """Points by source, and for each source without one the reason why its readings are refused."""
        sources = set(submission.sources)
        found = self.index.find(sources)
        missing = sorted(sources - found.keys())
        refused: dict[str, str] = {}
        if missing and self.register:
            refused = self._register(missing, submission)
            found |= self.index.find(missing)
        if self.token and self.token.buildings is not None:
            for source in [s for s, point in found.items() if not self.token.allows(point.building_key)]:
                refused[source] = f"the token does not reach building {found.pop(source).building_key!r}"
        for source in missing:
            if source not in found:
                refused.setdefault(
                    source,
                    f"there is no point {source!r}: create it with POST /api/v1/points, or write with a token made with --register",
                )
        return found, refused

    def _register(self, sources: list[str], submission: Submission) -> dict[str, str]:
        refused: dict[str, str] = {}
        for source in sources[_MOST_NEW_POINTS_A_REQUEST:]:
            refused[source] = (
                f"more than {_MOST_NEW_POINTS_A_REQUEST} unknown points in one request; send fewer at a time"
            )
        for source in sources[:_MOST_NEW_POINTS_A_REQUEST]:
            details = submission.details.get(source, {})
            building = self._building_for(source, details)
            if building is None:
                refused[source] = (
                    f"no building is known for the new point {source!r}: send a building_id tag, begin the key with the "
                    "building's key, write to a bucket of its name, or use a token limited to one building"
                )
                continue
            try:
                self.directory.add_points(building, [describe_new_point(source, details)])
            except AlreadyExists:
                # Another request was quicker, or two names come down to one key.
                if not self.index.find([source]):
                    refused[source] = f"the key for {source!r} is taken by another point; send a point tag"
        self.index.forget()
        return refused

    def _building_for(self, source: str, details: dict[str, str]) -> str | None:
        keys = {building.key for building in self.directory.buildings()}
        named = [details.get("building_id"), source.split(".")[0], self.bucket]
        if self.token and self.token.buildings and len(self.token.buildings) == 1:
            named.append(next(iter(self.token.buildings)))
        if len(keys) == 1:
            named.append(next(iter(keys)))
        return next((key for key in named if key in keys), None)


def describe_new_point(source: str, details: dict[str, str]) -> dict[str, object]:
    """Fields of a point that is registered because readings of it arrived."""
    key = details.get("key") or source
    quantity = details.get("sensor_type") or key.rsplit(".", 1)[-1]
    unit = find_unit(details.get("unit", ""))
    description: dict[str, object] = {
        "key": _slug(key),
        "name": key,
        "quantity": quantity[:50],
        "unit": unit.symbol if unit else (details.get("unit") or _USUAL_UNITS.get(quantity, ""))[:20],
        "kind": PointKind.MEASUREMENT.value,
        "floor": details.get("floor"),
    }
    if description["key"] != source:
        description["alias"] = source
    return description


_USUAL_UNITS = {"temperature": "degC", "humidity": "%", "illuminance": "lx", "co2": "ppm", "power": "kW"}


def _slug(text: str) -> str:
    return re.sub(r"[^\w.\-]+", "_", text).strip("_.")[:200] or "point"
