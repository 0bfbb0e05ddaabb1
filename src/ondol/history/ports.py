"""Intervals that are kept for good, and the usage that they add up to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from ondol.history.model import RegisterMemory, Repair
from ondol.sites.model import Building, Point


class HistoryRecords(Protocol):
    """`sensor_data` and `energy_usage`. Intervals are frames with the columns of `history.model.INTERVALS`."""

    def write(self, intervals: pl.DataFrame, points: Mapping[int, Point], buildings: Mapping[int, Building]) -> None:
        """Store intervals and bring the usage of the local days and months that they touch up to date, in one transaction.

        The same point and start replaces; where lengths differ, the newer intervals count and no time counts twice. Where
        repairs lie, the intervals are kept beneath them and the repairs are applied again.
        """
        ...

    def replace(self, point: Point, intervals: pl.DataFrame, buildings: Mapping[int, Building]) -> None:
        """Let these intervals, and the usage they add up to, be all that is known of the point, in one transaction."""
        ...

    def reckon_due(self, buildings: Callable[[], Mapping[int, Building]]) -> None:
        """Reckon the history of virtual points that are new or changed. From then on it follows at every write, in its transaction."""
        ...

    def read(self, point_ids: Sequence[int], start_s: int, end_s: int, *, only_values: bool = False) -> pl.DataFrame:
        """Intervals that meet `start_s <= t < end_s`, sorted by point and start.

        With `only_values` the measured share and the spread are null, which is faster.
        """
        ...

    def read_computed(self, point_id: int, start_s: int, end_s: int) -> pl.DataFrame:
        """As `read` of one point, as if nothing were repaired."""
        ...

    def usage(self, point_ids: Sequence[int], period: str, first: date, last: date) -> pl.DataFrame:
        """`point_id`, `period_start`, `usage`, `measured_s`, `quality` of the days or months from first to last, both included."""
        ...

    def extent(self, point_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Start of the first interval and end of the last one (epoch seconds) per point that has history."""
        ...

    def last_end(self, building_ids: Sequence[int]) -> dict[int, int]:
        """End (epoch seconds) of the interval that began last, per building that has history; one question for all."""
        ...

    def coverage(self, point_ids: Sequence[int], start_s: int, end_s: int) -> pl.DataFrame:
        """`point_id`, `quality`, `intervals` (count), `measured_s` of the intervals that begin in start <= t < end."""
        ...

    def registers(self, point_ids: Sequence[int]) -> dict[int, RegisterMemory]:
        """What is kept of the registers among the points."""
        ...

    def remember_registers(self, known: Mapping[int, RegisterMemory]) -> None:
        """Keep what is known of registers, in place of what was."""
        ...


class RepairRecords(Protocol):
    """What was decided about stretches of history. Guarantee: history and usage are as the repairs in force say, at every commit."""

    def of_point(self, point_id: int) -> list[Repair]:
        """All repairs of the point, also those that are undone, in the order in which they were made."""
        ...

    def add(self, repair: Repair, point: Point, building: Building) -> None:
        """Put a repair in force, after those that are: history and usage follow in the same transaction."""
        ...

    def undo(self, repair: Repair, point: Point, building: Building) -> bool:
        """Take a repair out of force; `undone_*` say by whom and when. False when it was not in force any more."""
        ...
