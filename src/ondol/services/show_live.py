"""The live view: the newest value of each point, and a stream of what changes."""

import threading
from collections import defaultdict
from collections.abc import Iterable

import orjson
import polars as pl

from ondol.domain.clock import Clock, format_instant
from ondol.domain.points import Point
from ondol.domain.quality import Quality, quality_name
from ondol.ports.cache import Cache
from ondol.ports.timeseries import TimeSeries

Newest = tuple[int, float, int]
"""Time (microseconds UTC), value and quality of a reading."""


class LiveView:
    """Newest readings by point id. Values stamped in the future are left out: they would hide all later ones."""

    def __init__(self, timeseries: TimeSeries, cache: Cache, clock: Clock) -> None:
        self._timeseries = timeseries
        self._cache = cache
        self._clock = clock
        self._newest: dict[int, Newest] = {}
        self._lock = threading.Lock()

    def show(self, readings: pl.DataFrame, points: Iterable[Point]) -> None:
        """Take in a batch that is durable and tell who watches its buildings."""
        present = readings.filter((pl.col("quality") & int(Quality.FUTURE)) == 0) if readings.height > 1 else readings
        newest = present.group_by("point_id").agg(pl.all().sort_by("time_us").last()) if present.height > 1 else present
        changed: list[int] = []
        with self._lock:
            for point_id, time_us, value, quality in newest.select(
                "point_id", "time_us", "value", "quality"
            ).iter_rows():
                if quality & Quality.FUTURE == 0 and time_us >= self._newest.get(point_id, (0,))[0]:
                    self._newest[point_id] = time_us, value, quality
                    changed.append(point_id)
        self._tell(changed, {point.id: point for point in points})

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

    def _tell(self, changed: list[int], points: dict[int, Point]) -> None:
        by_building: dict[str, list[dict[str, object]]] = defaultdict(list)
        for point_id in changed:
            point = points[point_id]
            time_us, value, quality = self._newest[point_id]
            by_building[point.building_key].append(
                {"point": point.key, "time": format_instant(time_us), "value": value, "quality": quality_name(quality)}
            )
        for building_key, readings in by_building.items():
            self._cache.publish(f"live:{building_key}", orjson.dumps({"readings": readings}))
