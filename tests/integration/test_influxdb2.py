"""InfluxDB 2.x, as far as tests/influxdb2.py answers like it: buckets are made and never shortened silently, DELETE answers `{}`."""

from pathlib import Path

import pytest
from tests.contracts.test_timeseries import T0, described_points
from tests.influxdb2 import InfluxDB2
from tests.integration.test_check import checked
from tests.integration.test_influxdb_away import until
from tests.running import run_ondol

from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S
from ondol.common.retention import Retention
from ondol.readings.model import readings_frame
from ondol.readings.ports import StoreContext
from ondol.stores.timeseries.influxdb import open_store
from ondol.stores.timeseries.influxdb_setup import set_up_at

NAMES = ["energy_data", "energy data", "b/autogen", "전력&org=x", "50%", 'a"b#c?']


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_bucket_is_made_at_the_start(influxdb2: InfluxDB2, tmp_path: Path, name: str) -> None:
    store = open_store(influxdb2.url_of(name), StoreContext(tmp_path, described_points, Retention(0)))
    store.append(readings_frame([1], [T0], [1.0]))
    assert list(influxdb2.buckets) == [name]
    assert store.read([1], 0, 1 << 60)["value"].to_list() == [1.0]
    assert store.status().staged == 0
    store.close()


def test_db_upgrade_makes_it_with_the_retention(influxdb2: InfluxDB2, tmp_path: Path) -> None:
    url = influxdb2.url_of("energy data")
    for _ in range(2):
        done = run_ondol(tmp_path, "db", "upgrade", timeseries_url=url, raw_retention_days="7")
        assert done.returncode == 0, done.stderr
    (rule,) = influxdb2.buckets["energy data"]["retentionRules"]
    assert (rule["everySeconds"], rule["shardGroupDurationSeconds"]) == (7 * DAY_S, DAY_S)


@pytest.mark.parametrize(
    ("theirs", "days", "expected"), [(0, 30, 0), (90, 30, 90), (0, 0, 0), (7, 30, 30), (7, 0, 0), (90, 0, 0)]
)
def test_a_bucket_that_somebody_made_longer_is_never_shortened_silently(
    influxdb2: InfluxDB2, tmp_path: Path, theirs: int, days: int, expected: int
) -> None:
    rules = [{"type": "expire", "everySeconds": theirs * DAY_S, "shardGroupDurationSeconds": 7 * DAY_S}]
    influxdb2.make_bucket("b", rules if theirs else [])
    url = influxdb2.url_of("b")
    left = set_up_at(url, Retention(days))
    kept = [rule["everySeconds"] for rule in influxdb2.buckets["b"]["retentionRules"]]
    assert kept in ([expected * DAY_S], [] if not expected else None)
    is_longer = expected != days
    assert (left is not None) == is_longer
    advice = " ".join(checked(tmp_path, timeseries_url=url, raw_retention_days=str(days))[1]["timeseries"]["advice"])
    assert ("ONDOL_RAW_RETENTION_DAYS=" in advice) == is_longer
    assert set_up_at(url, Retention(days), may_shorten=True) is None
    assert influxdb2.buckets["b"]["retentionRules"][0]["everySeconds"] == days * DAY_S


def test_the_hourly_drop_understands_the_answer_to_delete(influxdb2: InfluxDB2, tmp_path: Path) -> None:
    store = open_store(influxdb2.url_of("b"), StoreContext(tmp_path, described_points, Retention(0)))
    store.append(readings_frame([1], [T0], [1.0]))
    store.forget(store.touched())
    store.touched()
    assert store.drop_before(T0 + 1) == 0
    assert store.read([1], 0, 1 << 60)["value"].to_list() == [1.0]
    store.close()


@pytest.mark.parametrize(
    ("org", "may", "reason"),
    [("energy_orgs", "admin", "organisation"), (None, "admin", "org=NAME"), ("energy_org", "write", "organisation")],
)
def test_a_bucket_that_cannot_be_made_says_why(
    influxdb2: InfluxDB2, tmp_path: Path, org: str | None, may: str, reason: str
) -> None:
    url = influxdb2.url_of("b", may, org=org)
    with pytest.raises(StoreUnavailable, match=reason):
        set_up_at(url, Retention(30))
    # Opening says it in the log, and what is accepted waits.
    store = open_store(url, StoreContext(tmp_path, described_points, Retention(0)))
    store.close()


def test_a_token_that_may_only_write_does_write(influxdb2: InfluxDB2, tmp_path: Path) -> None:
    influxdb2.make_bucket("b", [])
    store = open_store(influxdb2.url_of("b", "write"), StoreContext(tmp_path, described_points, Retention(0)))
    store.append(readings_frame([1], [T0], [1.0]))
    assert store._spool.is_empty()
    store._spool.append([readings_frame([1], [T0 + 1], [2.0])])
    until(store._spool.is_empty)
    store.close()
    again = open_store(influxdb2.url_of("b"), StoreContext(tmp_path, described_points, Retention(0)))
    assert again.read([1], 0, 1 << 60)["value"].to_list() == [1.0, 2.0]
    again.close()
