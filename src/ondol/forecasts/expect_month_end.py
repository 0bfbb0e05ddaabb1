"""How much a building will have used by the end of the month: measured so far, and forecast for the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ondol.common.access import Access
from ondol.common.calendar import midnight
from ondol.forecasts.forecast_load import newest_forecast
from ondol.forecasts.model.forecasts import Forecast
from ondol.forecasts.needs import ForecastNeeds
from ondol.history.look_up_usage import UsageQuestion, usage_in_reach
from ondol.history.rules.intervals import Resolution
from ondol.sites.model import Building
from ondol.sites.reach import reach_whole_building

_WEEK_H = 168


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """Usage of the running month: `measured` up to `measured_until`, where the forecast begins.

    `low` and `high` are the sums of the hours' 5 and 95 % quantiles: wider than a 90 % band of the sum, since not every hour errs to
    the same side.
    """

    start: datetime
    end: datetime
    measured: float
    measured_until: datetime
    expected: float
    low: float
    high: float
    unit: str


def month_bounds(building: Building, now: datetime) -> tuple[datetime, datetime]:
    """First instant of the running local month and of the next."""
    first = now.astimezone(building.zone).date().replace(day=1)
    return midnight(first, building.zone), midnight((first + timedelta(days=32)).replace(day=1), building.zone)


def expect_month_end(access: Access, building_key: str, quantity: str, needs: ForecastNeeds) -> MonthEnd:
    """Of a whole building. Raises NotFound when it is out of reach or nothing was forecast."""
    building, now = reach_whole_building(access, building_key, needs.sites), needs.clock()
    forecast = newest_forecast(building, quantity, _WEEK_H, needs)
    start, _ = month_bounds(building, now)
    if forecast.start <= start:
        return month_end(building, now, 0.0, forecast)
    asked = UsageQuestion(
        building_key=building_key, quantity=quantity, start=start, end=forecast.start, interval=Resolution.DAY
    )
    usage = usage_in_reach(access, building, asked, sites=needs.sites, history=needs.history, results=needs.results)
    return month_end(building, now, usage.total, forecast)


def month_end(building: Building, now: datetime, measured: float, forecast: Forecast) -> MonthEnd:
    """`measured` is the usage from the month's start to the forecast's; `forecast` is of a week, and repeats where the month is longer."""
    start, end = month_bounds(building, now)
    hours = max(int((end - forecast.start) / timedelta(hours=1)), 0)
    sums = [0.0, 0.0, 0.0]
    for n in range(hours):
        band = forecast.band[n % _WEEK_H]
        for k, value in enumerate((forecast.expected[n % _WEEK_H], band[0], band[-1])):
            sums[k] += value
    expected, low, high = (measured + rest for rest in sums)
    return MonthEnd(start, end, measured, max(start, forecast.start), expected, low, high, forecast.unit)
