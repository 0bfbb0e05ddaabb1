"""A month of a point over HTTP: 2,880 quarter-hours, and a month of one-second data by the hour."""

import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import polars as pl
from tests.making import make_building, make_points
from tests.running import RunningServer

from benchmarks.measure import Figure, median_ms
from ondol.bootstrap import open_installation
from ondol.common.frames import with_schema
from ondol.common.instants import DAY_S, HOUR_S, HOUR_US, QUARTER_S, SECOND_US
from ondol.config import load_settings
from ondol.history.aggregate_readings import buildings_by_id
from ondol.history.model import intervals_frame
from ondol.installation import Installation
from ondol.readings.model import READINGS

DAYS = 29
CALLS = 60


def run() -> list[Figure]:
    """Median answer times with one client, beside the bare query."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=DAYS)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ondol = open_installation(load_settings(home=home))
        make_building(ondol, "b", name="B", address="", timezone="Asia/Seoul")
        fill(ondol, start, end)
        ondol.close()
        rows = sqlite3.connect(home / "ondol.sqlite")
        by_quarter = "select recorded_at, value, quality from sensor_data where id between 1*4294967296 and 2*4294967296-1 order by id"
        raw_sqlite = median_ms(lambda: rows.execute(by_quarter).fetchall(), CALLS)
        rows.close()
        by_hour = "select time_us // 3600000000, avg(value) from readings where point_id = 2 group by 1 order by 1"
        with duckdb.connect(str(home / "readings.duckdb"), read_only=True) as raw:
            raw_duckdb = median_ms(lambda: raw.execute(by_hour).fetchall(), CALLS)
        with RunningServer(home) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
            client.headers["Authorization"] = f"Bearer {server.token('read')}"
            quarters = median_ms(lambda: ask(client, "b.quarters", start, end, "15m", DAYS * 96), CALLS)
            hours = median_ms(lambda: ask(client, "b.seconds", start, end, "1h", DAYS * 24), CALLS)
    return [
        Figure(f"{DAYS} days by quarter-hour over HTTP", quarters, "ms", "raw SQLite read", raw_sqlite),
        Figure(
            f"{DAYS} days of 1-s data by hour over HTTP",
            hours,
            "ms",
            "the same from raw readings in DuckDB",
            raw_duckdb,
        ),
    ]


def ask(client: httpx.Client, point: str, start: datetime, end: datetime, interval: str, values: int) -> None:
    """One request; the answer must hold all values."""
    times = {"start": start.isoformat(), "end": end.isoformat()}
    answer = client.get(f"/api/v1/points/{point}/series", params={**times, "interval": interval, "max_points": 5000})
    found = answer.raise_for_status().json()["values"]
    assert len(found) == values
    assert None not in found


def fill(ondol: Installation, start: datetime, end: datetime) -> None:
    """One point with quarter-hours, one with a reading each second, aggregated as usual."""
    fields = {"quantity": "temperature", "unit": "degC", "kind": "measurement"}
    quarters, seconds = make_points(
        ondol, "b", [{"key": f"b.{name}", "name": name, **fields} for name in ("quarters", "seconds")]
    )
    first, last = int(start.timestamp()), int(end.timestamp())
    starts = pl.DataFrame({"start": pl.int_range(first, last, QUARTER_S, eager=True)})
    wave = (22 + (pl.col("start") / HOUR_S).sin()).round(1)
    intervals = intervals_frame(starts, point_id=quarters.id, duration_s=QUARTER_S, value=wave)
    ondol.history.records.write(intervals, {quarters.id: quarters}, buildings_by_id(ondol.sites.records))
    for day in range(first, last, DAY_S):
        times = pl.int_range(day, min(day + DAY_S, last), eager=True) * SECOND_US
        value = (22 + (pl.col("time_us") / HOUR_US).sin()).round(1)
        frame = pl.DataFrame({"time_us": times}).with_columns(
            value.alias("value"), pl.lit(seconds.id).alias("point_id"), pl.lit(0).alias("quality")
        )
        ondol.history.timeseries.append(with_schema(frame, READINGS))
        ondol.history.aggregate()
