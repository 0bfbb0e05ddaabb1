"""A server with millions of rows, and the bare Flask beside it."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import polars as pl
import psutil
from tests.making import make_building, make_points
from tests.running import RunningServer, free_port

from ondol.bootstrap import open_installation
from ondol.config import load_settings
from ondol.readings.model import READINGS

POINTS = 100
ROWS_BEFORE = 5_000_000

BARE_FLASK = """
import sys
from flask import Flask, request
from granian import Granian
def application():
    app = Flask("bare")
    @app.post("/")
    def nothing():
        request.get_data()
        return "", 204
    return app
if __name__ == "__main__":
    Granian("bare:application", address="127.0.0.1", port=int(sys.argv[1]), interface="wsgi", factory=True, workers=1,
            blocking_threads=80, log_enabled=False).serve()
"""


@contextmanager
def filled_server() -> Iterator[tuple[RunningServer, str]]:
    """A running server with 100 points and five million readings of the last days, and a token for it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        now_s = int(datetime.now(UTC).timestamp())
        ondol = open_installation(load_settings(home=home))
        make_building(ondol, "b", name="B", address="", timezone="Asia/Seoul")
        points = [
            {"key": f"b.p{n}", "name": f"p{n}", "quantity": "temperature", "unit": "degC", "kind": "measurement"}
            for n in range(POINTS)
        ]
        ids = [point.id for point in make_points(ondol, "b", points)]
        seconds = ROWS_BEFORE // POINTS
        for start in range(0, seconds, 2_000):
            ondol.history.timeseries.append(readings_of(ids, now_s - seconds + start, 2_000))
        ondol.history.timeseries.touched()
        ondol.history.timeseries.forget(ondol.history.timeseries.touched())
        ondol.close()
        with RunningServer(home) as server:
            yield server, server.token("read", "write")


def readings_of(ids: list[int], start_s: int, seconds: int) -> pl.DataFrame:
    """Readings of the points for each second, by the wave of a room temperature."""
    times = pl.int_range(start_s, start_s + seconds, eager=True) * 1_000_000
    frame = pl.DataFrame({"time_us": times}).join(pl.DataFrame({"point_id": ids}), how="cross")
    wave = (22 + 3 * (pl.col("time_us") / 3.6e9 + pl.col("point_id")).sin()).round(1)
    return frame.select("point_id", "time_us", wave.alias("value"), pl.lit(0).alias("quality")).cast(READINGS)


@contextmanager
def bare_flask() -> Iterator[int]:
    """The port of a Flask application that reads the body and does nothing with it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE_FLASK, "utf-8")
        port = free_port()
        process = subprocess.Popen([sys.executable, "bare.py", str(port)], cwd=folder)
        try:
            for _ in range(200):
                try:
                    httpx.post(f"http://127.0.0.1:{port}/", trust_env=False)
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait()


def memory_mb(server: RunningServer) -> float:
    """Unshared memory of all processes of the server, in MB."""
    family = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    return sum(process.memory_full_info().uss for process in family) / 1e6
