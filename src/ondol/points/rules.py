"""Which readings go over in a merge, and whether one register goes on in another."""

from collections.abc import Iterable

import polars as pl

from ondol.common.instants import HOUR_US
from ondol.history.model import INTERVALS
from ondol.history.rules.overlaps import remainders
from ondol.points.model import Joint, Stretch
from ondol.readings.model import LATEST_US
from ondol.sites.model import RAW_RESOLUTION_US

SMALL_SHARE = 0.01
"""Of the time that the first has history, so much may say something else than the second does."""
_SAME = 0.01
_SHORTEST_GAP_US = HOUR_US // 4


def free_stretches(windows: Iterable[int], taken: Iterable[int]) -> list[Stretch]:
    """The windows (starts in microseconds) that are not taken, joined; the last one is open where nothing taken lies behind it."""
    taken = set(taken)
    stretches: list[Stretch] = []
    for start in sorted(set(windows) - taken):
        if stretches and stretches[-1][1] == start:
            stretches[-1] = stretches[-1][0], start + RAW_RESOLUTION_US
        else:
            stretches.append((start, start + RAW_RESOLUTION_US))
    if stretches and stretches[-1][0] > max(taken, default=-1):
        stretches[-1] = stretches[-1][0], LATEST_US
    return stretches


def left_over(first: pl.DataFrame, second: pl.DataFrame, *, is_additive: bool) -> pl.DataFrame:
    """What of the first point's intervals (INTERVALS) lies where the second has none."""
    if first.is_empty() or second.is_empty():
        return first
    return remainders(first, second, is_additive)


def overlap(first: pl.DataFrame, left: pl.DataFrame, second: pl.DataFrame) -> tuple[int, int]:
    """Seconds in which both have history, and in which it says different things; what cannot be compared counts as different."""
    both_s = int(first["duration_s"].sum()) - int(left["duration_s"].sum())
    pairs = first.join(second, on=["start", "duration_s"], suffix="_second")
    value, other = pl.col("value"), pl.col("value_second")
    is_same = (value - other).abs() <= pl.max_horizontal(value.abs(), other.abs()) * _SAME
    same_s = int(pairs.filter(is_same)["duration_s"].sum())
    return both_s, max(both_s - same_s, 0)


def converted(
    intervals: pl.DataFrame, point_id: int, factor: float, shift: float, *, is_additive: bool
) -> pl.DataFrame:
    """The intervals as those of another point in another unit."""
    names = ("value", "value_min", "value_max", "value_last")
    values = [pl.col(name) * factor + (0.0 if is_additive else shift) for name in names]
    return intervals.with_columns(pl.lit(point_id, pl.Int32).alias("point_id"), *values).select(INTERVALS.names())


def joint(last: tuple[int, float], first: tuple[int, float], pace: float | None, swap: bool | None) -> Joint | None:
    """How a register whose last stand is `last` (microseconds, value) is followed by one whose first stand is `first`.

    None where nothing tells. `pace`: the largest amount an hour that is known of either. `swap`: what a person says.
    """
    (last_us, last_value), (at_us, first_value) = last, first
    if swap is None and first_value >= last_value:
        most = (pace or 0.0) * max(at_us - last_us, _SHORTEST_GAP_US) / HOUR_US
        if first_value - last_value > most:
            return None
    is_swap = first_value < last_value if swap is None else swap
    return Joint(last_us, at_us, last_value, first_value, is_swap)
