"""What every test may use. Each test has its own folder, stores and clock; nothing is shared and nothing waits."""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from ondol.bootstrap import open_installation
from ondol.config import load_settings
from ondol.database.engine import Database
from ondol.installation import Installation
from tests.conforming import watching
from tests.influxdb2 import InfluxDB2
from tests.servers import REDIS_DATABASES, InfluxDB, PostgreSQL, Redis, Server, ServerMissing, Servers

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("ondol", deadline=None)
hypothesis.settings.load_profile("ondol")

MEASURED_DATA = Path(__file__).parents[2] / "shared" / "data"
NOW = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)  # a Wednesday, 15:00 in Seoul


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.upper().startswith("ONDOL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ONDOL_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _answers_conform() -> Iterator[None]:
    """Whatever a test asks of the API is answered in the declared shape."""
    with watching() as wrong:
        yield
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture(scope="session", params=["embedded", "servers"])
def new_stores(request: pytest.FixtureRequest) -> Callable[[], dict[str, str]]:
    """Makes settings for an empty installation: once on the embedded stores, once on PostgreSQL, InfluxDB and Redis."""
    return dict if request.param == "embedded" else request.getfixturevalue("server_urls")


@pytest.fixture
def open_ondol(
    tmp_path: Path, clock: SetClock, new_stores: Callable[[], dict[str, str]]
) -> Iterator[Callable[..., Installation]]:
    """Opens one installation, again and again, with settings as arguments, and closes what is open at the end."""
    opened: list[Installation] = []
    stores = new_stores()

    def open_one(**settings: object) -> Installation:
        opened.append(open_installation(load_settings(**{"home": tmp_path / "home", **settings, **stores}), clock))
        return opened[-1]

    yield open_one
    for ondol in opened:
        ondol.close()


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    """An empty installation."""
    return open_ondol()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, not yet upgraded: SQLite and PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/ondol.sqlite"
    else:
        url = request.getfixturevalue("server_urls")()["database_url"]
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server_urls(start_server: Callable[[str], Server]) -> Callable[[], dict[str, str]]:
    """Makes settings for a new, empty installation on the three real servers."""
    numbers = itertools.count(1)

    def make() -> dict[str, str]:
        number = next(numbers)
        postgresql, influxdb, redis = (start_server(name) for name in ("postgresql", "influxdb", "redis"))
        assert isinstance(postgresql, PostgreSQL)
        assert isinstance(influxdb, InfluxDB)
        assert isinstance(redis, Redis)
        postgresql.run(f"create database test_{number}")
        return {
            "database_url": postgresql.url_of(f"test_{number}"),
            "timeseries_url": influxdb.url_of(f"test_{number}") + "?retention_days=0",
            "cache_url": redis.url_of(number % REDIS_DATABASES),
        }

    return make


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[[str], Server]]:
    """Starts a real server by its name (tests/servers.py), once for all tests; where its program is missing the test is left out."""
    servers = Servers()

    def start(name: str) -> Server:
        try:
            return servers.start(name)
        except ServerMissing as missing:
            lacking(str(missing))

    yield start
    servers.stop()


@pytest.fixture
def influxdb2(start_server: Callable[[str], Server]) -> Iterator[InfluxDB2]:
    """A server that answers as InfluxDB 2.7 does (tests/influxdb2.py), without any bucket."""
    behind = start_server("influxdb")
    assert isinstance(behind, InfluxDB)
    server = InfluxDB2(behind)
    yield server
    server.stop()


def lacking(what: str) -> NoReturn:
    """Leaves a test out, loudly; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def measured_data() -> Path:
    """The folder of measured data beside the project; without it the test is left out, in CI it fails."""
    if not MEASURED_DATA.is_dir():
        lacking(f"the measured data is missing: put it at {MEASURED_DATA}")
    return MEASURED_DATA
