"""Hours that a building used more or less than its forecast's band allowed for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from ondol.common.access import Access
from ondol.forecasts.model.forecasts import Forecast
from ondol.forecasts.needs import ForecastNeeds
from ondol.history.look_up_usage import UsageQuestion, usage_in_reach
from ondol.history.rules.intervals import Resolution
from ondol.sites.reach import reach_whole_building

HOUR = timedelta(hours=1)
LEAST_EXCESS_SHARE = 0.02
"""Of an hour's usual energy: what is beyond the band by less is noise that nobody can act on."""


@dataclass(frozen=True, slots=True)
class HourRating:
    """An hour beside its forecast. `score` is 0 at the middle of the band and 1 at its upper, -1 at its lower edge."""

    start: datetime
    actual: float
    expected: float
    low: float
    high: float
    score: float


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Indices in a row beyond the same edge of the band. `excess` is the energy beyond it, negative below the band."""

    start: datetime
    end: datetime
    excess: float
    highest_score: float


@dataclass(frozen=True, slots=True)
class AnomalyReport:
    """Every known hour beside its forecast, and those that lay outside their band; energy in `unit`."""

    unit: str
    hours: list[HourRating]
    anomalies: list[Anomaly]


def rate_anomalies(
    access: Access, building_key: str, quantity: str, start: datetime, end: datetime, needs: ForecastNeeds
) -> AnomalyReport:
    """Of a whole building. Raises NotFound when it is out of reach or has no main meter of the quantity."""
    building = reach_whole_building(access, building_key, needs.sites)
    asked = UsageQuestion(building_key=building_key, quantity=quantity, start=start, end=end, interval=Resolution.HOUR)
    usage = usage_in_reach(access, building, asked, sites=needs.sites, history=needs.history, results=needs.results)
    # Hours that were measured in part would seem low.
    actual = {i.start: i.value for i in usage.intervals if i.value is not None and i.measured_share >= 0.9}
    issued = needs.records.issued([building.id], quantity, 24, start - timedelta(hours=24), end)
    ratings = rate_hours(issued, actual)
    return AnomalyReport(usage.unit, ratings, anomalies(ratings))


def rate_hours(forecasts: Sequence[Forecast], actual: Mapping[datetime, float]) -> list[HourRating]:
    """Each known hour beside the newest forecast that was issued before it; `forecasts` are sorted by issue."""
    ratings: dict[datetime, HourRating] = {}
    for forecast in forecasts:
        for n, (expected, band) in enumerate(zip(forecast.expected, forecast.band, strict=True)):
            start = forecast.start + n * HOUR
            used = actual.get(start)
            if used is not None:
                ratings[start] = HourRating(start, used, expected, band[0], band[-1], _score(used, band))
    return [ratings[start] for start in sorted(ratings)]


def anomalies(ratings: Sequence[HourRating]) -> list[Anomaly]:
    """The hours outside their band, those in a row together; without what is negligible beside the building's usual hour."""
    usual = sum(abs(rating.expected) for rating in ratings) / max(len(ratings), 1)
    outside = [rating for rating in ratings if abs(rating.score) > 1]
    runs = groupby(enumerate(outside), key=lambda item: (item[1].score > 0, item[1].start - item[0] * HOUR))
    found: list[Anomaly] = []
    for (is_above, _), items in runs:
        hours = [rating for _, rating in items]
        excess = sum(hour.actual - (hour.high if is_above else hour.low) for hour in hours)
        if abs(excess) >= LEAST_EXCESS_SHARE * usual:
            highest = max((hour.score for hour in hours), key=abs)
            found.append(Anomaly(hours[0].start, hours[-1].start + HOUR, excess, highest))
    return found


def _score(actual: float, band: Sequence[float]) -> float:
    middle = band[len(band) // 2]
    half = (band[-1] - middle) if actual >= middle else (middle - band[0])
    return (actual - middle) / max(half, 1e-3 * abs(middle), 1e-9)
