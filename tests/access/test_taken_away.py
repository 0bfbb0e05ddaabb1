"""What is taken away from people and programs ends within seconds, also where something is still on its way to them."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from tests.conftest import NOW
from tests.making import make_token, make_user, sign_in

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import NotSignedIn
from ondol.installation import Installation
from ondol.people import Role, UserChange, recognize
from ondol.people.session_cache import put_session
from ondol.readings import Submission
from ondol.web.api import live
from ondol.web.app import create_app


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is remembered, and streams come quickly."""
    monkeypatch.setattr(recognize, "_REMEMBER_S", -1.0)
    monkeypatch.setattr(live, "EVENT_EVERY_S", 0.05)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)


@pytest.fixture
def ondol(world: Any) -> Installation:
    return world.ondol


@pytest.fixture
def app(ondol: Installation) -> Flask:
    return create_app(ondol)


def change(ondol: Installation, statement: str) -> None:
    with ondol.database.write() as connection:
        connection.execute(text(statement))


NUMBERS = itertools.count(21)


def seen(ondol: Installation, events: Iterator[bytes]) -> str:
    """What the stream says until it has told of new readings, one of every meter of the head office; empty when it has ended."""
    keys, number, told = ("hq.main", "hq.f1.e", "hq.f2.e"), next(NUMBERS), ""
    time_us = int(NOW.timestamp()) * 1_000_000 + number
    ondol.readings.record(SYSTEM, Submission(keys, [time_us] * 3, [float(number)] * 3, [1, 2, 3]))
    ondol.history.live.tell()
    for event in events:
        told += event.decode()
        if f'"value":{number}.0' in told or told.count("ping") > 5:
            return told
    return ""


def watcher(app: Flask, session_id: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("ondol_session", session_id)
    return client


def test_a_tenants_stream_follows_what_they_rent(ondol: Installation, app: Flask) -> None:
    make_user(ondol, "mover", Role.TENANT, tenants=("t2",))
    stream = watcher(app, sign_in(ondol, "mover")[0]).get("/api/v1/live?building=hq")
    events = stream.iter_encoded()
    assert "hq.f2.e" in seen(ondol, events)
    change(ondol, "update user_tenants set tenant_id = (select id from tenants where key = 't1')"
                  " where user_id = (select id from users where username = 'mover')")  # fmt: skip
    told = seen(ondol, events)
    assert "hq.f1.e" in told
    assert "hq.f2.e" not in told
    stream.close()


ENDINGS: dict[str, Callable[[Installation, str, str], object]] = {
    "signed out": lambda ondol, name, session_id: ondol.people.sign_out(SYSTEM, session_id),
    "session ended": lambda ondol, name, session_id: ondol.people.end_session(
        SYSTEM, ondol.people.sessions(SYSTEM, name)[0].key
    ),
    "account closed": lambda ondol, name, _: ondol.people.change_user(SYSTEM, name, UserChange(is_active=False)),
    "reach changed": lambda ondol, name, _: ondol.people.change_user(SYSTEM, name, UserChange(buildings=("annex",))),
    "password lost": lambda ondol, name, _: ondol.people.reset_password(SYSTEM, name),
    "building taken": lambda ondol, name, _: change(ondol, "delete from user_buildings"),
    "role taken": lambda ondol, name, _: change(ondol, f"update users set role = 'tenant' where username = '{name}'"),
}


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_a_persons_stream_ends_with_the_right_to_it(ondol: Installation, app: Flask, ending: str) -> None:
    name = ending.replace(" ", "_")
    make_user(ondol, name, Role.MANAGER, buildings=("hq",))
    session_id, _ = sign_in(ondol, name)
    stream = watcher(app, session_id).get("/api/v1/live?building=hq")
    events = stream.iter_encoded()
    assert "hq.main" in seen(ondol, events)
    ENDINGS[ending](ondol, name, session_id)
    assert "hq." not in seen(ondol, events)
    stream.close()


def test_a_stream_ends_within_five_seconds_of_what_another_process_did(
    ondol: Installation, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognize, "_REMEMBER_S", 5.0)
    make_user(ondol, "afar", Role.MANAGER, buildings=("hq",))
    stream = watcher(app, sign_in(ondol, "afar")[0]).get("/api/v1/live?building=hq")
    events = stream.iter_encoded()
    assert "hq.main" in seen(ondol, events)
    change(ondol, "update users set is_active = false where username = 'afar'")
    ended_at = time.monotonic()
    for _ in events:
        assert time.monotonic() - ended_at < 8
    assert time.monotonic() - ended_at < 6
    stream.close()


def test_a_programs_stream_ends_with_its_token(ondol: Installation, app: Flask) -> None:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'watcher', Scope.READ)}"
    stream = client.get("/api/v1/live?building=hq")
    events = stream.iter_encoded()
    assert "hq.main" in seen(ondol, events)
    ondol.people.revoke_token(SYSTEM, "watcher")
    assert seen(ondol, events) == ""
    stream.close()


def test_a_page_that_stands_open_keeps_no_session_alive(ondol: Installation, app: Flask) -> None:
    make_user(ondol, "idle", Role.MANAGER, buildings=("hq",))
    session_id, session = sign_in(ondol, "idle")
    stream = watcher(app, session_id).get("/api/v1/live?building=hq")
    events = stream.iter_encoded()
    assert "hq.main" in seen(ondol, events)
    expires_at = ondol.people.resume_session(session_id, is_used=False)
    assert expires_at is not None
    assert expires_at.expires_at == session.expires_at
    stream.close()


def test_a_session_that_the_cache_kept_after_its_end_opens_nothing(ondol: Installation, app: Flask) -> None:
    """So it is when the cache was away at the sign-out, or when another request extended the session meanwhile."""
    make_user(ondol, "leaver", Role.MANAGER, buildings=("hq",))
    session_id, session = sign_in(ondol, "leaver")
    client = watcher(app, session_id)
    assert client.get("/api/v1/buildings/hq").status_code == 200
    ondol.people.sign_out(SYSTEM, session_id)
    put_session(session, NOW, ondol.people.needs.cache)
    assert client.get("/api/v1/buildings/hq").status_code == 401
    assert client.get("/").status_code == 302
    with pytest.raises(NotSignedIn):
        ondol.people.access_of_session(session)
