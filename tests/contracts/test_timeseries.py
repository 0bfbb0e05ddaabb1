"""One contract for every time-series adapter: the guarantees of ports/timeseries.py, on the real stores.

`influxdb2` is tests/influxdb2.py: the answers of 2.7 in front of a real 1.x. A real 2.7 was not run.
"""

import itertools
import shutil
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from ondol.common.retention import Retention
from ondol.readings.model import readings_frame
from ondol.readings.ports import StoreContext, TimeSeries
from ondol.sites.model import Point
from ondol.stores.timeseries import influxdb
from ondol.stores.timeseries.duckdb import DuckDBTimeSeries
from ondol.stores.timeseries.memory import MemoryTimeSeries

SECOND = 1_000_000
WINDOW = 900 * SECOND
T0 = 1_768_435_200 * SECOND  # 2026-01-15T00:00:00Z


@pytest.fixture(params=["memory", "duckdb", "influxdb", "influxdb2"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TimeSeries]:
    if request.param == "memory":
        opened: TimeSeries = MemoryTimeSeries()
    elif request.param == "duckdb":
        opened = DuckDBTimeSeries(tmp_path / "readings.duckdb")
    else:
        if request.param == "influxdb":
            url = request.getfixturevalue("server_urls")()["timeseries_url"]
        else:
            url = request.getfixturevalue("influxdb2").url_of("energy data/1")
        opened = influxdb.open_store(url, StoreContext(tmp_path, described_points, Retention(0)))
    yield opened
    opened.close()


def described_points(ids: Iterable[int]) -> dict[int, Point]:
    """Points whose names need care in line protocol and in queries."""
    keys = {n: rf"hq.b{n} 전력,x=1'\a" for n in ids}
    return {n: Point(n, key, 1, "hq", key, "power", "kW", space="R 1", floor="3F") for n, key in keys.items()}


@pytest.fixture(params=["fresh", "settled"])
def arrange(request: pytest.FixtureRequest, store: TimeSeries):
    """Append, and in one variant let the store move it to its final place, so that every read is tried on both."""

    def append(*args: list) -> None:
        store.append(readings_frame(*args))
        if request.param == "settled":
            store.touched()

    return append


def values(store: TimeSeries, start: int = 0, end: int = 1 << 60, points: tuple[int, ...] = (1,)) -> list[tuple]:
    return store.read(points, start, end).select("point_id", "time_us", "value").rows()


def test_reads_what_was_appended_sorted_by_point_and_time(store, arrange):
    arrange([2, 1, 1], [T0 + 5, T0 + 9, T0], [3.0, 2.0, 1.0])
    assert values(store, points=(1, 2)) == [(1, T0, 1.0), (1, T0 + 9, 2.0), (2, T0 + 5, 3.0)]


def test_bounds_are_half_open(store, arrange):
    arrange([1, 1, 1], [T0, T0 + 1, T0 + 2], [1.0, 2.0, 3.0])
    assert values(store, T0, T0 + 2) == [(1, T0, 1.0), (1, T0 + 1, 2.0)]
    assert values(store, T0 + 1, T0 + 1) == []


def test_an_empty_range_and_an_unknown_point_read_as_empty(store, arrange):
    arrange([1], [T0], [1.0])
    assert values(store, T0 + 1, T0 + 100) == []
    assert values(store, points=(77,)) == []
    assert store.latest([77], 1 << 60).is_empty()
    assert store.next_after(77, 0) is None


def test_the_same_point_and_time_replaces_the_value(store, arrange):
    arrange([1], [T0], [1.0])
    arrange([1], [T0], [2.0], [8])
    assert store.read([1], 0, 1 << 60).rows() == [(1, T0, 2.0, 8)]


def test_of_duplicates_in_one_batch_the_last_wins(store, arrange):
    arrange([1, 1, 1], [T0, T0, T0], [1.0, 3.0, 2.0])
    assert values(store) == [(1, T0, 2.0)]


def test_appending_a_batch_twice_changes_nothing(store, arrange):
    for _ in range(2):
        arrange([1] * 100, [T0 + i for i in range(100)], [float(i) for i in range(100)])
    assert len(values(store)) == 100


def test_late_readings_take_their_place(store, arrange):
    arrange([1], [T0 + 10], [10.0])
    arrange([1], [T0], [0.0])
    assert [value for _, _, value in values(store)] == [0.0, 10.0]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_values_that_are_no_numbers_are_refused_and_leave_nothing(store, value):
    with pytest.raises(ValueError, match="finite"):
        store.append(readings_frame([1, 1], [T0, T0 + 1], [1.0, value]))
    assert values(store) == []


def test_one_second_data_over_a_day_of_23_hours(store, arrange):
    zone = ZoneInfo("Europe/London")
    start = int(datetime(2026, 3, 29, tzinfo=zone).timestamp())
    end = int(datetime(2026, 3, 30, tzinfo=zone).timestamp())
    arrange([1] * (end - start), [t * SECOND for t in range(start, end)], [1.0] * (end - start))
    assert end - start == 23 * 3600
    assert store.read([1], start * SECOND, end * SECOND).height == 23 * 3600
    buckets = store.buckets(1, start * SECOND, end * SECOND, 60 * SECOND)
    assert buckets.height == 23 * 60
    assert buckets["count"].to_list() == [60] * 23 * 60


def test_buckets_describe_their_readings(store, arrange):
    arrange([1, 1, 1, 1], [T0, T0 + 1, T0 + 59 * SECOND, T0 + 60 * SECOND], [1.0, 5.0, 3.0, 7.0], [0, 1, 8, 0])
    first, second = store.buckets(1, T0, T0 + 120 * SECOND, 60 * SECOND).to_dicts()
    assert first == {
        "time_us": T0,
        "mean": 3.0,
        "min": 1.0,
        "max": 5.0,
        "sum": 9.0,
        "first": 1.0,
        "last": 3.0,
        "count": 3,
        "quality": 9,
    }
    assert second["time_us"] == T0 + 60 * SECOND


def test_latest_is_the_newest_before_the_bound(store, arrange):
    arrange([1, 1, 2], [T0, T0 + 10, T0 + 5], [1.0, 2.0, 3.0])
    assert store.latest([1, 2], T0 + 10).sort("point_id").select("time_us", "value").rows() == [
        (T0, 1.0),
        (T0 + 5, 3.0),
    ]


def test_next_after_is_inclusive(store, arrange):
    arrange([1, 1], [T0, T0 + 10], [1.0, 2.0])
    assert store.next_after(1, T0) == T0
    assert store.next_after(1, T0 + 1) == T0 + 10
    assert store.next_after(1, T0 + 11) is None


def test_touched_windows_stay_until_forgotten(store):
    store.append(readings_frame([1, 1, 2], [T0, T0 + WINDOW, T0 + 1], [1.0, 2.0, 3.0]))
    first = [(1, T0 // SECOND), (1, T0 // SECOND + 900), (2, T0 // SECOND)]
    assert store.touched().rows() == first
    assert store.touched().rows() == first
    store.forget(store.touched().head(2))
    assert store.touched().rows() == first[2:]


def test_a_window_touched_while_it_is_aggregated_is_not_forgotten(store):
    store.append(readings_frame([1], [T0], [1.0]))
    windows = store.touched()
    store.append(readings_frame([1], [T0 + 1], [2.0]))
    store.forget(windows)
    assert store.touched().rows() == [(1, T0 // SECOND)]


def test_retention_drops_only_what_is_older(store, arrange):
    arrange([1, 1], [T0, T0 + 1], [1.0, 2.0])
    dropped = store.drop_before(T0 + 1)
    # A server has a retention of its own, and that of this one keeps for good.
    kept = [(1, T0, 1.0)] if isinstance(store, influxdb.InfluxDBTimeSeries) else []
    assert values(store) == [*kept, (1, T0 + 1, 2.0)]
    assert dropped == 1 - len(kept)


def test_nothing_that_is_kept_for_good_is_dropped(store, arrange):
    arrange([1, 1, 1], [0, T0, T0 + 1], [0.0, 1.0, 2.0])
    store.touched()
    assert store.drop_before(Retention(0).from_us(T0 + 365 * 86_400 * SECOND)) == 0
    assert [value for _, _, value in values(store)] == [0.0, 1.0, 2.0]


def test_reads_beside_writes_see_whole_batches_that_only_grow(store):
    size, rounds = 500, 40
    seen: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.append(store.read([1], 0, 1 << 60).height)

    def settle() -> None:
        while not done.is_set():
            store.forget(store.touched())

    threads = [threading.Thread(target=target) for target in (watch, watch, settle)]
    for thread in threads:
        thread.start()
    for n in range(rounds):
        store.append(readings_frame([1] * size, [T0 + n * size + i for i in range(size)], [1.0] * size))
        assert store.read([1], 0, 1 << 60).height == (n + 1) * size
    done.set()
    for thread in threads:
        thread.join()
    assert all(count % size == 0 for count in seen)


def test_concurrent_writers_lose_nothing(store):
    def write(point: int) -> None:
        for n in range(50):
            store.append(readings_frame([point], [T0 + n], [float(n)]))

    threads = [threading.Thread(target=write, args=(point,)) for point in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read(range(4), 0, 1 << 60).height == 200
    assert store.status().readings + store.status().staged == 200


def test_a_closed_file_opens_with_all_its_readings_and_windows(tmp_path: Path):
    with_data = DuckDBTimeSeries(tmp_path / "r.duckdb")
    with_data.append(readings_frame([1], [T0], [1.0]))
    with_data.close()
    again = DuckDBTimeSeries(tmp_path / "r.duckdb")
    assert values(again) == [(1, T0, 1.0)]
    assert again.touched().height == 1
    again.close()


def test_the_journal_of_a_killed_process_is_taken_in(tmp_path: Path):
    killed = DuckDBTimeSeries(tmp_path / "r.duckdb")
    killed.append(readings_frame([1, 1], [T0, T0 + 1], [1.0, 2.0]))
    (journal,) = (tmp_path / "r.duckdb.journal").glob("*.journal")
    data = journal.read_bytes()
    killed.close()
    for name, content in (
        ("whole", data),
        ("torn", data + data[: len(data) // 2]),
        ("garbled", data + b"\x10\x00\x00\x00garbage"),
    ):
        folder = tmp_path / name / "r.duckdb.journal"
        folder.mkdir(parents=True)
        (folder / journal.name).write_bytes(content)
        store = DuckDBTimeSeries(tmp_path / name / "r.duckdb")
        assert values(store) == [(1, T0, 1.0), (1, T0 + 1, 2.0)], name
        store.close()


@pytest.mark.parametrize("ends", list(itertools.product(["closed", "killed"], repeat=4)), ids="-".join)
def test_readings_survive_however_one_process_after_the_other_ends(tmp_path: Path, ends: tuple[str, ...]):
    path = tmp_path / "0" / "r.duckdb"
    path.parent.mkdir()
    for n, end in enumerate(ends):
        store = DuckDBTimeSeries(path)
        store.append(readings_frame([1], [T0 + 2 * n], [1.0]))
        store.append(readings_frame([1], [T0 + 2 * n + 1], [2.0]))
        if end == "killed":
            left = tmp_path / str(n + 1)
            shutil.copytree(path.parent, left)
            path = left / path.name
        store.close()
    store = DuckDBTimeSeries(path)
    assert values(store) == [(1, T0 + n, 1.0 + n % 2) for n in range(2 * len(ends))]
    store.close()


def test_a_second_owner_is_told_so(tmp_path: Path):
    import subprocess
    import sys

    store = DuckDBTimeSeries(tmp_path / "r.duckdb")
    code = f"""
from pathlib import Path
from ondol.common.errors import StoreUnavailable
from ondol.stores.timeseries.duckdb import DuckDBTimeSeries
try:
    DuckDBTimeSeries(Path({str(tmp_path / "r.duckdb")!r}))
except StoreUnavailable as error:
    print(error)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another Ondol process" in out.stdout
    store.close()


def test_frames_have_the_schema_of_readings(store, arrange):
    arrange([1], [T0], [1.0])
    from ondol.readings.model import READINGS

    assert store.read([1], 0, 1 << 60).schema == READINGS
    assert store.latest([1], 1 << 60).schema == READINGS
    assert isinstance(store.touched(), pl.DataFrame)


def test_what_is_removed_is_gone_and_the_rest_stays(store, arrange):
    arrange([1, 2, 2], [T0, T0, T0 + 1], [1.0, 2.0, 3.0])
    for _ in range(2):
        store.remove({2: described_points([2])[2].key})
    assert values(store, points=(1, 2)) == [(1, T0, 1.0)]
    assert store.latest([2], 1 << 60).is_empty()
    assert store.next_after(2, 0) is None
    arrange([2], [T0 + 2], [4.0])
    assert values(store, points=(2,)) == [(2, T0 + 2, 4.0)]
    store.remove({})
