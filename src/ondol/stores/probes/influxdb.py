"""InfluxDB: does it take our user or token, is the database there with its retention, how many readings does it hold?"""

import contextlib
import sqlite3
import time
from pathlib import Path

from ondol.common.errors import OndolError, StoreUnavailable
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient, Refused
from ondol.stores.timeseries.influxdb_lines import MEASUREMENT
from ondol.stores.timeseries.influxdb_setup import kept_longer

_OWN = "ondol_check"
"""Measurement of the one point that a look writes, reads and deletes."""


def _try_out(client: InfluxDBClient) -> tuple[str | None, list[str]]:
    """What the user or token may not do: a problem where readings could not be kept, else advice."""
    mark = time.time_ns()
    try:
        client.write(f"{_OWN},by=ondol value={mark % 10**6} {mark}".encode())
    except (OndolError, Refused) as error:
        return f"it may not write, so every reading would wait in the spool: {error}", []
    try:
        found = client.query(f"SELECT value FROM {_OWN} WHERE time = {mark}")  # noqa: S608
        advice = (
            []
            if found
            else ["what was written cannot be read: check the retention of the database, and the server's clock"]
        )
    except OndolError as error:
        return f"it may not read, so history cannot be made: {error}", []
    try:
        client.execute(f"DELETE FROM {_OWN}")  # noqa: S608
    except OndolError as error:
        advice.append(f"it may not delete, so what was aggregated is never tidied up: {error}")
    return None, advice


def _spooled(home: Path) -> tuple[int, Path]:
    """How many readings wait for InfluxDB, and where."""
    path = home / "spool.sqlite"
    if not path.is_file():
        return 0, path
    with (
        contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as spool,
        contextlib.suppress(sqlite3.Error),
    ):
        return spool.execute("select coalesce(sum(readings), 0) from waiting").fetchone()[0], path
    return 0, path


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    client = InfluxDBClient(Address.parse(url))
    try:
        version = client.version
        latency_ms = median_ms(client.ping)
        try:
            counted = client.query(f"SELECT count(value) FROM {MEASUREMENT}")  # noqa: S608
            readings = int(counted[0]["values"][0][1]) if counted else 0
            longer = kept_longer(client, context.retention)
        except StoreUnavailable as error:
            missing = "database not found" in str(error)
            return StoreReport(
                version, latency_ms, str(error), ["make the database: ondol db upgrade"] if missing else []
            )
        problem, advice = _try_out(client)
        waiting, oldest = _spooled(context.home)
        figures = {"readings": readings, **({"waiting": waiting} if waiting else {})}
        if waiting and problem is None:
            advice.append(f"{waiting:,} readings wait in {oldest}; a running `ondol serve` writes them")
        elif waiting:
            problem = f"{problem}; {waiting:,} readings wait in {oldest} until that is mended"
        return StoreReport(version, latency_ms, problem, [*advice, *([longer] if longer else [])], figures)
    except OndolError as error:
        return StoreReport(problem=str(error), advice=["start it: sudo systemctl start influxdb"])
    finally:
        client.close()
