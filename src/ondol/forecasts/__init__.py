"""Forecasts: fitted, issued, scored, and what is made of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ondol.common.access import Access
from ondol.common.tasks import Task
from ondol.forecasts import tasks
from ondol.forecasts.back_test_forecasts import PROTOCOLS
from ondol.forecasts.evaluate_forecasts import Evaluation, evaluate_forecasts
from ondol.forecasts.expect_month_end import MonthEnd, expect_month_end
from ondol.forecasts.explain_missing_forecast import MissingForecast, NoForecast, explain_missing_forecast
from ondol.forecasts.find_forecasters import forecasters
from ondol.forecasts.forecast_load import issue_forecasts, look_up_forecast
from ondol.forecasts.gather_all import imported_loads
from ondol.forecasts.import_weather import import_weather
from ondol.forecasts.keep_up import is_due, keep_up
from ondol.forecasts.keep_weather_forecast import keep_weather_forecast
from ondol.forecasts.load_files import LoadFiles, read_load_files
from ondol.forecasts.model.forecasts import HORIZONS_H, Forecast, ForecastFlag, ModelRecord
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.scores import Scores
from ondol.forecasts.model.weather import HUMIDITY_RANGE_PCT, TEMPERATURE_RANGE_C
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.notifications import Notification, read_notification
from ondol.forecasts.ports.weather_forecasts import FORECAST_HOURS
from ondol.forecasts.rate_anomalies import Anomaly, AnomalyReport, HourRating, rate_anomalies
from ondol.forecasts.read_accuracy import read_accuracy
from ondol.forecasts.report_forecast_accuracy import DayScores, ForecastAccuracy
from ondol.forecasts.train_all import train_all
from ondol.forecasts.warn_of_peak_demand import DemandForecast, forecast_demand
from ondol.forecasts.weather_forecast_files import WeatherForecastFile

__all__ = [
    "FORECAST_HOURS",
    "HORIZONS_H",
    "HUMIDITY_RANGE_PCT",
    "PROTOCOLS",
    "TEMPERATURE_RANGE_C",
    "Anomaly",
    "AnomalyReport",
    "DayScores",
    "DemandForecast",
    "Evaluation",
    "Forecast",
    "ForecastAccuracy",
    "ForecastFlag",
    "Forecasts",
    "HourRating",
    "LoadFiles",
    "Loads",
    "MissingForecast",
    "ModelRecord",
    "MonthEnd",
    "NoForecast",
    "Notification",
    "Scores",
    "WeatherForecastFile",
    "evaluate",
    "forecasters",
    "read_load_files",
]


evaluate = evaluate_forecasts
"""See evaluate_forecasts.py: it needs no installation."""


@dataclass(frozen=True)
class Forecasts:
    """What buildings will use. `keep_up_elsewhere` does what is due in a process of its own; None does it here."""

    needs: ForecastNeeds
    keep_up_elsewhere: Callable[[], None] | None = None

    def look_up(self, access: Access, building_key: str, quantity: str, horizon_h: int) -> Forecast:
        """See forecast_load.py."""
        return look_up_forecast(access, building_key, quantity, horizon_h, self.needs)

    def explain_missing(self, access: Access, building_key: str, quantity: str) -> MissingForecast:
        """See explain_missing_forecast.py."""
        return explain_missing_forecast(access, building_key, quantity, self.needs)

    def accuracy(self, access: Access, building_key: str, quantity: str, horizon_h: int) -> ForecastAccuracy:
        """See read_accuracy.py."""
        return read_accuracy(access, building_key, quantity, horizon_h, self.needs)

    def expect_month_end(self, access: Access, building_key: str, quantity: str) -> MonthEnd:
        """See expect_month_end.py."""
        return expect_month_end(access, building_key, quantity, self.needs)

    def forecast_demand(self, access: Access, building_key: str) -> DemandForecast:
        """See warn_of_peak_demand.py."""
        return forecast_demand(access, building_key, self.needs)

    def notification(self, access: Access, building_key: str) -> Notification | None:
        """See notifications.py."""
        return read_notification(access, building_key, self.needs)

    def rate_anomalies(
        self, access: Access, building_key: str, quantity: str, start: datetime, end: datetime
    ) -> AnomalyReport:
        """See rate_anomalies.py."""
        return rate_anomalies(access, building_key, quantity, start, end, self.needs)

    def keep_weather_forecast(self, access: Access, keys: Sequence[str], hours: pl.DataFrame) -> int:
        """See keep_weather_forecast.py."""
        return keep_weather_forecast(access, keys, hours, self.needs)

    def import_weather(
        self, access: Access, file: Path, keys: Sequence[str], timezone: str | None, *, dry_run: bool
    ) -> WeatherForecastFile:
        """See import_weather.py."""
        return import_weather(access, file, keys, timezone, self.needs, dry_run=dry_run)

    def imported_loads(self, access: Access, keys: Sequence[str], quantity: str) -> Loads:
        """See gather_all.py."""
        return imported_loads(access, keys, quantity, self.needs)

    def train(self, access: Access, horizons_h: Sequence[int] = HORIZONS_H, seed: int = 1) -> list[ModelRecord]:
        """See train_all.py."""
        return train_all(access, self.needs, horizons_h, seed)

    def issue(self, access: Access, horizons_h: Sequence[int] = HORIZONS_H) -> list[Forecast]:
        """See forecast_load.py."""
        return issue_forecasts(access, self.needs, horizons_h)

    def building_keys(self, access: Access) -> dict[int, str]:
        """Keys of buildings by id, as forecasts name them. Raises NotAllowed."""
        access.require_administrator()
        return {building.id: building.key for building in self.needs.sites.buildings()}

    def keep_up(self) -> None:
        """Do what is due; see keep_up.py."""
        if is_due(self.needs):
            keep_up(self.needs)

    def tasks(self) -> list[Task]:
        """Standing work."""
        return tasks.tasks(self.needs, self.keep_up_elsewhere or (lambda: keep_up(self.needs)))
