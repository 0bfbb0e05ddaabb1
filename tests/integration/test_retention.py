"""Every setting of how long raw readings are kept, on every store: what must stay does."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.conftest import SetClock
from tests.integration.test_check import checked
from tests.making import make_building, make_points
from tests.running import run_ondol
from tests.servers import InfluxDB, Server

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM
from ondol.common.instants import DAY_S, epoch_us
from ondol.common.retention import Retention
from ondol.config import load_settings
from ondol.installation import Installation
from ondol.readings import Submission

AGES = (100, 40, 20, 5)
"""Days."""
NOW_US = epoch_us(datetime.now(UTC))
POINT = {"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}

Open = Callable[..., Installation]


@pytest.fixture(params=["duckdb", "memory", "influxdb"])
def open_keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens an installation on the store with a setting or an option of the URL, and closes it at the end."""
    opened: list[Installation] = []
    urls = {"duckdb": f"duckdb:///{tmp_path / 'r.duckdb'}", "memory": "memory://"}
    if request.param == "influxdb":
        urls["influxdb"] = request.getfixturevalue("server_urls")()["timeseries_url"].partition("?")[0]

    def open_one(option: str = "", **settings: object) -> Installation:
        url = urls[request.param] + option
        chosen = load_settings(home=tmp_path, timeseries_url=url, cache_url="memory://", **settings)
        opened.append(open_installation(chosen, SetClock(datetime.now(UTC))))
        return opened[-1]

    yield open_one
    for ondol in opened:
        ondol.close()


def send(ondol: Installation, *ages: float) -> None:
    times = [NOW_US - int(age * DAY_S) * 1_000_000 for age in ages]
    batch = Submission(["hq.t"] * len(ages), times, [float(age) for age in ages], range(1, len(ages) + 1))
    assert ondol.readings.record(SYSTEM, batch).accepted == len(ages)


def drop_old(ondol: Installation) -> None:
    (task,) = [task for task in ondol.readings.tasks() if task.name == "drop old readings"]
    task.run()


def kept(ondol: Installation) -> list[float]:
    """Ages of the raw readings."""
    (point,) = ondol.sites.records.points("hq")
    return ondol.history.timeseries.read([point.id], 0, 1 << 60)["value"].to_list()


@pytest.mark.parametrize("days", [0, 7, 30, 60, 36_500])
@pytest.mark.parametrize("place", ["setting", "url"])
def test_what_is_younger_than_the_retention_stays(open_keeping: Open, place: str, days: int) -> None:
    settings = {"raw_retention_days": days} if place == "setting" else {"option": f"?retention_days={days}"}
    ondol = open_keeping(**settings)
    make_building(ondol, "hq")
    make_points(ondol, "hq", [POINT])
    send(ondol, *AGES)
    expected = [float(age) for age in AGES if not days or age < days]
    assert kept(ondol) == expected
    ondol.history.aggregate()
    drop_old(ondol)
    assert kept(ondol) == expected
    # Late ones are judged by the same setting.
    send(ondol, 101, 41, 21, 5.5)
    drop_old(ondol)
    late = [float(age) for age in sorted([*AGES, 101, 41, 21, 5.5], reverse=True) if not days or age < days]
    assert kept(ondol) == late


def test_the_url_goes_before_the_setting(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path / 'r.duckdb'}?retention_days=0"
    assert load_settings(timeseries_url=url, raw_retention_days=7).retention == Retention(0)
    assert load_settings(raw_retention_days=7).retention == Retention(7)


@pytest.mark.parametrize("days", ["-1", "x", "", "1.5", "99999999"])
def test_a_retention_that_is_no_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(ValidationError, match=r"retention_days|expected form|cannot be read"):
        load_settings(timeseries_url=f"influxdb://h:1/b?retention_days={days}")
    with pytest.raises(ValidationError):
        load_settings(raw_retention_days=days)


def test_import_keeps_fine_readings_raw_for_good(open_keeping: Open) -> None:
    ondol = open_keeping(raw_retention_days=0)
    make_building(ondol, "hq")
    start = NOW_US // 1_000_000 - 200 * DAY_S
    rows = "".join(f"{datetime.fromtimestamp(start + n, UTC):%Y-%m-%d %H:%M:%S},{n}\n" for n in range(30))
    options = {"point": "hq.t", "quantity": "temperature", "unit": "degC", "kind": "measurement", "timezone": "UTC"}
    ondol.imports.import_file(SYSTEM, "hq", "fine.csv", f"time,value\n{rows}".encode(), options)
    drop_old(ondol)
    assert kept(ondol) == [float(n) for n in range(30)]


# InfluxDB's own retention


@pytest.fixture
def influxdb(start_server: Callable[[str], Server]) -> InfluxDB:
    server = start_server("influxdb")
    assert isinstance(server, InfluxDB)
    return server


def duration(influxdb: InfluxDB, database: str) -> str:
    (series,) = influxdb.query(f'SHOW RETENTION POLICIES ON "{database}"')["series"]
    return next(row["duration"] for row in (dict(zip(series["columns"], r, strict=True)) for r in series["values"]))


@pytest.fixture
def database(server_urls: Callable[[], dict[str, str]]) -> tuple[str, str]:
    """The URL of a database that does not exist yet, and its name."""
    url = server_urls()["timeseries_url"].partition("?")[0]
    return url, url.rpartition("/")[2]


@pytest.mark.parametrize(
    ("theirs", "days", "expected"),
    [
        ("INF", 30, "0s"),
        ("90d", 30, "2160h0m0s"),
        ("INF", 0, "0s"),
        ("7d", 30, "720h0m0s"),
        ("7d", 0, "0s"),
        ("90d", 0, "0s"),
        ("30d", 30, "720h0m0s"),
    ],
)
def test_a_retention_that_somebody_made_longer_is_never_shortened_silently(
    influxdb: InfluxDB, database: tuple[str, str], tmp_path: Path, theirs: str, days: int, expected: str
) -> None:
    url, name = database
    influxdb.query(f'CREATE DATABASE "{name}" WITH DURATION {theirs}')
    settings = {"timeseries_url": url, "raw_retention_days": str(days)}
    ondol = open_installation(load_settings(home=tmp_path, cache_url="memory://", **settings))
    drop_old(ondol)
    ondol.close()
    assert duration(influxdb, name) == expected
    upgraded = run_ondol(tmp_path, "db", "upgrade", **settings)
    assert upgraded.returncode == 0, upgraded.stderr
    assert duration(influxdb, name) == expected
    is_longer = expected != ("0s" if not days else f"{days * 24}h0m0s")
    assert ("--shorten-retention" in upgraded.stdout) == is_longer
    advice = " ".join(checked(tmp_path, **settings)[1]["timeseries"]["advice"])
    assert ("ONDOL_RAW_RETENTION_DAYS=" in advice) == is_longer


def test_it_is_shortened_where_that_is_asked_for(influxdb: InfluxDB, database: tuple[str, str], tmp_path: Path) -> None:
    url, name = database
    influxdb.query(f'CREATE DATABASE "{name}"')
    done = run_ondol(tmp_path, "db", "upgrade", "--shorten-retention", timeseries_url=url)
    assert done.returncode == 0, done.stderr
    assert duration(influxdb, name) == "720h0m0s"


def test_a_new_database_has_the_retention_from_the_start(
    influxdb: InfluxDB, database: tuple[str, str], tmp_path: Path
) -> None:
    url, name = database
    assert run_ondol(tmp_path, "db", "upgrade", timeseries_url=url, raw_retention_days="7").returncode == 0
    assert duration(influxdb, name) == "168h0m0s"
