"""Raw readings move from one time-series store to another, a point and a day at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.instants import DAY_US
from ondol.readings.ports import TimeSeries


@dataclass(frozen=True, slots=True)
class PointMove:
    """Readings of one point in both stores, with checksums that are equal when all of them arrived."""

    point_id: int
    source: int
    target: int
    source_checksum: str
    target_checksum: str

    @property
    def ok(self) -> bool:
        """Whether both stores hold the same."""
        return (self.source, self.source_checksum) == (self.target, self.target_checksum)


def move_point(point_id: int, start_us: int, end_us: int, source: TimeSeries, target: TimeSeries) -> int:
    """Append the point's readings of start <= time < end to the target, which may hold some of them already."""
    moved = 0
    for day in _days(point_id, start_us, end_us, source):
        for part in source.read([point_id], *day).iter_slices(50_000):
            target.append(part)
            moved += part.height
    return moved


def compare_point(point_id: int, start_us: int, end_us: int, source: TimeSeries, target: TimeSeries) -> PointMove:
    """Count and checksum of the point's readings in both stores."""
    (here, ours), (there, theirs) = (_checksum(point_id, start_us, end_us, store) for store in (source, target))
    return PointMove(point_id, here, there, ours, theirs)


def forget_aggregated(source: TimeSeries, target: TimeSeries) -> None:
    """Leave only those windows to be aggregated that were still to be in the source: the others' intervals moved too."""
    done = target.touched().join(source.touched(), on=["point_id", "start"], how="anti")
    target.forget(done)


def readings_before(point_ids: Sequence[int], time_us: int, source: TimeSeries) -> int:
    """How many readings of the points are older."""
    return sum(source.read([point_id], 0, time_us).height for point_id in point_ids)


def _days(point_id: int, start_us: int, end_us: int, store: TimeSeries) -> Iterator[tuple[int, int]]:
    """Bounds of those days between start and end that have readings of the point: what is kept for good begins in 1970."""
    first_us = store.next_after(point_id, start_us)
    while first_us is not None and first_us < end_us:
        next_us = min(first_us // DAY_US * DAY_US + DAY_US, end_us)
        yield first_us, next_us
        first_us = store.next_after(point_id, next_us)


def _checksum(point_id: int, start_us: int, end_us: int, store: TimeSeries) -> tuple[int, str]:
    number, total = 0, 0
    for day in _days(point_id, start_us, end_us, store):
        frame = store.read([point_id], *day)
        number += frame.height
        total += int(frame.select(pl.struct("time_us", "value", "quality").hash(seed=1)).to_series().sum() or 0)
    return number, f"{total % 2**64:016x}"


Progress = Callable[[str, int, int], None]
"""Called with what moves, how much of it is done, and how much there is."""
