"""Redis goes and comes back: pages answer, sign-in says what is the matter, the live view polls, and all of it heals."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.conftest import NOW
from tests.making import make_building, make_points, make_token, make_user
from tests.servers import Redis, Server

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM, Scope
from ondol.config import load_settings
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.readings import watch_live
from ondol.readings.model import Submission
from ondol.web.app import create_app

PASSWORD = "a-long-enough-password"


@pytest.fixture
def redis(start_server: Callable[[str], Server]) -> Iterator[Redis]:
    server = start_server("redis")
    assert isinstance(server, Redis)
    yield server
    if server.process.poll() is not None:
        server.start()


@pytest.fixture
def ondol(redis: Redis, server_urls: Callable[[], dict[str, str]], tmp_path, clock) -> Iterator[Installation]:
    ondol = open_installation(load_settings(home=tmp_path / "home", **server_urls()), clock)
    make_user(ondol, "kim", Role.USER, PASSWORD)
    make_building(ondol, "hq", name="본관", address="", timezone="Asia/Seoul")
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    yield ondol
    ondol.close()


@pytest.fixture
def app(ondol: Installation) -> Flask:
    return create_app(ondol)


def sign_in(browser: FlaskClient):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token
    return browser.post("/sign-in", data={"username": "kim", "password": PASSWORD, "csrf_token": token[1]})


def record(ondol: Installation, value: float) -> None:
    ondol.readings.record(SYSTEM, Submission(["hq.t"], [int(NOW.timestamp()) * 1_000_000 + int(value)], [value], [1]))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not heal in time"
        time.sleep(0.05)


def test_pages_answer_and_sign_in_says_why_it_cannot(redis: Redis, ondol: Installation, app: Flask) -> None:
    signed_in, visitor = app.test_client(), app.test_client()
    assert sign_in(signed_in).status_code == 303
    redis.kill()
    assert "본관" in signed_in.get("/").text
    assert signed_in.get("/buildings/hq").status_code == 200
    record(ondol, 21.0)
    assert b"21.0" in signed_in.get("/api/v1/buildings/hq/latest").data
    for language, words in (("ko", "지금은 로그인할 수 없습니다"), ("en", "not possible at the moment")):
        visitor.set_cookie("ondol_language", language)
        answer = sign_in(visitor)
        assert answer.status_code == 503
        assert words in answer.text
    assert visitor.get("/readyz").get_json() == {"status": "ready"}
    monitor = {"Authorization": f"Bearer {make_token(ondol, 'monitor', Scope.READ)}"}
    ready = visitor.get("/readyz", headers=monitor).get_json()
    assert (ready["status"], list(ready["degraded"])) == ("degraded", ["cache"])
    assert "127.0.0.1" not in str(ready)
    assert str(redis.port) not in str(ready)
    redis.start()
    until(lambda: sign_in(visitor).status_code == 303)
    assert visitor.get("/readyz", headers=monitor).get_json()["status"] == "ready"
    assert signed_in.get("/").status_code == 200


def test_the_live_view_polls_meanwhile(redis: Redis, ondol: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_live, "POLL_EVERY_S", 0.05)
    feed = ondol.readings.watch(SYSTEM, "hq")
    record(ondol, 1.0)
    ondol.history.live.tell()
    assert 1.0 in values(feed.next(5))
    redis.kill()
    record(ondol, 2.0)
    heard: list[float] = []
    until(lambda: heard.extend(values(feed.next(0.1))) or 2.0 in heard)
    redis.start()
    until(lambda: feed.next(0.05) is None and feed._subscription is not None)
    record(ondol, 3.0)
    ondol.history.live.tell()
    until(lambda: 3.0 in values(feed.next(0.2)))


def values(readings: list[dict[str, object]] | None) -> list[object]:
    return [reading["value"] for reading in readings or []]
