"""What the use cases of forecasting need."""

from dataclasses import dataclass

from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.instants import epoch_h
from ondol.common.objects import Objects
from ondol.common.results import Results
from ondol.forecasts.ports.forecasts import ForecastRecords
from ondol.forecasts.ports.weather_forecasts import WeatherForecasts
from ondol.history.ports import HistoryRecords
from ondol.sites.ports import SiteRecords


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """Settings of forecasts. `peak_warning_share` is the share of the contract power from which expected demand is warned of."""

    cache_s: float = 600.0
    train_days: int = 7
    peak_warning_share: float = 0.9


@dataclass(frozen=True, slots=True)
class ForecastNeeds:
    """Stores, clock and settings; without a cache nobody is told before they ask the database."""

    sites: SiteRecords
    history: HistoryRecords
    records: ForecastRecords
    weather: WeatherForecasts
    objects: Objects
    cache: Cache | None
    results: Results
    clock: Clock
    rules: ForecastRules

    @property
    def now_h(self) -> int:
        """The present hour, counted since 1970."""
        return epoch_h(self.clock())
