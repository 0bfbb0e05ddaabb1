"""Puts an installation together: the only place where ports meet adapters."""

import importlib
import pkgutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ondol.application import Ondol
from ondol.business_data import open_business_data
from ondol.common.cache import Cache
from ondol.common.clock import Clock, system_clock
from ondol.common.errors import StoreUnavailable, WrongConfiguration
from ondol.common.objects import Objects
from ondol.config import Settings, masked
from ondol.forecasting import Forecasting
from ondol.forecasts.sql.forecasts import RelationalForecasts
from ondol.forecasts.sql.weather_forecasts import RelationalWeatherForecasts
from ondol.history.remember_results import Results
from ondol.history.sql.records import RelationalHistory
from ondol.people import sign_in as signing_in
from ondol.people.manage_accounts import TokenCheck
from ondol.people.sql.sessions import RelationalSessions
from ondol.readings.ports import StoreContext, TimeSeries
from ondol.readings.show_live import LiveView
from ondol.sites.list_buildings import forget_buildings
from ondol.sites.point_index import PointIndex

PATIENCE_S = 10


def open_installation(settings: Settings, clock: Clock = system_clock) -> Ondol:
    """Open every store that the settings name, and bring the database's schema up to date.

    Raises WrongConfiguration when a URL names no adapter, StoreUnavailable when a store cannot be opened.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    data = open_business_data(settings)
    context = StoreContext(settings.home, data.directory.points_by_id, settings.raw_retention_days, settings.spool_mb)
    timeseries: TimeSeries = _open("timeseries", settings.timeseries, context)
    cache: Cache = _open("cache", settings.cache)
    objects: Objects = _open("objects", settings.objects)
    data.directory.on_change(lambda: forget_buildings(cache))
    live, results = LiveView(timeseries, cache, clock), Results(cache)
    history = RelationalHistory(data.database, lambda ids: results.forget("usage", *map(str, ids)))
    points, check = PointIndex(data.directory, cache), TokenCheck(data.accounts)
    return Ondol(
        settings,
        clock,
        data.database,
        data.directory,
        history,
        data.accounts,
        timeseries,
        cache,
        objects,
        live,
        points,
        check,
        signing_in.SessionDesk(
            RelationalSessions(data.database),
            cache,
            clock,
            signing_in.SessionRules(settings.session_ttl_s, settings.sign_in_attempts),
        ),
        results,
        Forecasting(
            settings, clock, data.directory, history, RelationalForecasts(data.database),
            RelationalWeatherForecasts(data.database), objects, cache,
        ),
    )  # fmt: skip


@contextmanager
def open_forecasting(settings: Settings, clock: Clock = system_clock) -> Generator[Forecasting]:
    """Forecasting alone: it needs no store that a running server owns. Only a cache that is a server is told the results."""
    data = open_business_data(settings)
    objects: Objects = _open("objects", settings.objects)
    cache: Cache | None = None if settings.cache.startswith("memory") else _open("cache", settings.cache)
    try:
        yield Forecasting(
            settings, clock, data.directory, RelationalHistory(data.database), RelationalForecasts(data.database),
            RelationalWeatherForecasts(data.database), objects, cache,
        )  # fmt: skip
    finally:
        objects.close()
        data.close()
        if cache is not None:
            cache.close()


def open_patiently(settings: Settings) -> Ondol:
    """Open the stores; a process that was killed a moment ago may still hold them, a server may be on its way back."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_installation(settings)
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def adapters(port: str) -> list[str]:
    """Names of the adapters of a port: the file names in its folder that can open a store."""
    package = importlib.import_module(f"ondol.stores.{port}")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return [name for name in names if hasattr(importlib.import_module(f"ondol.stores.{port}.{name}"), "open_store")]


def _open(port: str, url: str, *context: StoreContext) -> Any:
    scheme = urlsplit(url).scheme
    try:
        module = importlib.import_module(f"ondol.stores.{port}.{scheme}")
    except ModuleNotFoundError as error:
        if error.name and not error.name.startswith("ondol.stores"):
            raise WrongConfiguration(f"{masked(url)} needs a driver: pip install 'ondol[servers]'") from error
        choices = ", ".join(f"{name}://" for name in adapters(port))
        raise WrongConfiguration(
            f"ONDOL_{port.upper()}_URL: {scheme}:// is not known; choose one of {choices}"
        ) from error
    return module.open_store(url, *context)
