"""Which windows readings touched, kept in InfluxDB itself: each write carries one line that names them.

A line's windows are overwritten with what is left of them once their intervals are stored. Writers and the worker may be
different processes on different machines; their clocks may differ by `LATEST_LANDING_S`.
"""

import itertools
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from ondol.common.instants import QUARTER_S, SECOND_US
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US
from ondol.stores.timeseries.influxdb_http import InfluxDBClient

MEASUREMENT = "ondol_touched"
LATEST_LANDING_S = QUARTER_S
_MOST_WINDOWS_A_LINE = 3_000
"""A text field holds at most 64 kB."""

Windows = frozenset[tuple[int, int]]
"""Pairs of point id and window start (epoch seconds)."""


class TouchedWindows:
    """Lines that name touched windows, and reading them back."""

    def __init__(self, client: InfluxDBClient) -> None:
        self._client = client
        self._writer = secrets.token_hex(4)
        self._numbers = itertools.count()
        self._handed_out: dict[tuple[str, int], Windows] = {}
        self._scan_from_us = 0
        self._lock = threading.Lock()

    def lines(self, readings: pl.DataFrame) -> Iterator[str]:
        """The lines to write beside a batch (READINGS)."""
        windows = _windows_of(readings)
        for n in range(0, len(windows), _MOST_WINDOWS_A_LINE):
            # A stamp of its own for each line, though two may be made in one microsecond.
            stamp_us = time.time_ns() // 1_000_000 * 1000 + next(self._numbers) % 1000
            yield _line(self._writer, stamp_us, windows[n : n + _MOST_WINDOWS_A_LINE])

    def read(self) -> pl.DataFrame:
        """`point_id`, `start` of all touched windows, sorted."""
        now_us = time.time_ns() // 1000
        statement = f"SELECT windows, writer FROM {MEASUREMENT} WHERE time >= {self._scan_from_us}u AND windows != ''"  # noqa: S608
        found: dict[tuple[str, int], Windows] = {}
        for series in self._client.query(statement):
            for stamp_us, windows, writer in series["values"]:
                found[writer, stamp_us] = _parsed(windows)
        with self._lock:
            self._handed_out = found
            oldest_us = min((stamp_us for _, stamp_us in found), default=now_us)
            self._scan_from_us = min(oldest_us, now_us - LATEST_LANDING_S * SECOND_US)
        rows = sorted(frozenset[tuple[int, int]]().union(*found.values()))
        return pl.DataFrame(rows, schema={"point_id": pl.Int32, "start": pl.Int64}, orient="row")

    def forget(self, windows: pl.DataFrame) -> None:
        """Take the windows out of the lines that were last read."""
        gone = frozenset(windows.select("point_id", "start").iter_rows())
        with self._lock:
            left = {
                key: windows_of - gone
                for key, windows_of in self._handed_out.items()
                if not gone.isdisjoint(windows_of)
            }
        lines = [_line(writer, stamp_us, remaining) for (writer, stamp_us), remaining in left.items()]
        for n in range(0, len(lines), 5000):
            self._client.write("\n".join(lines[n : n + 5000]).encode())
        with self._lock:
            self._handed_out |= left

    def drop_settled(self) -> None:
        """Remove lines that are older than any that may still say something; 3.x cannot, its retention does."""
        if not self._client.version.startswith("3") and self._scan_from_us:
            self._client.execute(f"DELETE FROM {MEASUREMENT} WHERE time < {self._scan_from_us}u")  # noqa: S608


def _windows_of(readings: pl.DataFrame) -> list[tuple[int, int]]:
    point_ids, times_us = readings["point_id"].to_list(), readings["time_us"].to_numpy()
    first, last = int(times_us.min()) // RAW_RESOLUTION_US, int(times_us.max()) // RAW_RESOLUTION_US
    if first == last:  # as nearly always: a device sends what it has just measured
        return [(point_id, first * RAW_RESOLUTION_S) for point_id in set(point_ids)]
    starts = (times_us // RAW_RESOLUTION_US * RAW_RESOLUTION_S).tolist()
    return list(set(zip(point_ids, starts, strict=True)))


def _line(writer: str, stamp_us: int, windows: Iterable[tuple[int, int]]) -> str:
    by_start: dict[int, list[str]] = defaultdict(list)
    for point_id, start in windows:
        by_start[start].append(str(point_id))
    text = ";".join(f"{start}:{','.join(points)}" for start, points in by_start.items())
    return f'{MEASUREMENT},writer={writer} windows="{text}" {stamp_us}000'


def _parsed(text: str) -> Windows:
    windows: set[tuple[int, int]] = set()
    for part in text.split(";"):
        start, _, points = part.partition(":")
        windows.update((int(point), int(start)) for point in points.split(","))
    return frozenset(windows)
