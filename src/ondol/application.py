"""An installation that is open: its use cases as methods, with the stores filled in."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import NotFound
from ondol.common.objects import Objects
from ondol.config import Settings
from ondol.database.engine import Database
from ondol.forecasting import Forecasting, keep_up_beside
from ondol.forecasts.expect_month_end import MonthEnd, expect_month_end, month_bounds
from ondol.forecasts.model.forecasts import Forecast
from ondol.forecasts.ports.weather_forecasts import FORECAST_HOURS
from ondol.forecasts.rate_anomalies import Anomaly, HourRating, anomalies, rate_hours
from ondol.forecasts.report_forecast_accuracy import ForecastAccuracy
from ondol.forecasts.warn_of_peak_demand import DemandForecast, forecast_demand, notify_of_peak
from ondol.history import aggregate_readings as aggregation
from ondol.history import look_up_series as series
from ondol.history.assess_data_quality import PointQuality, assess_data_quality
from ondol.history.compare_with_last_week import WeekComparison, compare_with_last_week
from ondol.history.look_up_usage import Usage, look_up_usage, main_meters
from ondol.history.ports import History
from ondol.history.remember_results import Results
from ondol.history.rules.intervals import Resolution
from ondol.history.sql.partitions import Partitions
from ondol.imports.files import read_file
from ondol.imports.import_history import ImportSummary, ImportTarget, import_history
from ondol.imports.options import import_options
from ondol.people import sign_in as signing_in
from ondol.people.manage_accounts import TokenCheck
from ondol.people.model import Session, Token
from ondol.people.ports import Accounts
from ondol.readings.match_points import Matcher
from ondol.readings.model import Receipt, Submission
from ondol.readings.ports import TimeSeries
from ondol.readings.record_readings import ReadingRules, Recorder, record_readings
from ondol.readings.show_live import LiveView
from ondol.sites.create_building import building_for_import
from ondol.sites.list_buildings import list_buildings
from ondol.sites.model import Building
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import Directory

if TYPE_CHECKING:
    from ondol.performance.measure_avoided_energy import AvoidedEnergy


@dataclass(frozen=True)
class Ondol:
    """An installation that is open: its stores, and its use cases as methods with the stores filled in."""

    settings: Settings
    clock: Clock
    database: Database
    directory: Directory
    history: History
    accounts: Accounts
    timeseries: TimeSeries
    cache: Cache
    objects: Objects
    live: LiveView
    points: PointIndex
    check_token: TokenCheck
    session_desk: signing_in.SessionDesk
    results: Results
    forecasting: Forecasting

    def record_readings(self, submission: Submission, token: Token | None = None, bucket: str | None = None) -> Receipt:
        """See services/record_readings.py."""
        may_register = self.settings.unknown_points == "register" or bool(token and token.may_register)
        matcher = Matcher(self.points, self.directory, token, may_register, bucket)
        # A day less than the store keeps: what waits in a spool for a while must not be too old by then.
        rules = ReadingRules(self.settings.future_tolerance_s, max(self.settings.raw_retention_days - 1, 1))
        record_old = aggregation.record_old_readings(self.history, self.directory)
        recorder = Recorder(self.timeseries, self.live, self.clock, rules, record_old)
        return record_readings(submission, matcher, recorder)

    def aggregate_readings(self) -> int:
        """See services/aggregate_readings.py."""
        return aggregation.aggregate_readings(self.timeseries, self.history, self.directory)

    def drop_old_readings(self) -> None:
        """See services/aggregate_readings.py."""
        aggregation.drop_old_readings(self.timeseries, self.clock, self.settings.raw_retention_days)

    def keep_forecasts(self) -> None:
        """Do what is due in forecasting: here when this is a worker on servers, else in a process beside this one."""
        if not self.forecasting.is_due():
            return
        if self.settings.has_shared_stores:
            self.forecasting.keep_up()
        else:
            keep_up_beside(self.settings)
            self.cache.delete(*self.cache.keys("forecast:"))

    def make_partitions(self) -> None:
        """See stores/relational/partitions.py."""
        Partitions(self.database).make_ahead(self.clock())

    def look_up_series(
        self,
        point_key: str,
        start: datetime,
        end: datetime,
        interval: Resolution = Resolution.QUARTER_HOUR,
        aggregate: series.Aggregate | None = None,
        max_points: int = 2000,
    ) -> series.Series:
        """See services/look_up_series.py."""
        found = self.points.find([point_key])
        point = found.get(point_key) or self.directory.point(point_key)
        return series.look_up_series(
            point,
            start,
            end,
            interval=interval,
            aggregate=aggregate,
            max_points=max_points,
            directory=self.directory,
            timeseries=self.timeseries,
            history=self.history,
        )

    def look_up_usage(
        self, building_key: str, quantity: str, start: datetime, end: datetime, interval: Resolution
    ) -> Usage:
        """See services/look_up_usage.py."""
        building = self.directory.building(building_key)
        return look_up_usage(
            building, quantity, start, end, interval,
            directory=self.directory, history=self.history, results=self.results,
        )  # fmt: skip

    def buildings(self) -> list[Building]:
        """See services/list_buildings.py."""
        return list_buildings(directory=self.directory, cache=self.cache)

    def usage_unit(self, building_key: str, quantity: str) -> str:
        """Unit of a building's usage of a quantity. Raises NotFound when it has no main meter of it."""
        for meter in main_meters(self.directory.points(building_key), quantity):
            return str(meter.usage_unit)
        raise NotFound(
            f"building {building_key!r} has no main meter of {quantity!r}; GET /api/v1/points lists what it has"
        )

    def look_up_forecast(self, building_key: str, quantity: str, horizon_h: int) -> Forecast:
        """See services/forecast_load.py."""
        self.usage_unit(building_key, quantity)
        return self.forecasting.look_up(self.directory.building(building_key), quantity, horizon_h)

    def forecast_accuracy(self, building_key: str, quantity: str, horizon_h: int) -> ForecastAccuracy:
        """See services/report_forecast_accuracy.py."""
        return self.forecasting.accuracy(self.directory.building(building_key), quantity, horizon_h)

    def expect_month_end(self, building_key: str, quantity: str) -> MonthEnd:
        """See services/expect_month_end.py."""
        building, now = self.directory.building(building_key), self.clock()
        forecast = self.look_up_forecast(building_key, quantity, 168)
        start, _ = month_bounds(building, now)
        begun = forecast.start > start
        usage = self.look_up_usage(building_key, quantity, start, forecast.start, Resolution.DAY) if begun else None
        return expect_month_end(building, now, usage.total if usage else 0.0, forecast)

    def forecast_demand(self, building_key: str) -> DemandForecast:
        """See services/warn_of_peak_demand.py. Raises NotFound while too little is known."""
        found = forecast_demand(
            self.directory.building(building_key), self.clock(), self.settings.peak_warning_share,
            directory=self.directory, history=self.history,
        )  # fmt: skip
        if found is None:
            raise NotFound(
                f"the last hour of {building_key!r} is not measured; its demand is forecast while its meters send"
            )
        return found

    def warn_of_peak_demand(self) -> None:
        """Leave a notification for each building with a contract power whose next quarter-hour comes near it."""
        for building in self.buildings():
            if building.contract_power_kw:
                with contextlib.suppress(NotFound):
                    notify_of_peak(building, self.forecast_demand(building.key), self.cache)

    def rate_anomalies(
        self, building_key: str, quantity: str, start: datetime, end: datetime
    ) -> tuple[list[HourRating], list[Anomaly]]:
        """See services/rate_anomalies.py."""
        building = self.directory.building(building_key)
        usage = self.look_up_usage(building_key, quantity, start, end, Resolution.HOUR)
        # Hours that were measured in part would seem low.
        actual = {i.start: i.value for i in usage.intervals if i.value is not None and i.measured_share >= 0.9}
        day = timedelta(hours=24)
        issued = self.forecasting.forecasts.issued([building.id], quantity, 24, start - day, end)
        ratings = rate_hours(issued, actual)
        return ratings, anomalies(ratings)

    def measure_avoided_energy(
        self, building_key: str, quantity: str, baseline_period: tuple[datetime, datetime],
        reporting_period: tuple[datetime, datetime],
    ) -> "tuple[AvoidedEnergy, dict[str, float]]":  # fmt: skip
        """See services/measure_avoided_energy.py; with ASHRAE Guideline 14's limits."""
        from ondol.forecasts.rules.accuracy import ASHRAE_14_HOURLY
        from ondol.performance.measure_avoided_energy import measure_avoided_energy

        loads = self.forecasting.imported_loads([building_key], quantity)
        return measure_avoided_energy(loads, baseline_period, reporting_period), ASHRAE_14_HOURLY

    def keep_weather_forecast(
        self, building_key: str, issued_at: datetime, hours: Sequence[tuple[datetime, float | None, float | None]]
    ) -> int:
        """Keep a weather forecast (hour, degC, %) of a building; returns how many hours. See ports/weather_forecasts.py."""
        issued_s = int(issued_at.timestamp())
        rows = [(issued_s, int(time.timestamp()) // 3600 * 3600, *values) for time, *values in hours]
        return self.forecasting.keep_weather([building_key], pl.DataFrame(rows, schema=FORECAST_HOURS, orient="row"))

    def compare_with_last_week(self, building_keys: Sequence[str]) -> dict[str, WeekComparison]:
        """See services/compare_with_last_week.py."""
        return compare_with_last_week(building_keys, directory=self.directory, history=self.history, clock=self.clock)

    def assess_data_quality(self, building_key: str) -> list[PointQuality]:
        """See services/assess_data_quality.py."""
        return assess_data_quality(
            building_key, directory=self.directory, history=self.history, live=self.live, clock=self.clock
        )

    def sign_in(self, username: str, password: str, address: str, browser: str = "") -> tuple[str, Session]:
        """See services/sign_in.py."""
        return signing_in.sign_in(username, password, address, browser, accounts=self.accounts, desk=self.session_desk)

    def resume_session(self, session_id: str) -> Session | None:
        """See services/sign_in.py."""
        return signing_in.resume_session(session_id, self.session_desk)

    def sign_out(self, session_id: str) -> None:
        """See services/sign_in.py."""
        signing_in.sign_out(session_id, self.session_desk)

    def living_sessions(self, username: str | None = None) -> list[Session]:
        """Sessions of a user, or of all, the newest first."""
        return self.session_desk.sessions.living(self.clock(), username)

    def end_session(self, key: str, username: str | None = None) -> None:
        """See services/sign_in.py."""
        signing_in.end_session(key, self.session_desk, username)

    def drop_expired_sessions(self) -> None:
        """Forget sessions that have ended by themselves."""
        self.session_desk.sessions.drop_expired(self.clock())

    def import_file(
        self, building_key: str, name: str, source: Path | bytes, given: Mapping[str, Any], *, dry_run: bool = False
    ) -> ImportSummary:
        """See readers/ and services/import_history.py; `given` has the names of the flags of `ondol import`."""
        zone = given.get("timezone") or self.settings.timezone
        building, created = building_for_import(self.directory, building_key, zone, dry_run=dry_run)
        parsed = read_file(source, name, import_options(given, building.timezone), building_key)
        target = ImportTarget(
            self.directory, self.history, self.timeseries, self.points, self.clock, self.settings.raw_retention_days
        )
        return replace(import_history(parsed, building_key, target, dry_run=dry_run), building_created=created)

    def close(self) -> None:
        """Release every store."""
        self.timeseries.close()
        self.cache.close()
        self.objects.close()
        self.database.close()
