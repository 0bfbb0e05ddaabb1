"""The forecasting of an installation: fitting, issuing and scoring, with ports and models put together.

It needs the relational database and the object store alone, so that a process of its own can do it beside a server.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.objects import Objects
from ondol.config import Settings, environment_of
from ondol.forecasts.find_forecasters import forecasters
from ondol.forecasts.model.forecasts import HORIZONS_H, Forecast, ForecastTarget, ModelRecord
from ondol.forecasts.ports.forecasts import Forecasts
from ondol.forecasts.ports.weather_forecasts import WeatherForecasts
from ondol.history.ports import History
from ondol.sites.model import Building
from ondol.sites.ports import Directory

if TYPE_CHECKING:
    import polars as pl

    from ondol.forecasts.model.loads import Loads
    from ondol.forecasts.model.model_archive import ModelArchive
    from ondol.forecasts.report_forecast_accuracy import ForecastAccuracy

TRAINING_HOURS = 2 * 8760
_HOUR_S = 3600
_log = structlog.get_logger()


@dataclass(frozen=True)
class Forecasting:
    """Use cases of forecasting with their stores filled in."""

    settings: Settings
    clock: Clock
    directory: Directory
    history: History
    forecasts: Forecasts
    weather: WeatherForecasts
    objects: Objects
    cache: Cache | None = None

    def loads(self, buildings: Sequence[Building], quantity: str, hours: int) -> "Loads":
        """Loads of the last full hours."""
        from ondol.forecasts.gather_loads import gather_loads

        end_h = int(self.clock().timestamp()) // _HOUR_S
        return gather_loads(
            buildings,
            quantity,
            end_h - hours,
            end_h,
            directory=self.directory,
            history=self.history,
            forecasts=self.weather,
        )

    def imported_loads(self, keys: Sequence[str], quantity: str) -> "Loads":
        """Loads of buildings over all that is known of them. Raises NotFound, InvalidInput when nothing is."""
        from ondol.forecasts.gather_loads import gather_loads
        from ondol.history.look_up_usage import main_meters

        buildings = [self.directory.building(key) for key in keys]
        meters = [m.id for b in buildings for m in main_meters(self.directory.points(b.key), quantity)]
        extent = self.history.extent(meters).values()
        if not extent:
            raise InvalidInput(f"no main meter of {quantity!r} in {', '.join(keys)} has any history; import some first")
        start_h, end_h = min(first for first, _ in extent) // _HOUR_S, -(-max(end for _, end in extent) // _HOUR_S)
        return gather_loads(
            buildings, quantity, start_h, end_h, directory=self.directory, history=self.history, forecasts=self.weather
        )

    def keep_weather(self, keys: Sequence[str], hours: "pl.DataFrame") -> int:
        """Keep FORECAST_HOURS for each of the buildings; returns how many hours. Raises NotFound."""
        import polars as pl

        buildings = [self.directory.building(key) for key in keys]
        each = [hours.select(pl.lit(building.id, pl.Int32).alias("building_id"), pl.all()) for building in buildings]
        self.weather.write(pl.concat(each))
        return hours.height

    def quantities(self) -> dict[str, list[Building]]:
        """What can be forecast, and of which buildings."""
        found: dict[str, list[Building]] = {}
        for building in self.directory.buildings():
            points = self.directory.points(building.key)
            for quantity in sorted({point.quantity for point in points if point.is_main_meter}):
                found.setdefault(quantity, []).append(building)
        return found

    def train(self, horizons_h: Sequence[int] = HORIZONS_H, seed: int = 1) -> list[ModelRecord]:
        """See services/train_forecasters.py; for every quantity that has any history."""
        from ondol.forecasts.train_forecasters import train_forecasters

        records: list[ModelRecord] = []
        for quantity, buildings in self.quantities().items():
            loads = self.loads(buildings, quantity, TRAINING_HOURS)
            if loads.first_known is None:
                continue
            loads = loads.since(loads.first_known)
            for horizon_h in horizons_h:
                record = train_forecasters(
                    loads, ForecastTarget(quantity, horizon_h), forecasters(), seed, self.clock(),
                    objects=self.objects, forecasts=self.forecasts,
                )  # fmt: skip
                _log.info(
                    "models fitted",
                    quantity=quantity,
                    horizon_h=horizon_h,
                    version=record.version,
                    **asdict(record.scores),
                )
                records.append(record)
        return records

    def issue(self, horizons_h: Sequence[int] = HORIZONS_H) -> list[Forecast]:
        """See services/forecast_load.py; for every quantity and building."""
        from ondol.forecasts.forecast_load import LOOK_BACK_H, issue_forecasts
        from ondol.forecasts.predict_loads import predict_loads

        issued: list[Forecast] = []
        now, models = self.clock(), forecasters()
        for quantity, buildings in self.quantities().items():
            loads = self.loads(buildings, quantity, LOOK_BACK_H)
            for horizon_h in horizons_h:
                archive = self._archive(quantity, horizon_h)
                overtaken = self._overtaken(buildings, quantity, horizon_h, now)
                predict = partial(
                    predict_loads,
                    buildings,
                    loads,
                    ForecastTarget(quantity, horizon_h),
                    archive,
                    models,
                    now,
                    overtaken=overtaken,
                )
                issued += issue_forecasts(
                    buildings, predict, forecasts=self.forecasts, cache=self.cache, ttl_s=self.settings.forecast_cache_s
                )
        return issued

    def look_up(self, building: Building, quantity: str, horizon_h: int) -> Forecast:
        """See services/forecast_load.py."""
        from ondol.forecasts.forecast_load import look_up_forecast

        return look_up_forecast(
            building,
            quantity,
            horizon_h,
            forecasts=self.forecasts,
            cache=self.cache,
            ttl_s=self.settings.forecast_cache_s,
        )

    def accuracy(self, building: Building, quantity: str, horizon_h: int) -> "ForecastAccuracy":
        """See services/report_forecast_accuracy.py."""
        from ondol.forecasts.report_forecast_accuracy import report_forecast_accuracy

        report = report_forecast_accuracy(building, quantity, horizon_h, self.clock(), forecasts=self.forecasts)
        archive = None if report.forecasts else self._archive(quantity, horizon_h)
        return replace(report, back_test_better_share=archive.better_share(building.key)) if archive else report

    def score(self) -> int:
        """See services/score_forecasts.py."""
        from ondol.forecasts.score_forecasts import score_forecasts

        return score_forecasts(self.clock(), directory=self.directory, history=self.history, forecasts=self.forecasts)

    def keep_up(self) -> None:
        """Do what is due: score what has ended, fit models that are old, issue what an hour or a day ago was issued last."""
        if not self.is_due():
            return
        self.score()
        is_fitted = self._training_is_due()
        if is_fitted:
            self.train()
        newest = self.forecasts.last_issue()
        day_began = newest is None or newest.date() < self.clock().date()
        # What new models say of the week replaces what older ones said this morning.
        self.issue(HORIZONS_H if day_began or is_fitted else HORIZONS_H[:1])

    def is_due(self) -> bool:
        """Whether an hour began since the last issue, or older history was imported since the last fit."""
        newest = self.forecasts.last_issue()
        if newest is None or self._history_has_grown():
            return True
        return int(newest.timestamp()) // _HOUR_S < int(self.clock().timestamp()) // _HOUR_S

    def _training_is_due(self) -> bool:
        models = self.forecasts.models()
        if not models or self._history_has_grown():
            return True
        # While history is short each day teaches much.
        is_young = models[0].data_until - models[0].data_from < timedelta(days=60)
        every = timedelta(days=1 if is_young else self.settings.forecast_train_days)
        return self.clock() - models[0].trained_at >= every

    def _history_has_grown(self) -> bool:
        """Whether there is older history than the newest models have seen, as after an import; of what they would look at."""
        models = self.forecasts.models()
        if not models:
            return False
        oldest = min(model.data_from for model in models[: len(HORIZONS_H) * len({m.quantity for m in models})])
        reach = self.clock() - timedelta(hours=TRAINING_HOURS)
        first = self._first_history()
        return first is not None and max(first, reach) < oldest - timedelta(days=14)

    def _first_history(self) -> datetime | None:
        points = [point for building in self.directory.buildings() for point in self.directory.points(building.key)]
        meters = [point.id for point in points if point.is_main_meter]
        starts = [first for first, _ in self.history.extent(meters).values()]
        return datetime.fromtimestamp(min(starts), UTC) if starts else None

    def _archive(self, quantity: str, horizon_h: int) -> "ModelArchive | None":
        from ondol.forecasts.model.model_archive import ModelArchive

        for record in self.forecasts.models(quantity, horizon_h):
            try:
                return ModelArchive.read(self.objects.get(record.object_key))
            except NotFound:
                _log.warning("a model is missing in the object store; an older one answers", key=record.object_key)
        return None

    def _overtaken(self, buildings: Sequence[Building], quantity: str, horizon_h: int, now: datetime) -> frozenset[str]:
        from ondol.forecasts.report_forecast_accuracy import REPORTED_DAYS, has_fallen_behind

        newest = self.forecasts.models(quantity, horizon_h)
        version = newest[0].version if newest else ""
        since = now - timedelta(days=REPORTED_DAYS)
        scored = self.forecasts.scored([building.id for building in buildings], quantity, since)
        return frozenset(
            building.key
            for building in buildings
            if has_fallen_behind(
                [
                    one
                    for one in scored
                    if one.building_id == building.id and one.horizon_h == horizon_h and one.version == version
                ]
            )
        )


def keep_up_beside(settings: Settings) -> None:
    """Do what is due in a process of its own: models take memory and a processor, which the serving process needs itself."""
    command = [sys.executable, "-c", "from ondol.cli import main; main()", "forecast", "keep-up"]
    done = subprocess.run(  # noqa: S603  our own command
        command,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        _log.warning("forecasts were not issued", reason=done.stderr.strip()[-2000:])
