"""Ten million readings move from an embedded installation to PostgreSQL and InfluxDB; the first try is killed half-way.

python -m benchmarks.migrate [millions]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.making import make_building, make_points
from tests.running import environment
from tests.servers import InfluxDB, PostgreSQL, Servers

from benchmarks.server import readings_of
from ondol.bootstrap import open_installation
from ondol.config import load_settings

POINTS, STEP_S = 100, 1000


def make_home(home: Path, millions: int) -> None:
    """An embedded installation with so many million readings of the last days, aggregated."""
    ondol = open_installation(load_settings(home=home))
    make_building(ondol, "b", name="B", address="", timezone="Asia/Seoul")
    points = [{"key": f"b.p{n}", "name": f"p{n}", "quantity": "temperature", "unit": "degC"} for n in range(POINTS)]
    ids = [point.id for point in make_points(ondol, "b", points)]
    seconds = millions * 1_000_000 // POINTS
    start_s = int(time.time()) - seconds
    for first in range(start_s, start_s + seconds, STEP_S):
        ondol.history.timeseries.append(readings_of(ids, first, STEP_S))
    ondol.history.aggregate()
    ondol.close()


def main(millions: int) -> int:
    servers = Servers()
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "old"
            make_home(home, millions)
            postgresql, influxdb = servers.start("postgresql"), servers.start("influxdb")
            assert isinstance(postgresql, PostgreSQL)
            assert isinstance(influxdb, InfluxDB)
            postgresql.run("create database energy_management")
            influxdb.query("CREATE DATABASE energy_data")
            urls = {
                "database_url": postgresql.url_of("energy_management"),
                "timeseries_url": influxdb.url_of("energy_data"),
            }
            command = [
                sys.executable,
                "-c",
                "from ondol.cli import main; main()",
                "migrate-sqlite",
                "--json",
                "--from",
                str(home),
            ]
            settings = environment(Path(folder) / "new", urls)
            started = time.monotonic()
            first = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)
            _wait_for_half(first, influxdb, millions * 500_000)
            first.kill()
            first.wait()
            killed_s = time.monotonic() - started
            second = subprocess.run(command, env=settings, stdout=subprocess.PIPE, check=False)
            report = json.loads(second.stdout)
    finally:
        servers.stop()
    wrong = sum(not point["ok"] for point in report["points"])
    print(
        f"killed after {killed_s:.0f} s; resumed, moved and verified after {time.monotonic() - started - killed_s:.0f} s more"
    )
    print(f"{report['readings']:,} readings, {wrong} points differ, ok: {report['ok']}")
    return 0 if report["ok"] else 1


def _wait_for_half(process: subprocess.Popen[bytes], influxdb: InfluxDB, readings: int) -> None:
    while process.poll() is None:
        found = influxdb.query('SELECT count(value) FROM "energy_data".."sensor_readings"').get("series")
        if found and found[0]["values"][0][1] >= readings:
            return
        time.sleep(1)
    raise RuntimeError(f"it ended by itself with {process.returncode}")


if __name__ == "__main__":
    os.environ.pop("ONDOL_HOME", None)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
