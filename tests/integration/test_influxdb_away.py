"""While InfluxDB is away accepted readings wait on disk; when it is back each is there, once and in order."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.contracts.test_timeseries import T0, described_points
from tests.servers import InfluxDB, Server

from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_US
from ondol.common.retention import Retention
from ondol.readings.model import readings_frame
from ondol.readings.ports import Merged, StoreContext
from ondol.sites.model import Point
from ondol.stores.timeseries.influxdb import InfluxDBTimeSeries, open_store
from ondol.stores.timeseries.spool import Spool

DRAINED_WITHIN_S = 10


@pytest.fixture
def influxdb(start_server: Callable[[str], Server]) -> Iterator[InfluxDB]:
    server = start_server("influxdb")
    assert isinstance(server, InfluxDB)
    yield server
    if server.process.poll() is not None:
        server.start()


@pytest.fixture
def open_influxdb(
    influxdb: InfluxDB, server_urls: Callable[[], dict[str, str]], tmp_path: Path
) -> Iterator[Callable[..., InfluxDBTimeSeries]]:
    url, opened = server_urls()["timeseries_url"], list[InfluxDBTimeSeries]()

    def open_one(**context: Any) -> InfluxDBTimeSeries:
        known = {"points_by_id": described_points, **context}
        opened.append(open_store(url, StoreContext(home=tmp_path, retention=Retention(0), **known)))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DRAINED_WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def values(store: InfluxDBTimeSeries) -> list[float]:
    return store.read([1], 0, 1 << 60)["value"].to_list()


def test_what_is_accepted_meanwhile_is_there_afterwards(influxdb, open_influxdb, tmp_path: Path) -> None:
    store = open_influxdb()
    store.append(readings_frame([1], [T0], [0.0]))
    influxdb.kill()
    for n in range(1, 6):
        store.append(readings_frame([1, 1], [T0, T0 + n], [-float(n), float(n)]))
    with pytest.raises(StoreUnavailable, match="start it, or check ONDOL_TIMESERIES_URL"):
        store.read([1], 0, 1 << 60)
    influxdb.start()
    until(store._spool.is_empty)
    # The reading that was sent again and again has its last value.
    assert values(store) == [-5.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert store.touched().height == 1


def test_waiting_readings_are_seen_before_they_are_drained(influxdb, open_influxdb, tmp_path: Path) -> None:
    store = open_influxdb()
    store.append(readings_frame([1], [T0], [0.0]))
    with store._spool.drainer() as mine:
        assert mine
        store._spool.append([readings_frame([1, 1], [T0, T0 + 1], [7.0, 1.0])])
        store.append(readings_frame([1], [T0 + 2], [2.0]))
        assert store.status().staged == 3
        assert values(store) == [7.0, 1.0, 2.0]
        assert store.latest([1], T0 + 2).rows() == [(1, T0 + 1, 1.0, 0)]
        assert store.next_after(1, T0 + 1) == T0 + 1
        assert store.buckets(1, T0, T0 + 60_000_000, 60_000_000)["sum"].to_list() == [10.0]
    until(store._spool.is_empty)
    assert values(store) == [7.0, 1.0, 2.0]


def test_a_process_that_is_killed_leaves_what_it_accepted(influxdb, open_influxdb, tmp_path: Path) -> None:
    influxdb.kill()
    code = f"""
import os, signal
from pathlib import Path
from typing import Any
from ondol.readings.model import readings_frame
from ondol.stores.timeseries.spool import Spool
spool = Spool(Path({str(tmp_path / "spool.sqlite")!r}), 10)
with spool.drainer() as mine:
    assert mine
    spool.append([readings_frame([1, 1], [{T0}, {T0 + 1}], [1.0, 2.0])])
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    influxdb.start()
    store = open_influxdb()
    until(store._spool.is_empty)
    assert values(store) == [1.0, 2.0]


def test_a_full_spool_refuses_and_keeps_what_it_has(influxdb, open_influxdb) -> None:
    store = open_influxdb(spool_mb=1)
    influxdb.kill()
    batch = readings_frame([1] * 20_000, [T0 + n for n in range(20_000)], [n * 1.234567 for n in range(20_000)])
    accepted = 0
    with contextlib.suppress(StoreUnavailable):
        while accepted < 100:
            store.append(batch.with_columns(pl.col("time_us") + accepted * 20_000))
            accepted += 1
    assert 1 < accepted < 100
    with pytest.raises(StoreUnavailable, match="ONDOL_SPOOL_MB"):
        store.append(batch)
    influxdb.start()
    until(store._spool.is_empty)
    assert store.status().readings == accepted * 20_000
    store.append(readings_frame([1], [0], [1.0]))


def test_a_batch_that_influxdb_never_takes_does_not_hold_up_the_others(influxdb, open_influxdb) -> None:
    store = open_influxdb()
    influxdb.kill()
    for point in (1, 2):
        store.append(readings_frame([point], [T0 + point * DAY_US], [float(point)]))
    with store._spool.drainer() as mine:
        assert mine
        influxdb.start()
        until(lambda: _answers(store))
        # Another program wrote text where numbers stand.
        line = next(store._writer.render(readings_frame([1], [T0 + DAY_US + 1], [1.0]))).replace(
            "value=1.0", 'value="text"'
        )
        store._client.write(line.encode())
    until(store._spool.is_empty)
    assert store.read([2], 0, 1 << 60)["value"].to_list() == [2.0]
    ((reason,),) = store._spool._rows("select reason from refused")
    assert "field type conflict" in reason


def _answers(store: InfluxDBTimeSeries) -> bool:
    try:
        store._client.query("SHOW DATABASES")
    except StoreUnavailable:
        return False
    return True


def test_two_processes_never_drain_at_once(tmp_path: Path) -> None:
    one, two = Spool(tmp_path / "s.sqlite", 10), Spool(tmp_path / "s.sqlite", 10)
    one.append([readings_frame([1], [T0], [1.0])])
    assert not two.is_empty()
    with one.drainer() as first, two.drainer() as second:
        assert (first, second) == (True, False)
    with two.drainer() as mine:
        assert mine
        two.remove(two.oldest(1))
    assert one.is_empty()
    one.close()
    two.close()


def test_readings_of_points_that_went_meanwhile_hold_nothing_up(influxdb, open_influxdb) -> None:
    """Those of a deleted point are dropped, those of a merged one become the other's, and the rest arrives."""
    there, version = {1, 2, 3}, [0]
    store = open_influxdb(
        points_by_id=lambda ids: described_points(set(ids) & there),
        points_version=lambda: version[0],
        merged=lambda ids: {3: Merged(1, 1000.0, 0.0)} if 3 in ids else {},
    )
    store.append(readings_frame([1, 2, 3], [T0] * 3, [1.0, 2.0, 3.0]))
    influxdb.kill()
    store.append(readings_frame([1, 2, 3], [T0 + 1, T0 + 1, T0 + 2], [10.0, 20.0, 30.0]))
    store.append(readings_frame([2], [T0 + 3], [40.0]))
    there -= {2, 3}
    version[0] += 1
    influxdb.start()
    until(store._spool.is_empty)
    assert values(store) == [1.0, 10.0, 30_000.0]
    assert store.read([2, 3], 0, 1 << 60).is_empty()


def test_what_a_point_is_called_is_learnt_anew(open_influxdb) -> None:
    spaces, version = ["R 1"], [0]

    def points(ids: Iterable[int]) -> dict[int, Point]:
        return {n: Point(n, "hq.b", 1, "hq", "b", "power", "kW", space=spaces[0]) for n in ids}

    store = open_influxdb(points_by_id=points, points_version=lambda: version[0])
    for n, space in enumerate(["R 1", "R 2"]):
        spaces[0], version[0] = space, n
        store.append(readings_frame([1], [T0 + n], [float(n)]))
    series = store._client.query("SELECT value FROM sensor_readings GROUP BY room")
    assert {it["tags"]["room"]: it["values"][0][1] for it in series} == {"R 1": 0, "R 2": 1}
    assert values(store) == [0, 1]
    # One that is sent again under the new name replaces the one under the old.
    store.append(readings_frame([1], [T0], [5.0]))
    assert values(store) == [5, 1]
    assert store.latest([1], T0 + 1)["value"].to_list() == [5]
    assert store.buckets(1, T0, T0 + 2, 900_000_000).select("sum", "count").row(0) == (6, 2)
