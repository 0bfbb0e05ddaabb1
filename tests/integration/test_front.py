"""What the server takes from strangers and what not: slow, broken and endless bodies, floods of connections, processes that die."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest
from tests.running import RunningServer, run_ondol

from ondol.common.instants import format_instant
from ondol.web.front.connections import close_excess
from ondol.web.serving import wait_after

PER_ADDRESS = 40
SHORT = {"requests_per_address": str(PER_ADDRESS), "connections_per_address": "60", "max_body_mb": "1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("front"), **SHORT) as running:
        yield running


@pytest.fixture(scope="module")
def token(server: RunningServer) -> str:
    run_ondol(server.home, "building", "create", "hq", "--name", "HQ", "--address", "", **SHORT)
    return server.token("read", "write")


def connect(server: RunningServer, source: str = "127.0.0.1") -> socket.socket:
    """A connection from another address of this machine, where it has one; a stranger's, for the server."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=30, source_address=(source, 0))


def second_address() -> str:
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.2", 0))
    except OSError:
        pytest.skip("this system has one loopback address")
    return "127.0.0.2"


def head(token: str, *lines: str) -> bytes:
    return "\r\n".join(
        ["POST /api/v2/write?precision=s HTTP/1.1", "Host: q", f"Authorization: Bearer {token}", *lines, "", ""]
    ).encode()


def answer_of(connection: socket.socket) -> tuple[int, dict]:
    """Status and document; (0, {}) when the server closed without a word."""
    with connection.makefile("rb") as file:
        status = file.readline().split()
        if not status:
            return 0, {}
        length = 0
        while line := file.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        text = file.read(length)
    return int(status[1]), json.loads(text) if text else {}


def stored(server: RunningServer, token: str, point: str) -> list[float]:
    answer = httpx.get(
        f"{server.url}/api/v1/points/{point}/series",
        params={
            "start": format_instant_of(time.time() - 3600),
            "end": format_instant_of(time.time() + 60),
            "interval": "raw",
        },
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    return [] if answer.status_code == 404 else answer.raise_for_status().json()["values"]


def format_instant_of(epoch_s: float) -> str:
    return format_instant(datetime.fromtimestamp(int(epoch_s), UTC))


def line(point: str, value: float, second: int) -> bytes:
    return f"temperature,point=hq.{point} value={value} {int(time.time()) - 1000 + second}\n".encode()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def test_slow_bodies_hold_nobody_up_and_end(server: RunningServer, token: str):
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(closing(connect(server))) for _ in range(PER_ADDRESS)]
        began = time.monotonic()
        for connection in slow:
            connection.sendall(head(token, "Content-Length: 1000") + b"m ")
        stranger = second_address()
        with closing(connect(server, stranger)) as other:
            other.sendall(head(token, "Content-Length: 0"))
            assert answer_of(other)[0] == 204
        with closing(connect(server)) as one_more:
            one_more.sendall(head(token, "Content-Length: 0"))
            status, told = answer_of(one_more)
            assert status == 429
            assert "wait" in told["detail"]
        assert httpx.get(f"{server.url}/healthz", trust_env=False).json()["status"] == "ok"
        assert time.monotonic() - began < 9, "what follows must not be because the slow ones ended already"
        for connection in slow:
            status, told = answer_of(connection)
            assert status == 408
            assert "too slowly" in told["detail"]
    assert httpx.get(f"{server.url}/readyz", trust_env=False).is_success


def test_a_chunked_body_that_is_too_long_is_refused_whole(server: RunningServer, token: str):
    lines = b"".join(line("endless", 1, n % 900) for n in range(60_000))
    with closing(connect(server)) as connection:
        connection.sendall(head(token, "Transfer-Encoding: chunked"))
        try:
            for start in range(0, len(lines), 50_000):
                connection.sendall(chunk(lines[start : start + 50_000]))
            connection.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # it may have been told already
        assert answer_of(connection)[0] == 413
    assert stored(server, token, "hq.endless") == []


def close_hard(connection: socket.socket) -> None:
    connection.close()


def half_close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    assert answer_of(connection)[0] in (0, 400)


def go_on_with_rubbish(connection: socket.socket) -> None:
    connection.sendall(b"ZZ\r\nrubbish\r\n0\r\n\r\n")
    assert answer_of(connection)[0] in (0, 400)


@pytest.mark.parametrize("breaking", [close_hard, half_close, go_on_with_rubbish])
@pytest.mark.parametrize("framing", ["chunked", "announced"])
def test_of_a_body_that_breaks_off_nothing_is_kept(
    server: RunningServer, token: str, breaking: Callable[[socket.socket], None], framing: str
):
    point = f"broken-{framing}-{breaking.__name__}".replace("_", "-")
    whole = line(point, 2350.5, 1)
    cut = whole + line(point, 2350.5, 2)[:-15]  # the value still stands, its end and the stamp do not
    is_chunked = framing == "chunked"
    with closing(connect(server)) as connection:
        connection.sendall(
            head(token, "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {len(cut) + 99}")
        )
        connection.sendall(chunk(cut) if is_chunked else cut)
        if is_chunked or breaking is not go_on_with_rubbish:
            breaking(connection)
    # What came before this write on the same server is stored by now.
    after = httpx.post(
        f"{server.url}/api/v2/write?precision=s", content=line("after", 1, 1),
        headers={"Authorization": f"Bearer {token}"}, trust_env=False,
    )  # fmt: skip
    assert after.status_code == 204
    assert stored(server, token, f"hq.{point}") == []


def test_whole_chunked_bodies_are_kept(server: RunningServer, token: str):
    with closing(connect(server)) as connection:
        connection.sendall(head(token, "Transfer-Encoding: chunked"))
        for piece in (line("chunked", 1.5, 1)[:10], line("chunked", 1.5, 1)[10:] + line("chunked", 2.5, 2)):
            connection.sendall(chunk(piece))
        connection.sendall(b"0\r\n\r\n")
        assert answer_of(connection)[0] == 204
    assert stored(server, token, "hq.chunked") == [1.5, 2.5]


def test_what_is_announced_too_large_is_refused_before_it_is_sent(server: RunningServer, token: str):
    with closing(connect(server)) as connection:
        connection.sendall(head(token, f"Content-Length: {10**10}"))
        assert answer_of(connection)[0] == 413


def test_one_address_cannot_hold_all_connections(server: RunningServer, token: str):
    if not Path("/dev/fd").is_dir():
        pytest.skip("open connections cannot be listed here")
    stranger = second_address()
    with ExitStack() as open_ones:
        idle = [open_ones.enter_context(closing(connect(server, stranger))) for _ in range(150)]
        ended = 0
        deadline = time.monotonic() + 15
        while ended < 90 and time.monotonic() < deadline:
            ended = sum(has_ended(connection) for connection in idle)
        assert 90 <= ended < 150
        with closing(connect(server)) as other:
            other.sendall(head(token, "Content-Length: 0"))
            assert answer_of(other)[0] == 204


def has_ended(connection: socket.socket) -> bool:
    connection.settimeout(0.001)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_server_whose_process_dies_again_and_again_comes_back_and_says_so(tmp_path: Path):
    with RunningServer(tmp_path / "home", open_metrics="true") as server:
        assert httpx.get(f"{server.url}/readyz", trust_env=False).json()["restarts"]["number"] == 0
        for killed in range(1, 4):
            serving = max(
                psutil.Process(server.process.pid).children(recursive=True), key=lambda it: it.memory_info().rss
            )
            serving.kill()
            serving.wait()
            told = restarts_once_ready(server, killed)
            assert told["number"] >= killed
            assert told["last_at"]
        assert server.process.poll() is None


def restarts_once_ready(server: RunningServer, at_least: int) -> dict:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(f"{server.url}/readyz", timeout=2, trust_env=False)
        except httpx.HTTPError:
            continue
        if answer.is_success and answer.json()["restarts"]["number"] >= at_least:
            return answer.json()["restarts"]
    raise TimeoutError(server.log.read_text("utf-8", errors="replace"))


def test_the_wait_grows_to_a_minute_and_shrinks_after_good_service():
    waits = [1.0]
    for _ in range(10):
        waits.append(wait_after(2.0, waits[-1]))
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 60
    assert wait_after(3600.0, 60) == 1


def test_watching_connections_leaves_the_locks_of_databases_alone(tmp_path: Path):
    """Closing a second descriptor of a file gives up every lock that the process holds on it (POSIX)."""
    fcntl = pytest.importorskip("fcntl")
    path = tmp_path / "locked"
    with path.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        close_excess(1, 1)
        taken = subprocess.run(
            [sys.executable, "-c", f"import fcntl; fcntl.lockf(open({str(path)!r}, 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"],
            capture_output=True, check=False,
        )  # fmt: skip
    assert taken.returncode != 0, "another process took the lock"


@pytest.mark.parametrize("held", ["half a head", "a body", "a live view", "an answer that is not read"])
def test_who_does_not_hang_up_keeps_nothing_from_being_made_safe(tmp_path: Path, held: str):
    """Asked to end, the server stores what it acknowledged before it leaves: nothing waits in the journal."""
    with RunningServer(tmp_path / "home", aggregate_every_s="3600") as server:
        run_ondol(server.home, "building", "create", "hq", "--name", "HQ", "--address", "")
        token = server.token("read", "write")
        asset = next(
            iter(re.findall(r'"(/assets/[^"]+\.js)"', httpx.get(f"{server.url}/sign-in", trust_env=False).text))
        )
        sent = {
            "half a head": b"GET / HT",
            "a body": head(token, "Content-Length: 300000") + b"m",
            "a live view": head(token).replace(b"POST /api/v2/write?precision=s", b"GET /api/v1/live?building=hq"),
            "an answer that is not read": f"GET {asset} HTTP/1.1\r\nHost: q\r\n\r\n".encode() * 20,
        }
        with closing(connect(server)) as connection:
            connection.sendall(sent[held])
            headers = {"Authorization": f"Bearer {token}"}
            for second in range(3):
                written = httpx.post(
                    f"{server.url}/api/v2/write?precision=s", content=line("x", second, second), headers=headers, trust_env=False
                )  # fmt: skip
                assert written.status_code == 204
            server.process.terminate()
            assert server.process.wait(30) == 0
            assert list((server.home / "readings.duckdb.journal").iterdir()) == []
        server.start()
        assert stored(server, token, "hq.x") == [0, 1, 2]


def test_a_file_is_sent_whole(server: RunningServer):
    page = httpx.get(f"{server.url}/sign-in", trust_env=False).text
    for asset in re.findall(r'"(/assets/[^"]+)"', page):
        plain = httpx.get(f"{server.url}{asset}", headers={"Accept-Encoding": "identity"}, trust_env=False)
        packed = httpx.get(f"{server.url}{asset}", trust_env=False)
        assert plain.status_code == packed.status_code == 200
        assert plain.content == packed.content
        assert int(plain.headers["Content-Length"]) == len(plain.content)


def test_each_line_of_the_proxys_header_counts(tmp_path: Path):
    """A proxy may add a line of its own behind the visitor's."""
    settings = {**SHORT, "trusted_proxies": "1", "requests_per_address": "3"}
    with RunningServer(tmp_path / "home", **settings) as server, ExitStack() as open_ones:
        statuses: list[int] = []
        for n in range(5):
            connection = open_ones.enter_context(closing(connect(server)))
            forged = head("x", f"X-Forwarded-For: 10.0.0.{n}", "X-Forwarded-For: 198.51.100.7", "Content-Length: 100")
            connection.sendall(forged)
            if n >= 3:
                statuses.append(answer_of(connection)[0])
        assert statuses == [429, 429]
