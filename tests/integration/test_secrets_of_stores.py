"""Passwords and tokens of stores, planted so that they can be found, and found nowhere whatever becomes of the stores."""

import base64
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from tests.running import environment, free_port, run_ondol
from tests.servers import Server

SECRET = "plAnted/s3cr+et"
WRITTEN = quote(SECRET, safe="")
SIGNS = re.compile(
    "|".join(
        re.escape(sign)
        for sign in ("plAnted", "s3cr", quote(WRITTEN, safe=""), base64.b64encode(f"energy_user:{SECRET}".encode())[:-8].decode())
    ),
    re.IGNORECASE,
)  # fmt: skip
PATHS = (
    "/readyz", "/healthz", "/metrics", "/sign-in", "/", "/api/v1/buildings", "/api/v1/buildings/hq/latest", "/api/openapi.json",
    "/api/v1/buildings/hq/forecast", "/api/v1/buildings/hq/usage?quantity=electricity&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z",
    "/api/v1/points/hq.main/series?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&interval=raw",
)  # fmt: skip


def urls_at(hosts: dict[str, str], *, token: bool) -> dict[str, str]:
    return {
        "database_url": f"postgresql://energy_user:{WRITTEN}@{hosts['postgresql']}/postgres",
        "timeseries_url": f"influxdb://{hosts['influxdb']}/d?org=o&token={WRITTEN}"
        if token
        else f"influxdb://energy_user:{WRITTEN}@{hosts['influxdb']}/d",
        "cache_url": f"redis://:{WRITTEN}@{hosts['redis']}/0",
        "objects_url": f"s3://energy_files:{WRITTEN}@{hosts['seaweedfs']}/ready",
    }


@pytest.fixture(params=["refused", "wrong", "wrong token", "unknown host"])
def urls(request: pytest.FixtureRequest, start_server: Callable[[str], Server]) -> dict[str, str]:
    """URLs with the secret, of stores that are away, that want another password, or whose host nobody knows."""
    names = ("postgresql", "influxdb", "redis", "seaweedfs")
    if request.param.startswith("wrong"):
        hosts = {name: f"127.0.0.1:{start_server(name).port}" for name in names}
    else:
        hosts = dict.fromkeys(names, "127.0.0.1:1" if request.param == "refused" else "no-such-host.invalid:1")
    return urls_at(hosts, token=request.param in ("wrong token", "unknown host"))


def said(*commands: str, home: Path, **settings: str) -> str:
    done = run_ondol(home, *commands, **settings)
    return done.stdout + done.stderr


@pytest.fixture
def served(tmp_path: Path, urls: dict[str, str]) -> Iterator[Callable[..., str]]:
    """All that a server with these settings says until it ends or was asked everything: its output and its answers."""
    started: list[subprocess.Popen[str]] = []

    def serve(ask: Callable[[str], str], **settings: str) -> str:
        port = free_port()
        code = "from ondol.cli import main\nif __name__ == '__main__':\n    main()\n"
        (tmp_path / "start.py").write_text(code, "utf-8")
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "start.py"), "serve", "--port", str(port)],
            env=environment(tmp_path / "home", {**settings, "log_level": "debug"}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        answers = ask(f"http://127.0.0.1:{port}") if _waits(process, port) else ""
        process.terminate()
        return answers + process.communicate(timeout=60)[0]

    yield serve
    for process in started:
        if process.poll() is None:
            process.kill()


def _waits(process: subprocess.Popen[str], port: int) -> bool:
    """Whether it answers, rather than ending by itself."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return True
    return False


def test_no_command_tells_a_secret(tmp_path: Path, urls: dict[str, str]) -> None:
    home = tmp_path / "home"
    commands = (["check"], ["check", "--json"], ["config"], ["config", "--json"], ["db", "upgrade"])
    found = [said(*command, home=home, **urls) for command in commands]
    found.append(said("building", "create", "hq", "--name", "본관", home=home, **urls))
    found += [said("forecast", "train", home=home, **{**urls, "database_url": f"sqlite:///{tmp_path}/x.sqlite"})]
    for output in found:
        assert output.strip()
        assert not SIGNS.search(output), output
    assert "***" in found[2]


def test_no_server_tells_a_secret(tmp_path: Path, urls: dict[str, str], served: Callable[..., str]) -> None:
    home, embedded = tmp_path / "home", {**urls, "database_url": f"sqlite:///{tmp_path}/x.sqlite"}
    assert "created" in said(
        "building", "create", "hq", "--name", "본관", home=home, **{**embedded, "cache_url": "memory://"}
    )
    token = run_ondol(
        home, "token", "create", "all", "--scope", "admin", **{**embedded, "cache_url": "memory://"}
    ).stdout.strip()

    def ask(url: str) -> str:
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        ) as client:
            answers = [client.get(path).text for path in PATHS]
            answers.append(client.post("/write?precision=s", content=b"m,point=hq.main value=1").text)
            form = {"username": "admin", "password": "x", "csrf_token": "x"}
            return "\n".join([*answers, client.post("/sign-in", data=form).text])

    output = served(ask, **embedded)
    assert "degraded" in output
    assert "a store is away" in output
    assert not SIGNS.search(output), output
    output = served(ask, **urls)
    assert "database" in output
    assert not SIGNS.search(output), output


def test_no_worker_tells_a_secret(tmp_path: Path, start_server: Callable[[str], Server]) -> None:
    hosts = {name: f"127.0.0.1:{start_server(name).port}" for name in ("postgresql", "influxdb", "redis", "seaweedfs")}
    output = said("worker", home=tmp_path / "home", **urls_at(hosts, token=False))
    assert "password authentication failed" in output
    assert not SIGNS.search(output), output


@pytest.mark.parametrize("url", [f"postgresql://u:{SECRET}@x:s3cr@127.0.0.1:1/d", "postgresql://u:plAnted\u2100@h/d"])
def test_a_url_that_cannot_be_read_is_not_quoted(tmp_path: Path, url: str) -> None:
    for command in ("check", "config", "serve", "worker"):
        done = run_ondol(tmp_path, command, database_url=url)
        assert done.returncode == 2
        assert "ONDOL_DATABASE_URL" in done.stderr
        assert "%40" in done.stderr
        assert not SIGNS.search(done.stdout + done.stderr), done.stderr


def test_stores_that_work_tell_nothing_either(
    tmp_path: Path, start_server: Callable[[str], Server], server_urls: Callable[[], dict[str, str]]
) -> None:
    urls = server_urls()
    passwords = {start_server(name).password for name in ("postgresql", "influxdb", "redis")}
    for command in (["db", "upgrade"], ["check", "--json"], ["config"], ["config", "--json"], ["check"]):
        output = said(*command, home=tmp_path / "home", **urls)
        assert output.strip()
        assert not [password for password in passwords if password in output], output
