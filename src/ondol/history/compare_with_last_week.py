"""Today against the same weekday last week, up to the same time of day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ondol.common.access import Access
from ondol.common.calendar import midnight
from ondol.common.clock import Clock
from ondol.history.ports import HistoryRecords
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building, Point, main_meters
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_points

_LONGEST_DAY = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """Electricity of today so far and of the same part of that day last week; `change_share` 0.1 means 10 % more."""

    today_kwh: float
    last_week_kwh: float
    change_share: float | None
    has_data: bool


def compare_with_last_week(
    access: Access, buildings: Sequence[Building], *, sites: SiteRecords, history: HistoryRecords, clock: Clock
) -> dict[str, WeekComparison]:
    """The comparison for each of the buildings, by key; the number of questions to the stores does not grow with theirs."""
    now = clock()
    points: dict[str, list[Point]] = {building.key: [] for building in buildings}
    for point in reach_points(access, None, sites):
        points.get(point.building_key, []).append(point)
    meters = {key: main_meters(of_building, "electricity") for key, of_building in points.items()}
    ids = [meter.id for each in meters.values() for meter in each]
    recent, before = (_read(ids, now - back, history) for back in (timedelta(), timedelta(days=7)))
    return {b.key: _compare(b, {m.id: m for m in meters[b.key]}, now, recent, before) for b in buildings}


def _read(ids: list[int], until: datetime, history: HistoryRecords) -> pl.DataFrame:
    """Intervals of the longest day that may be meant, of all buildings at once."""
    start_s, end_s = int((until - _LONGEST_DAY).timestamp()), int((until + timedelta(hours=1)).timestamp())
    return history.read(ids, start_s, end_s)


def _compare(
    building: Building, meters: Mapping[int, Point], now: datetime, recent: pl.DataFrame, before: pl.DataFrame
) -> WeekComparison:
    today, then = (
        midnight((now - back).astimezone(building.zone).date(), building.zone)
        for back in (timedelta(), timedelta(days=7))
    )
    of_today = recent.filter(pl.col("point_id").is_in(list(meters)), pl.col("start") < int(now.timestamp()))
    # Both days end where today's data ends: else last week would seem larger by what is still on its way.
    until = (of_today["start"] + of_today["duration_s"]).max()
    elapsed_s = min(until if isinstance(until, int) else now.timestamp(), now.timestamp()) - today.timestamp()
    today_kwh, last_week_kwh = (
        _used(meters, int(start.timestamp()), max(int(elapsed_s), 1), intervals)
        for start, intervals in ((today, recent), (then, before))
    )
    change = (today_kwh - last_week_kwh) / last_week_kwh if last_week_kwh > 0 and today_kwh > 0 else None
    return WeekComparison(today_kwh, last_week_kwh, change, today_kwh > 0 or last_week_kwh > 0)


def _used(meters: Mapping[int, Point], start_s: int, elapsed_s: int, intervals: pl.DataFrame) -> float:
    own = intervals.filter(pl.col("point_id").is_in(list(meters)))
    return float(usage_by_bin(own, meters, [start_s, start_s + elapsed_s])["usage"].sum())
