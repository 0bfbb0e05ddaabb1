"""`ondol adopt influxdb` as a person runs it: alone, beside a server, killed, and on what answers as InfluxDB 2.7 does."""

import contextlib
import csv
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.influxdb2 import InfluxDB2
from tests.integration.test_adopt_influxdb import GUIDE, Theirs, theirs
from tests.running import RunningServer, environment, run_ondol

from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient

__all__ = ["theirs"]
AT = int(time.time()) // 900 * 900 - 6 * 3600
POINT = "hq.3.office_301.temperature"


def readings(number: int, head: str = GUIDE, step_s: int = 1) -> list[str]:
    return [f'{head} value={n},unit="celsius" {AT + step_s * n}' for n in range(number)]


def run(home: Path, *arguments: str, **settings: str) -> tuple[int, Any]:
    done = run_ondol(home, "adopt", "influxdb", "--json", *arguments, **settings)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert run_ondol(home, "building", "create", "hq", "--name", "본관").returncode == 0
    return home


def test_alone_from_the_list_to_the_counts(home: Path, theirs: Theirs, tmp_path: Path) -> None:
    theirs.write(*readings(5), *(f"plc,channel=문\\ 1 v={n} {AT + n}" for n in range(4)))
    code, listed = run(home, "--from", theirs.url, "--dry-run")
    assert (code, listed["would_adopt"]) == (0, 1)
    plc, guide = listed["series"]
    assert (plc["series"], plc["readings"], plc["point"]) == ("plc,channel=문\\ 1 v", 4, None)
    assert "cannot be told" in plc["asked"]
    assert (guide["point"], guide["unit"], guide["is_new"], guide["last_value"]) == (POINT, "degC", True, 4)
    assert theirs.server.password not in json.dumps(listed)
    shown = run_ondol(home, "adopt", "influxdb", "--from", theirs.url, "--write-map", str(tmp_path / "map.csv"))
    assert shown.returncode == 0, shown.stderr
    assert "1 cannot be told" in shown.stdout
    again = run_ondol(home, "adopt", "influxdb", "--from", theirs.url, "--write-map", str(tmp_path / "map.csv"))
    assert again.returncode == 2
    with (tmp_path / "map.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"building": "hq", "quantity": "water", "unit": "m3/h", "kind": "measurement", "point": "hq.flow"}
    with (tmp_path / "map.csv").open("w", encoding="cp949", newline="") as file:  # as Excel saves it
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, taken = run(home, "--from", theirs.url, "--map", str(tmp_path / "map.csv"))
    assert (code, taken["ok"]) == (0, True)
    assert {it["point"]: (it["there"], it["accepted"], it["refused"]) for it in taken["adopted"]} == {
        "hq.flow": (4, 4, 0), POINT: (5, 5, 0),
    }  # fmt: skip
    (tmp_path / "bad.csv").write_text("series,point\nx,y\n", "utf-8")
    bad = run_ondol(home, "adopt", "influxdb", "--from", theirs.url, "--map", str(tmp_path / "bad.csv"))
    assert bad.returncode == 1
    assert "line 2: there is no series 'x'" in bad.stderr


def test_without_an_influxdb_it_says_which_setting_names_one(home: Path) -> None:
    done = run_ondol(home, "adopt", "influxdb")
    assert done.returncode == 2
    assert "ONDOL_ADOPT_URL" in done.stderr


def test_an_influxdb_that_is_away_is_told(home: Path) -> None:
    done = run_ondol(home, "adopt", "influxdb", "--from", "influxdb://127.0.0.1:9/x")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr


def test_beside_a_server_which_takes_the_past_and_follows(home: Path, theirs: Theirs) -> None:
    theirs.write(*readings(1000))
    with RunningServer(home, adopt_url=theirs.url, adopt_every_s="0.2") as server:
        code, taken = run(home, adopt_url=theirs.url)
        assert (code, taken["adopted"][0]["accepted"]) == (0, 1000)
        headers = {"Authorization": f"Bearer {server.token('read')}"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            now = int(time.time())
            theirs.write(f'{GUIDE} value=77,unit="celsius" {now}')
            until(lambda: client.get("/api/v1/buildings/hq/latest").json()["points"][0]["value"] == 77)


def test_killed_again_and_again_nothing_is_lost_or_doubled(home: Path, theirs: Theirs) -> None:
    heads = [GUIDE.replace("office_301", f"r{n}") for n in range(30)]
    for head in heads:
        theirs.write(*readings(3000, head))
    command = [sys.executable, "-c", "from ondol.cli import main; main()", "adopt", "influxdb", "--json"]
    for done in (1, 4, 7):
        process = subprocess.Popen(
            command,
            env=environment(home, {"adopt_url": theirs.url}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda done=done: taken_until_now(home) >= 3000 * done)
        process.kill()
        process.wait()
    assert taken_until_now(home) < 3000 * len(heads)
    code, taken = run(home, adopt_url=theirs.url)
    assert (code, taken["ok"]) == (0, True)
    assert [(it["there"], it["accepted"]) for it in taken["adopted"]] == [(3000, 3000)] * 30
    assert run_ondol(home, "check", "--json").returncode == 0


def test_what_answers_as_influxdb_2_does(home: Path, influxdb2: InfluxDB2) -> None:
    influxdb2.make_bucket("energy_data", [])
    url = influxdb2.url_of("energy_data")
    client = InfluxDBClient(Address.parse(url))
    client.write("\n".join(f"{line}000000000" for line in readings(10)).encode())
    client.close()
    code, taken = run(home, adopt_url=url)
    assert (code, taken["adopted"][0]["there"], taken["adopted"][0]["accepted"]) == (0, 10, 10)
    reading = influxdb2.url_of("energy_data", "read")
    assert run(home, adopt_url=reading)[0] == 0  # it never writes there


def taken_until_now(home: Path) -> int:
    """As the database says while the command works."""
    with contextlib.closing(sqlite3.connect(f"file:{home}/ondol.sqlite?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("select coalesce(sum(read), 0) from adopted_series").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # locked, for a moment


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
