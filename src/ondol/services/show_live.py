"""The live view: the newest value of each point, and a stream of what changes."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping

import orjson
import polars as pl

from ondol.domain.clock import Clock, format_instant
from ondol.domain.points import Point
from ondol.domain.quality import Quality, quality_name
from ondol.ports.cache import Cache
from ondol.ports.timeseries import TimeSeries

TELL_EVERY_S = 0.5
_FUTURE = int(Quality.FUTURE)
_NEVER = (-1, 0.0, 0)

Newest = tuple[int, float, int]
"""Time (microseconds UTC), value and quality of a reading."""


class LiveView:
    """Newest readings by point id. Values stamped in the future are left out: they would hide all later ones."""

    def __init__(self, timeseries: TimeSeries, cache: Cache, clock: Clock) -> None:
        self._timeseries = timeseries
        self._cache = cache
        self._clock = clock
        self._newest: dict[int, Newest] = {}
        self._changed: dict[int, Point] = {}
        self._told_at = 0.0
        self._lock = threading.Lock()

    def show(self, readings: pl.DataFrame, points: Mapping[int, Point]) -> None:
        """Take in a batch that is durable; `points` are those of the batch by id. Who watches is told soon."""
        columns = [readings[name].to_list() for name in ("point_id", "time_us", "value", "quality")]
        with self._lock:
            for point_id, time_us, value, quality in zip(*columns, strict=True):
                if quality & _FUTURE == 0 and time_us >= self._newest.get(point_id, _NEVER)[0]:
                    self._newest[point_id] = time_us, value, quality
                    self._changed[point_id] = points[point_id]
        if time.monotonic() - self._told_at >= TELL_EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Publish what changed since the last time, per building."""
        with self._lock:
            changed, self._changed = self._changed, {}
            self._told_at = time.monotonic()
            newest = {point_id: self._newest[point_id] for point_id in changed}
        by_building: dict[str, list[dict[str, object]]] = defaultdict(list)
        for point_id, (time_us, value, quality) in newest.items():
            reading = {"time": format_instant(time_us), "value": value, "quality": quality_name(quality)}
            by_building[changed[point_id].building_key].append({"point": changed[point_id].key, **reading})
        for building_key, readings in by_building.items():
            self._cache.publish(f"live:{building_key}", orjson.dumps({"readings": readings}))

    def newest(self, points: Iterable[Point]) -> dict[int, Newest]:
        """The newest reading of each point that has one; read from the store when this process has seen none."""
        ids = [point.id for point in points]
        missing = [point_id for point_id in ids if point_id not in self._newest]
        if missing:
            bound_us = int(self._clock().timestamp() * 1_000_000) + 1
            stored = self._timeseries.latest(missing, bound_us)
            with self._lock:
                for point_id, time_us, value, quality in stored.select(
                    "point_id", "time_us", "value", "quality"
                ).iter_rows():
                    self._newest.setdefault(point_id, (time_us, value, quality))
        return {point_id: self._newest[point_id] for point_id in ids if point_id in self._newest}
