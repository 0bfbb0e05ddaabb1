"""Puts an installation together: the only place where ports meet adapters, one line a capability."""

import shutil
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from ondol.business_data import BusinessData, assemble, open_business_data
from ondol.common.cache import Cache
from ondol.common.clock import Clock, system_clock
from ondol.common.errors import StoreUnavailable, WrongConfiguration
from ondol.common.objects import Objects
from ondol.common.store_urls import scheme_of
from ondol.config import Settings
from ondol.database.engine import Database
from ondol.forecasts import Forecasts
from ondol.forecasts.needs import ForecastNeeds, ForecastRules
from ondol.forecasts.sql.forecasts import SqlForecasts
from ondol.forecasts.sql.weather_forecasts import SqlWeatherForecasts
from ondol.history import History
from ondol.history.aggregate_readings import record_old_readings
from ondol.history.sql.partitions import Partitions
from ondol.history.sql.records import SqlHistory
from ondol.history.sql.repairs import SqlRepairs
from ondol.imports import Imports, read_file
from ondol.imports.import_history import ImportNeeds
from ondol.imports.model import ParsedFile
from ondol.installation import Installation
from ondol.keeping_up import keep_up_beside
from ondol.moving import Moving
from ondol.moving.move_installation import MoveNeeds
from ondol.performance import Performance
from ondol.points import PointNeeds, Points
from ondol.points.sql.records import SqlPoints
from ondol.readings import Adopting, Readings
from ondol.readings.adopting import AdoptingRules
from ondol.readings.model import Receipt, Submission
from ondol.readings.needs import Matching
from ondol.readings.ports import StoreContext, TimeSeries
from ondol.readings.ports.foreign import ForeignReadings
from ondol.readings.record_readings import ReadingRules, RecordingNeeds
from ondol.readings.show_live import LiveView
from ondol.readings.sql.adoptions import SqlAdoptions
from ondol.readings.sql.new_devices import SqlNewDevices
from ondol.readings.take_past import WRITER
from ondol.sites.sql import SqlSiteRecords
from ondol.stores.opening import open_store

PATIENCE_S = 10


def open_installation(
    settings: Settings, clock: Clock = system_clock, read: Callable[..., ParsedFile] = read_file
) -> Installation:
    """Open every store that the settings name, and bring the database's schema up to date. `read` reads files that are imported.

    Raises WrongConfiguration when a URL names no adapter, StoreUnavailable when a store cannot be opened.
    """
    cache: Cache = open_store("cache", settings.cache)
    data = assemble(settings, cache, clock)
    sites, results, index, audit = data.sites.records, data.sites.results, data.sites.index, data.sites.audit
    points = SqlPoints(data.database, _forget_usage(data))
    context = StoreContext(
        settings.home, sites.points_by_id, settings.retention, settings.spool_mb, index.version, points.merged
    )
    timeseries: TimeSeries = open_store("timeseries", settings.timeseries, context)
    objects: Objects = open_store("objects", settings.objects)
    live, history = LiveView(timeseries, cache, clock, index), _history(data)
    matching = _matching(settings, data)
    reading_rules = ReadingRules(settings.future_tolerance_s, settings.retention.taken_in())
    recording = RecordingNeeds(timeseries, live, clock, reading_rules, matching, record_old_readings(history, sites))
    importing = ImportNeeds(
        sites,
        history,
        timeseries,
        index,
        cache,
        results,
        audit,
        clock,
        settings.retention.taken_in(),
        settings.timezone,
        read,
        objects,
    )
    forecasting = _forecast_needs(settings, data, history, objects, cache, clock)
    partitions = Partitions(data.database)
    readings = Readings(recording, sites, cache, settings.retention)
    adopting = _adopting(settings, data, matching, clock, readings)

    def release() -> None:
        for store in (*filter(None, [adopting.foreign]), timeseries, cache, objects, data.database):
            store.close()

    return Installation(
        settings,
        clock,
        data.sites,
        data.people,
        data.audit,
        readings,
        adopting,
        History(
            history, _repairs(data), sites, index, timeseries, live, results, audit, clock,
            lambda: partitions.make_ahead(clock()), settings.aggregate_every_s,
        ),
        Points(PointNeeds(
            sites, points, history, _repairs(data), timeseries, live, index, results, cache, audit, clock,
            SqlForecasts(data.database).drop_open,
        )),
        Imports(importing),
        Forecasts(forecasting, None if settings.has_shared_stores else _keeping_up_beside(settings, cache)),
        Performance(forecasting),
        data.database,
        release,
    )  # fmt: skip


@contextmanager
def open_forecasts(settings: Settings, clock: Clock = system_clock) -> Generator[Forecasts]:
    """Forecasts alone: they need no store that a running server owns. Only a cache that is a server is told the results."""
    data = open_business_data(settings, clock)
    objects: Objects = open_store("objects", settings.objects)
    cache = None if scheme_of(settings.cache) == "memory" else data.cache
    try:
        yield Forecasts(_forecast_needs(settings, data, _history(data), objects, cache, clock))
    finally:
        objects.close()
        data.close()


@contextmanager
def open_adopting(settings: Settings, clock: Clock = system_clock) -> Generator[Adopting]:
    """Adopting without the stores that a running server may own: series are found, adopted and counted, and taken by somebody else."""
    data = open_business_data(settings, clock)
    adopting = _adopting(settings, data, _matching(settings, data), clock, None)
    try:
        yield adopting
    finally:
        if adopting.foreign is not None:
            adopting.foreign.close()
        data.close()


@contextmanager
def open_moving(settings: Settings, clock: Clock = system_clock) -> Generator[Moving]:
    """What moves data into the stores of the settings. Nothing is opened, nor the schema made, before something moves."""
    database = Database(settings.database.get_secret_value())
    records = SqlSiteRecords(database)

    def check_target() -> None:
        if scheme_of(settings.timeseries) not in ("influxdb", "influxdbs"):
            raise WrongConfiguration("ONDOL_TIMESERIES_URL has to name the InfluxDB to move to; `ondol init` writes it")

    @contextmanager
    def open_target() -> Generator[TimeSeries]:
        settings.home.mkdir(parents=True, exist_ok=True)
        context = StoreContext(settings.home, records.points_by_id, settings.retention, settings.spool_mb)
        with closing(open_store("timeseries", settings.timeseries, context)) as store:
            yield store

    needs = MoveNeeds(database, _open_copied_readings, open_target, check_target, clock, settings.retention.taken_in())
    with closing(database):
        yield Moving(needs, records, SqlHistory(database))


@contextmanager
def _open_copied_readings(home: Path) -> Generator[TimeSeries]:
    """The raw readings in a copy: opening them would settle their journal, and the source must stay as it is."""
    with tempfile.TemporaryDirectory(prefix="ondol-migrate-") as folder:
        for path in home.glob("readings.duckdb*"):
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, Path(folder) / path.name)
        url = SecretStr(f"duckdb:///{(Path(folder) / 'readings.duckdb').as_posix()}")
        with closing(open_store("timeseries", url, StoreContext(Path(folder), lambda _: {}))) as store:
            yield store


def open_patiently(settings: Settings, read: Callable[..., ParsedFile] = read_file) -> Installation:
    """Open the stores; a process that was killed a moment ago may still hold them, a server may be on its way back."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_installation(settings, read=read)
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _matching(settings: Settings, data: BusinessData) -> Matching:
    it = data.sites
    registers = settings.unknown_points == "register"
    return Matching(it.records, it.index, it.results, it.audit, registers, SqlNewDevices(data.database))


def _adopting(
    settings: Settings, data: BusinessData, matching: Matching, clock: Clock, readings: Readings | None
) -> Adopting:
    def record(submission: Submission) -> Receipt:
        assert readings is not None
        return readings.record(WRITER, submission)

    foreign, url = None, settings.adopt.get_secret_value() if settings.adopt else ""
    if url:
        from ondol.stores.timeseries.influxdb_foreign import open_foreign  # with what servers need, where one is named

        foreign: ForeignReadings | None = open_foreign(url, settings.timeseries.get_secret_value())
    rules = AdoptingRules(unquote(urlsplit(url).path.strip("/")), settings.adopt_every_s, settings.adopt_late_s)
    adoptions = SqlAdoptions(data.database)
    return Adopting(foreign, adoptions, matching, clock, rules, record if readings else None)


def _history(data: BusinessData) -> SqlHistory:
    """History whose readers are told of every write."""
    return SqlHistory(data.database, _forget_usage(data))


def _repairs(data: BusinessData) -> SqlRepairs:
    """Repairs, of which readers of history are told as of any write."""
    return SqlRepairs(data.database, _forget_usage(data))


def _forget_usage(data: BusinessData) -> Callable[[set[int]], None]:
    return lambda ids: data.sites.results.forget("usage", *map(str, ids))


def _forecast_needs(
    settings: Settings, data: BusinessData, history: SqlHistory, objects: Objects, cache: Cache | None, clock: Clock
) -> ForecastNeeds:
    rules = ForecastRules(settings.forecast_cache_s, settings.forecast_train_days, settings.peak_warning_share)
    return ForecastNeeds(
        data.sites.records, history, SqlForecasts(data.database), SqlWeatherForecasts(data.database), objects, cache,
        data.sites.results, clock, rules,
    )  # fmt: skip


def _keeping_up_beside(settings: Settings, cache: Cache) -> Callable[[], None]:
    def keep_up() -> None:
        keep_up_beside(settings)
        cache.delete(*cache.keys("forecast:"))

    return keep_up
