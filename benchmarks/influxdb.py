"""Durable readings a second through Ondol into InfluxDB, beside one client that writes the same lines to it directly."""

import http.client
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from tests.making import make_building, make_points, make_spaces
from tests.running import RunningServer
from tests.servers import InfluxDB, PostgreSQL, Redis, ServerMissing, Servers

from benchmarks.load import values_per_second
from benchmarks.measure import Figure, median_of
from ondol.bootstrap import open_installation
from ondol.config import load_settings

POINTS = 100
SECONDS = 5.0
BODIES = 400
CLIENTS = 4
_TAGS = "building_id=hq,floor=3,point=hq.p{point},room=office_301,sensor_type=temperature"


def lines(client: int, n: int) -> bytes:
    """1,000 lines in the guide's form: the next 10 seconds of a client's 100 points, as gateways send what each has measured."""
    return b"\n".join(_lines(client, int(time.time()) - 40_000 + n * 10, 10))


def _lines(client: int, start_s: int, seconds: int) -> Iterator[bytes]:
    # Milliseconds that no earlier run used: replacing what is stored would be another measurement.
    run_ms = time.time_ns() // 1_000_000_000 % 1000
    for second in range(start_s, start_s + seconds):
        for point in range(client * POINTS, (client + 1) * POINTS):
            tags = _TAGS.format(point=point)
            value = 20 + (second * 7 + point) % 50 / 10
            yield f'sensor_readings,{tags} value={value},unit="degC",status="normal" {second}{run_ms:03}'.encode()


@contextmanager
def stage_one() -> Iterator[tuple[RunningServer, str, InfluxDB]]:
    """A running server on PostgreSQL, InfluxDB and Redis with 100 points, and a token for it."""
    servers = Servers()
    try:
        postgresql, influxdb, redis = (servers.start(name) for name in ("postgresql", "influxdb", "redis"))
        assert isinstance(postgresql, PostgreSQL)
        assert isinstance(influxdb, InfluxDB)
        assert isinstance(redis, Redis)
        postgresql.run("create database energy_management")
        urls = {
            "database_url": postgresql.url_of("energy_management"),
            "timeseries_url": influxdb.url_of("energy_data"),
            "cache_url": redis.url_of(0),
        }
        home = servers.folder / "home"
        ondol = open_installation(load_settings(home=home, **urls))
        make_building(ondol, "hq", name="HQ", address="", timezone="Asia/Seoul")
        make_spaces(ondol, "hq", [{"key": "office_301", "name": "301"}])
        make_points(ondol, "hq", [_point(n) for n in range(CLIENTS * POINTS)])
        ondol.close()
        with RunningServer(home, **urls) as server:
            server.stores = {"postgresql": postgresql, "influxdb": influxdb, "redis": redis}
            yield server, server.token("read", "write"), influxdb
    finally:
        servers.stop()


def _point(n: int) -> dict[str, object]:
    key = f"hq.p{n}"
    return {
        "key": key,
        "name": key,
        "quantity": "temperature",
        "unit": "degC",
        "kind": "measurement",
        "floor": "3",
        "space": "office_301",
    }


def direct_values_per_second(influxdb: InfluxDB) -> float:
    """Values a second that one client writes in batches of 5,000 of the same lines."""
    influxdb.query("CREATE DATABASE direct WITH DURATION 30d SHARD DURATION 1d")  # as Ondol makes its own
    start_s = int(time.time()) - 40_000
    bodies = [b"\n".join(_lines(n % CLIENTS, start_s + n // CLIENTS * 50, 50)) for n in range(BODIES)]
    key = b64encode(f"energy_user:{influxdb.password}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", influxdb.port, timeout=60)
    until, done = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        headers = {"Authorization": f"Basic {key}"}
        connection.request("POST", "/write?db=direct&precision=ms", bodies[done % len(bodies)], headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 204, answer.status
        done += 1
    connection.close()
    influxdb.query("DROP DATABASE direct")
    return done * 5_000 / SECONDS


def run() -> list[Figure]:
    """1,000 lines a request from 4 clients, plain, beside the direct writer."""
    try:
        with stage_one() as (server, token, influxdb):
            headers = {"Authorization": f"Token {token}"}
            direct = median_of(lambda: direct_values_per_second(influxdb))
            through = median_of(
                lambda: values_per_second(
                    server.port, "/api/v2/write?precision=ms", headers, lines, 1000, CLIENTS, SECONDS, BODIES
                )
            )
            yardstick = "one client straight into InfluxDB, 5,000 lines a request"
            return [
                Figure(
                    "1,000 lines a request through Ondol into InfluxDB, 4 clients",
                    through,
                    "values/s",
                    yardstick,
                    direct,
                )
            ]
    except ServerMissing as missing:
        print(f"left out: {missing}")
        return []
