"""What a stranger can do to a running server, with a writer and a viewer beside it: `python -m benchmarks abuse`.

Loopback only, and it ends by itself: five kinds of abuse, ABUSE_S seconds each, from addresses of their own (127.0.0.x; where a system
has only one, they share that of the writer). The writer counts what was acknowledged, and at the end what is stored.
"""

import gzip
import http.client
import io
import json
import multiprocessing
import os
import socket
import statistics
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
from tests.running import RunningServer, run_ondol

from benchmarks.measure import Figure
from benchmarks.server import memory_mb

ABUSE_S = 15.0
BATCH, BATCHES_A_SECOND = 100, 10
P95_AIM_MS, MEMORY_AIM_MB = 1000, 700
FIRST_S = int(time.time()) - 80_000


def run() -> Iterator[Figure]:
    """The viewer's p95 and the memory's peak under each abuse, then what the writer lost."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, RunningServer(Path(folder)) as server:
        run_ondol(Path(folder), "building", "create", "b", "--name", "B", "--address", "")
        token = server.token("read", "write")
        stop, acknowledged = context.Event(), context.Value("q", 0)
        writer = context.Process(target=write, args=(server.port, token, stop, acknowledged))
        writer.start()
        for name, abuse in {"nothing": rest, **ABUSES}.items():
            waits, peak = [], [0.0]
            with viewing(server, token, waits), watching(server, peak):
                attacker = context.Process(target=abuse, args=(server.port, token, time.time() + ABUSE_S))
                attacker.start()
                attacker.join(ABUSE_S + 30)
                attacker.kill()
            p95 = statistics.quantiles(waits, n=20)[-1] * 1000
            yield Figure(f"viewer's p95 beside {name}", p95, "ms", "the aim", P95_AIM_MS)
            yield Figure(f"memory beside {name}", peak[0], "MB", "the aim", MEMORY_AIM_MB)
        stop.set()
        writer.join()
        yield Figure(
            "stored of what was acknowledged", stored(server, token), "values", "acknowledged", acknowledged.value
        )


def write(port: int, token: str, stop: Any, acknowledged: Any) -> None:
    """Ten batches a second; each is sent until it is acknowledged."""
    n = 0
    while not stop.is_set():
        begun = time.monotonic()
        body = "\n".join(f"m,point=b.p value={n * BATCH + k} {(FIRST_S * 1000) + n * BATCH + k}" for k in range(BATCH))
        while ask(port, "POST", "/api/v2/write?precision=ms", body, token)[0] != 204:
            time.sleep(0.05)
        acknowledged.value += BATCH
        n += 1
        time.sleep(max(begun + 1 / BATCHES_A_SECOND - time.monotonic(), 0))


def stored(server: RunningServer, token: str) -> int:
    """Values of the writer, by their number: those of each minute are the length of that minute's raw series."""
    query = {"interval": "raw", "max_points": 100_000}
    count = 0
    for start in range(FIRST_S, FIRST_S + 1200, 30):
        span = {"start": instant(start), "end": instant(start + 30)}
        status, body = ask(server.port, "GET", f"/api/v1/points/b.p/series?{urlencode(query | span)}", None, token)
        count += len(json.loads(body)["values"]) if status == 200 else 0
    return count


def instant(epoch_s: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch_s))


def ask(port: int, method: str, path: str, body: Any, token: str, source: str = "127.0.0.1") -> tuple[int, bytes]:
    """(status, body); status 0 when there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@contextmanager
def viewing(server: RunningServer, token: str, waits: list[float]) -> Iterator[None]:
    """Somebody who looks at a building ten times a second; an answer that fails counts as twenty seconds."""
    end = threading.Event()

    def look() -> None:
        while not end.is_set():
            begun = time.monotonic()
            status, _ = ask(server.port, "GET", "/api/v1/buildings/b/latest", None, token)
            waits.append(time.monotonic() - begun if status == 200 else 20.0)
            end.wait(0.1)

    thread = threading.Thread(target=look)
    thread.start()
    yield
    end.set()
    thread.join()


@contextmanager
def watching(server: RunningServer, peak: list[float]) -> Iterator[None]:
    """The largest unshared memory of all processes of the server, in MB."""
    end = threading.Event()

    def watch() -> None:
        while not end.wait(0.2):
            with suppress(Exception):
                peak[0] = max(peak[0], memory_mb(server))

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    end.set()
    thread.join()


def again_and_again(actions: list[Callable[[], object]], at_once: int, until: float) -> None:
    """Each of the actions in turn, in so many threads, until the time is over."""

    def act(number: int) -> None:
        turn = number
        while time.time() < until:
            with suppress(OSError, http.client.HTTPException):
                actions[turn % len(actions)]()
            turn += 1

    threads = [threading.Thread(target=act, args=(number,), daemon=True) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(until - time.time(), 0) + 5)


def rest(_port: int, _token: str, until: float) -> None:
    time.sleep(until - time.time())


def uploads(port: int, token: str, until: float) -> None:
    """Files that would take all memory or time: stray cells, wide sheets, zip bombs, aliases, endless labels, slow encodings."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "time", 1
    stray = io.BytesIO()
    book.save(stray)
    bomb = io.BytesIO(stray.getvalue())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", b"\0" * (300 * 2**20))
    aliases = "a: &a [x,x]\n" + "".join(
        f"{n}: &{n} [*{p},*{p}]\n" for p, n in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    wide = ",".join(f"c{n}" for n in range(16_000)) + "\n" + ",".join("1" * 16_000) + "\n"
    files: list[tuple[str, bytes, dict[str, str]]] = [
        ("stray.xlsx", stray.getvalue(), {}),
        ("bomb.xlsx", bomb.getvalue(), {}),
        ("map.csv", b"time,kWh\n2026-01-01 00:00,1\n", {"mapping": aliases}),
        ("label.csv", b"time," + b"x(" * 24_000 + b"\n2026-01-01 00:00,1\n", {}),
        ("slow.csv", b"a" * 1_000_000, {"encoding": "punycode"}),
        ("wide.csv", (wide * 50).encode(), {}),
    ]

    def upload(name: str, data: bytes, options: dict[str, str]) -> None:
        query = urlencode({"building": "b", "name": name, **options})
        ask(port, "POST", f"/api/v1/imports?{query}", data, token, "127.0.0.2")

    actions = [lambda it=it: upload(*it) for it in files]
    again_and_again(actions, 6, until)


def slow_bodies(port: int, token: str, until: float) -> None:
    """200 connections of each of three addresses that announce a body and send two bytes, again when they are ended."""
    head = f"POST /api/v2/write HTTP/1.1\r\nHost: q\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\nm "

    def stall(source: str) -> None:
        with closing(socket.create_connection(("127.0.0.1", port), 20, (source, 0))) as connection:
            connection.sendall(head.encode())
            connection.recv(1)

    again_and_again([lambda s=s: stall(s) for s in ("127.0.0.2", "127.0.0.3", "127.0.0.4")], 600, until)


def sign_ins(port: int, _token: str, until: float) -> None:
    """Forty at once, each with a name of its own, every tenth of 60 MB."""
    names = iter(range(10**9))

    def sign_in() -> None:
        n = next(names)
        name = "x" * (60 * 2**20) if n % 10 == 0 else f"nobody{n}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=("127.0.0.5", 0))
        with closing(connection):
            connection.request("GET", "/sign-in")
            page = connection.getresponse()
            text, cookie = page.read().decode(), page.headers.get("Set-Cookie", "").partition(";")[0]
            csrf = text.partition('name="csrf_token" value="')[2].partition('"')[0]
            form = urlencode({"csrf_token": csrf, "username": name, "password": os.urandom(8).hex()})
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            connection.request("POST", "/sign-in", form, kind)
            connection.getresponse().read()

    again_and_again([sign_in], 40, until)


def strange_bodies(port: int, token: str, until: float) -> None:
    """60 kB that unpack to 60 MB: one tag, comments, a text that is never closed; 200,000 empty members; endless JSON."""
    size = 60 * 2**20
    bodies = [
        gzip.compress(b"m,point=" + b"x" * size + b" value=1"),
        gzip.compress(b"#\n" * (size // 2)),
        gzip.compress(b'm v="' + b"\n" * size),
        gzip.compress(b"m " + b",".join(b"f=1" for _ in range(size // 4)) + b" 1"),
        gzip.compress(b"") * 200_000,
        gzip.compress(b"".join(b"m,t=%d v=1 1\n" % n for n in range(900_000))),
    ]
    rows = gzip.compress(b'{"readings": [' + b"{}," * (size // 3) + b"{}]}")

    def send(path: str, body: bytes) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=("127.0.0.6", 0))
        with closing(connection):
            connection.request("POST", path, body, {"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"})
            connection.getresponse().read()

    actions: list[Callable[[], object]] = [lambda b=b: send("/api/v2/write", b) for b in bodies]
    again_and_again([*actions, lambda: send("/api/v1/readings", rows)], 7, until)


def endless_bodies(port: int, token: str, until: float) -> None:
    """Chunked bodies that go on until the server ends them."""
    head = (
        f"POST /api/v2/write HTTP/1.1\r\nHost: q\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    lines = b"m,point=b.endless value=1 1\n" * 2_000
    chunk = f"{len(lines):x}\r\n".encode() + lines + b"\r\n"

    def send() -> None:
        with closing(socket.create_connection(("127.0.0.1", port), 20, ("127.0.0.7", 0))) as connection:
            connection.sendall(head.encode())
            while time.time() < until:
                connection.sendall(chunk)

    again_and_again([send], 6, until)


ABUSES: dict[str, Callable[[int, str, float], None]] = {
    "uploads that decide their memory": uploads,
    "600 slow bodies": slow_bodies,
    "40 sign-ins at once": sign_ins,
    "bodies that unpack into too much": strange_bodies,
    "endless chunked bodies": endless_bodies,
}
