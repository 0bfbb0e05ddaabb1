"""Today against the same weekday last week, up to the same time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ondol.domain.calendar import midnight
from ondol.domain.clock import Clock
from ondol.domain.sites import Building
from ondol.domain.usage import usage_by_bin
from ondol.ports.directory import Directory
from ondol.ports.history import History
from ondol.services.look_up_usage import main_meters


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
    amounts: list[float] = []
    for start in (today, then):
        start_s = int(start.timestamp())
        edges = [start_s, start_s + max(int((now - today).total_seconds()), 1)]
        amounts.append(float(usage_by_bin(history.read(list(meters), *edges), meters, edges)["usage"].sum()))
    today_kwh, last_week_kwh = amounts
    change = (today_kwh - last_week_kwh) / last_week_kwh if last_week_kwh > 0 and today_kwh > 0 else None
    return WeekComparison(today_kwh, last_week_kwh, change, today_kwh > 0 or last_week_kwh > 0)
