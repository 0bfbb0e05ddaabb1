"""Where raw readings live."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from ondol.common.retention import USUAL, Retention
from ondol.readings.model import Form, Sent, SentLines
from ondol.readings.model.devices import NewDevice
from ondol.sites.model import Point


@dataclass(frozen=True, slots=True)
class Merged:
    """The point of which another one became a part: its values times `factor` plus `shift` are readings of `point_id`."""

    point_id: int
    factor: float
    shift: float


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What an adapter may need of the installation that it is opened for.

    What is remembered of points holds as long as `points_version` answers the same. `merged` says where readings of points go that
    became part of another one.
    """

    home: Path
    points_by_id: Callable[[Iterable[int]], Mapping[int, Point]]
    retention: Retention = USUAL
    spool_mb: int = 1024
    points_version: Callable[[], object] = lambda: None
    merged: Callable[[Iterable[int]], Mapping[int, Merged]] = lambda _: {}


@dataclass(frozen=True, slots=True)
class TimeSeriesStatus:
    """What a health check and the metrics show of the store. `trouble` is why readings that wait are not taken, though it answers."""

    backend: str
    version: str
    readings: int
    staged: int
    size_bytes: int
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class BatchLines:
    """The lines that a batch was read from, one for each row with its time and value; the flags of the batch are not in them.

    `forms` holds every form that occurs and the point it stands for.
    """

    sent: SentLines
    forms: frozenset[tuple[int, Form]]


class NewDevices(Protocol):
    """Names that sent readings and wait to become points, with these readings. Frames have the columns of `model.devices.WAITING`.

    Guarantees: what `keep` took is durable when it returns, and stays until `drop`; the same name and time replaces the value.
    """

    def keep(self, building_key: str, names: Mapping[str, Sent], readings: pl.DataFrame) -> set[str]:
        """Let readings wait; returns the names that have so many waiting that none was taken."""
        ...

    def waiting(self, building_key: str | None = None) -> list[NewDevice]:
        """Those of a building, or all, by name."""
        ...

    def find(self, key: str) -> NewDevice | None:
        """The one with the key."""
        ...

    def homes(self, names: Iterable[str]) -> dict[str, str]:
        """The building in which each of the names waits, for those that do."""
        ...

    def released(self, names: Iterable[str]) -> set[str]:
        """Those of the names that somebody took from a point: they wait, whatever they send."""
        ...

    def oldest(self, key: str, most: int) -> pl.DataFrame:
        """Its oldest readings, in order of time."""
        ...

    def drop(self, key: str, until_us: int | None = None) -> None:
        """Let go of its readings up to and with a time, or of all; with the last one the name goes, too."""
        ...


class TimeSeries(Protocol):
    """Raw readings by point and time. Frames have the columns of `readings.model.READINGS`.

    Guarantees that every adapter gives and the contract suite tests:
    - `append` returns only when the batch is durable (for `memory`: stored); all of it or, on an exception, nothing.
    - A later reading of the same point and time replaces the value; in one batch the last row wins.
    - Bounds are half-open, `start_us <= time < end_us`, in UTC microseconds.
    - A read sees every batch whose `append` returned before the read began, and no half batch.
    - Safe to call from many threads.
    """

    def append(self, readings: pl.DataFrame, as_sent: BatchLines | None = None) -> None:
        """Store a batch. Raises ValueError on values that are not finite, StoreUnavailable when it cannot be kept.

        `as_sent` says the same once more: a store that speaks line protocol may pass it on, any other passes over it.
        """
        ...

    def read(self, point_ids: Sequence[int], start_us: int, end_us: int) -> pl.DataFrame:
        """Readings of the points, sorted by point and time."""
        ...

    def buckets(self, point_id: int, start_us: int, end_us: int, step_us: int) -> pl.DataFrame:
        """`time_us` (bucket start, a multiple of `step_us`), `mean`, `min`, `max`, `sum`, `first`, `last`, `count`, `quality`."""
        ...

    def latest(self, point_ids: Sequence[int], before_us: int) -> pl.DataFrame:
        """The newest reading before the bound of each point that has one."""
        ...

    def next_after(self, point_id: int, time_us: int) -> int | None:
        """Time of the first reading at or after the bound, or None."""
        ...

    def touched(self) -> pl.DataFrame:
        """Windows whose readings changed since they were forgotten: `point_id`, `start` (epoch seconds, multiple of 900).

        Durable: a window stays until `forget`, over crashes too.
        """
        ...

    def forget(self, windows: pl.DataFrame) -> None:
        """Drop windows from `touched`; call it after their intervals are stored, with what `touched` last returned."""
        ...

    def drop_before(self, time_us: int) -> int:
        """Remove the readings before the bound (retention), and what the store noted for itself and needs no longer.

        Returns how many readings went: 0 where the server has a retention of its own, which then alone decides.
        """
        ...

    def remove(self, points: Mapping[int, str]) -> None:
        """Let go of the readings of points that are gone, by id with their names in stores. Doing it again changes nothing.

        A store that cannot delete keeps them out of sight: nobody asks for that id or name again.
        """
        ...

    def status(self) -> TimeSeriesStatus:
        """Counts and sizes, cheap enough to ask every few seconds."""
        ...

    def close(self) -> None:
        """Finish what was accepted and release the store."""
        ...
