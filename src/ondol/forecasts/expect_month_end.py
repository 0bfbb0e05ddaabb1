"""How much a building will have used by the end of the month: measured so far, and forecast for the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ondol.common.calendar import midnight
from ondol.forecasts.model.forecasts import Forecast
from ondol.sites.model import Building

_WEEK_H = 168


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Usage of the running month. `low` and `high` are the sums of the hours' 5 and 95 % quantiles: wider than a 90 % band of the sum,
    since not every hour errs to the same side.
    """

    start: datetime
    end: datetime
    measured: float
    expected: float
    low: float
    high: float


def month_bounds(building: Building, now: datetime) -> tuple[datetime, datetime]:
    """First instant of the running local month and of the next."""
    first = now.astimezone(building.zone).date().replace(day=1)
    return midnight(first, building.zone), midnight((first + timedelta(days=32)).replace(day=1), building.zone)


def expect_month_end(building: Building, now: datetime, measured: float, forecast: Forecast) -> MonthEnd:
    """`measured` is the usage from the month's start to the forecast's; `forecast` is of a week, and repeats where the month is longer."""
    start, end = month_bounds(building, now)
    hours = max(int((end - forecast.start) / timedelta(hours=1)), 0)
    sums = [0.0, 0.0, 0.0]
    for n in range(hours):
        band = forecast.band[n % _WEEK_H]
        for k, value in enumerate((forecast.expected[n % _WEEK_H], band[0], band[-1])):
            sums[k] += value
    expected, low, high = (measured + rest for rest in sums)
    return MonthEnd(start, end, measured, expected, low, high)
