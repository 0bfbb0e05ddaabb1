"""Readings in memory: for tests and trials; they are gone when the process ends."""

import threading
from collections.abc import Mapping, Sequence

import polars as pl

from ondol.readings.model import READINGS, bucket_readings, deduplicated
from ondol.readings.ports import BatchLines, StoreContext, TimeSeriesStatus
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US


class MemoryTimeSeries:
    """`TimeSeries` on one frame that is always sorted and free of duplicates."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings = pl.DataFrame(schema=READINGS)
        self._touched: set[tuple[int, int]] = set()
        self._handed_out: set[tuple[int, int]] = set()

    def append(self, readings: pl.DataFrame, as_sent: BatchLines | None = None) -> None:
        if not readings["value"].is_finite().all():
            raise ValueError("a reading's value must be finite")
        if readings.is_empty():
            return
        windows = readings.select("point_id", pl.col("time_us") // RAW_RESOLUTION_US * RAW_RESOLUTION_S).unique()
        with self._lock:
            self._readings = deduplicated(pl.concat([self._readings, readings]))
            self._touched.update(windows.iter_rows())

    def read(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        return self._readings.filter(pl.col("point_id").is_in(list(point_ids)), *_between(start_us, end_us))

    def buckets(self, point_id: int, start_us: int, end_us: int, step_us: int) -> pl.DataFrame:
        return bucket_readings(self.read([point_id], start_us, end_us), step_us)

    def latest(self, point_ids: Sequence[int], before_us: int) -> pl.DataFrame:
        return self.read(point_ids, 0, before_us).group_by("point_id", maintain_order=True).last()

    def next_after(self, point_id: int, time_us: int) -> int | None:
        times = self._readings.filter(pl.col("point_id") == point_id, pl.col("time_us") >= time_us)["time_us"]
        return None if times.is_empty() else int(times[0])

    def touched(self) -> pl.DataFrame:
        with self._lock:
            # A window that is touched again while it is aggregated must outlive `forget`.
            self._handed_out |= self._touched
            self._touched = set()
            rows = sorted(self._handed_out)
        return pl.DataFrame(rows, schema={"point_id": pl.Int32, "start": pl.Int64}, orient="row")

    def forget(self, windows: pl.DataFrame) -> None:
        with self._lock:
            self._handed_out.difference_update(windows.iter_rows())

    def drop_before(self, time_us: int) -> int:
        with self._lock:
            before = self._readings.height
            self._readings = self._readings.filter(pl.col("time_us") >= time_us)
            return before - self._readings.height

    def remove(self, points: Mapping[int, str]) -> None:
        with self._lock:
            self._readings = self._readings.filter(~pl.col("point_id").is_in(list(points)))
            self._touched = {window for window in self._touched if window[0] not in points}
            self._handed_out = {window for window in self._handed_out if window[0] not in points}

    def status(self) -> TimeSeriesStatus:
        readings = self._readings
        return TimeSeriesStatus("memory", "", readings.height, 0, int(readings.estimated_size()))

    def close(self) -> None:
        pass


def _between(start_us: int, end_us: int) -> tuple[pl.Expr, pl.Expr]:
    return pl.col("time_us") >= start_us, pl.col("time_us") < end_us


def open_store(url: str, context: StoreContext) -> MemoryTimeSeries:
    """`memory://`"""
    return MemoryTimeSeries()
