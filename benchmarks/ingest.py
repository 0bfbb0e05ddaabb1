"""Durable readings a second over HTTP, onto five million rows that are already there."""

import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.load import values_per_second
from benchmarks.measure import Figure, median_of
from benchmarks.server import POINTS, bare_flask, filled_server, memory_mb

SECONDS = 3.0


def lines(client: int, n: int) -> bytes:
    """1,000 lines: 10 seconds of 100 points, a stretch of time of its own for each client and body."""
    start = int(time.time()) - 86_400 * (client + 1) + n * 10
    return "\n".join(
        f"m,point=b.p{point} value={20 + point / 10} {start + s}" for s in range(10) for point in range(POINTS)
    ).encode()


def line(client: int, n: int) -> bytes:
    """One line."""
    return f"m,point=b.p{client} value=21.5 {int(time.time()) - 86_400 * (client + 1) + n}".encode()


def columns(client: int, n: int) -> bytes:
    """1,000 values as JSON columns."""
    start = int(time.time()) - 86_400 * (client + 1) + n * 10
    times = [time.strftime('"%Y-%m-%dT%H:%M:%SZ"', time.gmtime(start + s)) for s in range(10)]
    column = (
        '{{"point":"b.p{}","times":['
        + ",".join(times)
        + '],"values":[20.1,20.2,20.3,20.4,20.5,20.6,20.7,20.8,20.9,21]}}'
    )
    return ('{"columns":[' + ",".join(column.format(point) for point in range(POINTS)) + "]}").encode()


def run() -> list[Figure]:
    """1 value and 1,000 values a request, 1 and 4 clients; then memory under that load."""
    figures: list[Figure] = []
    append = median_of(lambda: duckdb_appends(1000))
    with filled_server() as (server, token), bare_flask() as bare:
        headers = {"Authorization": f"Token {token}"}
        for clients in (1, 4):
            nothing = median_of(lambda c=clients: values_per_second(bare, "/", {}, line, 1, c, SECONDS))
            single = median_of(
                lambda c=clients: values_per_second(
                    server.port, "/api/v2/write?precision=s", headers, line, 1, c, SECONDS
                )
            )
            figures.append(
                Figure(
                    f"1 value a request, {clients} clients", single, "values/s", "bare Flask, same requests", nothing
                )
            )
        for clients in (1, 4):
            many = median_of(
                lambda c=clients: values_per_second(
                    server.port, "/api/v2/write?precision=s", headers, lines, 1000, c, SECONDS
                )
            )
            figures.append(
                Figure(
                    f"1,000 lines a request, {clients} clients",
                    many,
                    "values/s",
                    "raw DuckDB append, 1,000 a commit",
                    append,
                )
            )
        json = median_of(lambda: values_per_second(server.port, "/api/v1/readings", headers, columns, 1000, 4, SECONDS))
        figures.append(
            Figure(
                "1,000 values as JSON columns, 4 clients", json, "values/s", "raw DuckDB append, 1,000 a commit", append
            )
        )
        figures.append(Figure("memory after that load", memory_mb(server), "MB", "the aim", 250))
    return figures


def duckdb_appends(rows: int) -> float:
    """Values a second that a bare DuckDB takes, one durable commit for so many rows."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "raw.duckdb")) as raw:
        raw.execute("create table readings (point_id integer, time_us bigint, value double, quality utinyint)")
        batch = duckdb.sql(
            f"select (i % 100)::integer, i, 20 + (i % 50) / 10.0, 0::utinyint from range({rows}) t(i)"
        ).to_arrow_table()
        raw.register("batch", batch)
        until, done = time.perf_counter() + SECONDS, 0
        while time.perf_counter() < until:
            raw.execute("insert into readings select * from batch")
            done += rows
        return done / SECONDS
