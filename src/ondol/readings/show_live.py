"""The live view: the newest value of each point, and a stream of what changes."""

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import orjson
import polars as pl

from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S, epoch_us, format_instant
from ondol.common.quality import Quality, quality_name
from ondol.readings.ports import TimeSeries
from ondol.readings.reckon_live import Newest, read_by, reckon_live
from ondol.sites.model import Point
from ondol.sites.point_index import PointIndex

TELL_EVERY_S = 0.5
_FUTURE = int(Quality.FUTURE)
_NEVER = (-1, 0.0, 0)
_SHARED_FOR_S = DAY_S


class LiveView:
    """Newest readings by point. Values stamped in the future are left out: they would hide all later ones.

    Each process notes what it takes in; `tell` shares that through the cache as `latest:{point id}`, so that every process
    shows the same. While the cache is away the time-series store is asked.
    """

    def __init__(self, timeseries: TimeSeries, cache: Cache, clock: Clock, index: PointIndex) -> None:
        self._timeseries = timeseries
        self._cache = cache
        self._clock = clock
        self._index = index
        self._newest: dict[int, Newest] = {}
        self._changed: dict[int, Point] = {}
        self._told_at = 0.0
        self._lock = threading.Lock()

    def show(self, readings: pl.DataFrame, points: Mapping[int, Point]) -> None:
        """Take in a batch that is durable; `points` are those of the batch by id. Who watches is told soon."""
        with self._lock:
            for point_id, reading in _newest_of(readings).items():
                if reading[0] >= self._newest.get(point_id, _NEVER)[0]:
                    self._newest[point_id] = reading
                    self._changed[point_id] = points[point_id]
        if time.monotonic() - self._told_at >= TELL_EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Share and publish what changed since the last time. The readings are durable: a cache that is away harms nothing."""
        with self._lock:
            changed, self._changed = self._changed, {}
            self._told_at = time.monotonic()
            newest = {point_id: self._newest[point_id] for point_id in changed}
        with contextlib.suppress(StoreUnavailable):
            shared = self._shared(changed.values())
            newer = {n: reading for n, reading in newest.items() if reading[0] >= shared.get(n, _NEVER)[0]}
            self._cache.set_many({_key(changed[n]): orjson.dumps(newer[n]) for n in newer}, _SHARED_FOR_S)
            self._publish(newer, changed)
            if virtual := self._read_by_formulas(changed.values()):
                self._publish(self.newest(virtual), {point.id: point for point in virtual})

    def _read_by_formulas(self, changed: Iterable[Point]) -> list[Point]:
        """The virtual points that read any of the points."""
        keys = {point.key for point in changed}
        return [it for it in self._index.virtual() if keys & read_by([it], self._index).keys()]

    def _publish(self, newest: Mapping[int, Newest], points: Mapping[int, Point]) -> None:
        by_building: dict[str, list[dict[str, object]]] = defaultdict(list)
        for point_id, reading in newest.items():
            by_building[points[point_id].building_key].append(live_reading(points[point_id], reading))
        for building_key, readings in by_building.items():
            self._cache.publish(f"live:{building_key}", orjson.dumps({"readings": readings}))

    def newest(self, points: Iterable[Point]) -> dict[int, Newest]:
        """The newest reading of each point that has one; of a virtual point what its formula gives now."""
        points = list(points)
        virtual = [point for point in points if point.formula]
        inputs = read_by(virtual, self._index)
        measured = [point for point in [*points, *inputs.values()] if not point.formula]
        found = self._newest_measured(measured)
        reckoned = {point.id: reckon_live(point, inputs, found) for point in virtual}
        every = {**found, **{point_id: reading for point_id, reading in reckoned.items() if reading}}
        return {point.id: every[point.id] for point in points if point.id in every}

    def _newest_measured(self, points: Iterable[Point]) -> dict[int, Newest]:
        wanted = {point.id: point for point in points}
        found = {n: self._newest[n] for n in wanted if n in self._newest}
        try:
            shared = self._shared(wanted.values())
        except StoreUnavailable:
            missing = list(wanted)  # another process may have taken in newer ones
        else:
            for n, reading in shared.items():
                found[n] = max(found.get(n, _NEVER), reading)
            missing = [n for n in wanted if n not in found]
        if missing:
            bound_us = epoch_us(self._clock()) + 1
            stored = self._timeseries.latest(missing, bound_us).select("point_id", "time_us", "value", "quality")
            with self._lock:
                for n, *reading in stored.iter_rows():
                    found[n] = self._newest[n] = max(self._newest.get(n, _NEVER), tuple(reading))
        return found

    def forget(self, points: Sequence[Point]) -> None:
        """Let go of what is known of points whose readings are others now: the store is asked anew."""
        with self._lock:
            for point in points:
                self._newest.pop(point.id, None)
                self._changed.pop(point.id, None)
        with contextlib.suppress(StoreUnavailable):
            self._cache.delete(*map(_key, points))

    def _shared(self, points: Iterable[Point]) -> dict[int, Newest]:
        """What the processes have shared. Raises StoreUnavailable."""
        ids = {_key(point): point.id for point in points}
        return {ids[key]: tuple(orjson.loads(value)) for key, value in self._cache.get_many(ids).items()}


def _newest_of(readings: pl.DataFrame) -> dict[int, Newest]:
    """The newest reading of each point that is not stamped in the future; of two at one time, the one sent last."""
    present = readings.filter(pl.col("quality") & _FUTURE == 0) if readings["quality"].max() else readings
    ordered = present if present["time_us"].is_sorted() else present.sort("time_us", maintain_order=True)
    ids, *columns = (ordered[name].to_numpy() for name in ("point_id", "time_us", "value", "quality"))
    # The first of each point from the end on.
    points, from_end = np.unique(ids[::-1], return_index=True)
    last = len(ids) - 1 - from_end
    rows = zip(*(column[last].tolist() for column in columns), strict=True)
    return dict(zip(points.tolist(), rows, strict=True))


def live_reading(point: Point, reading: Newest) -> dict[str, object]:
    """A reading as live messages carry it."""
    time_us, value, quality = reading
    return {"point": point.key, "time": format_instant(time_us), "value": value, "quality": quality_name(quality)}


def _key(point: Point) -> str:
    return f"latest:{point.id}"
