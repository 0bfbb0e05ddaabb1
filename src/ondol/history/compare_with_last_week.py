"""Today against the same weekday last week, up to the same time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ondol.common.calendar import midnight
from ondol.common.clock import Clock
from ondol.history.look_up_usage import main_meters
from ondol.history.ports import History
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building, Point
from ondol.sites.ports import Directory


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """Electricity of today so far and of the same part of that day last week; `change_share` 0.1 means 10 % more."""

    today_kwh: float
    last_week_kwh: float
    change_share: float | None
    has_data: bool


def compare_with_last_week(
    building_keys: Sequence[str], *, directory: Directory, history: History, clock: Clock
) -> dict[str, WeekComparison]:
    """The comparison for each of the buildings."""
    now = clock()
    return {key: _compare(directory.building(key), now, directory, history) for key in building_keys}


def _compare(building: Building, now: datetime, directory: Directory, history: History) -> WeekComparison:
    meters = {meter.id: meter for meter in main_meters(directory.points(building.key), "electricity")}
    today = midnight(now.astimezone(building.zone).date(), building.zone)
    then = midnight((now - timedelta(days=7)).astimezone(building.zone).date(), building.zone)
    measured = history.read(list(meters), int(today.timestamp()), int(now.timestamp()))
    # Both days end where today's data ends: else last week would seem larger by what is still on its way.
    until = (measured["start"] + measured["duration_s"]).max()
    elapsed_s = min(until if isinstance(until, int) else now.timestamp(), now.timestamp()) - today.timestamp()
    today_kwh, last_week_kwh = (
        _used(meters, int(start.timestamp()), max(int(elapsed_s), 1), history) for start in (today, then)
    )
    change = (today_kwh - last_week_kwh) / last_week_kwh if last_week_kwh > 0 and today_kwh > 0 else None
    return WeekComparison(today_kwh, last_week_kwh, change, today_kwh > 0 or last_week_kwh > 0)


def _used(meters: dict[int, Point], start_s: int, elapsed_s: int, history: History) -> float:
    edges = [start_s, start_s + elapsed_s]
    return float(usage_by_bin(history.read(list(meters), *edges), meters, edges)["usage"].sum())
