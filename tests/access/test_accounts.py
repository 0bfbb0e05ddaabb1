"""Accounts are closed, opened again, and given another role or reach."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.making import PASSWORD, make_building, make_points, make_spaces, make_tenants, make_token, make_user, sign_in
from tests.running import run_ondol

from ondol.common.access import COMMANDS_TOKEN, SYSTEM, Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, NotSignedIn
from ondol.installation import Installation
from ondol.people import NewToken, NewUser, Role, UserChange
from ondol.web.app import create_app

CLOSED, OPEN = UserChange(is_active=False), UserChange(is_active=True)


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    for key in ("hq", "annex"):
        make_building(ondol, key)
    make_user(ondol, "boss", Role.ADMIN)
    make_user(ondol, "lee", Role.MANAGER, buildings=("hq",))
    return ondol


def refusal(ondol: Installation, name: str, password: str = PASSWORD) -> str:
    with pytest.raises(NotSignedIn) as refused:
        sign_in(ondol, name, password)
    return str(refused.value)


def reach(ondol: Installation, name: str) -> frozenset[str] | None:
    return ondol.people.access_of_session(sign_in(ondol, name)[1]).buildings


def test_a_closed_account_is_signed_out_at_once_and_stays_out(ondol: Installation) -> None:
    session_id, session = sign_in(ondol, "lee")
    assert ondol.people.access_of_session(session)
    assert not ondol.people.change_user(SYSTEM, "lee", CLOSED).is_active
    assert ondol.people.resume_session(session_id) is None
    with pytest.raises(NotSignedIn):
        ondol.people.access_of_session(session)
    assert ondol.people.sessions(SYSTEM, "lee") == []
    assert refusal(ondol, "lee") == refusal(ondol, "boss", "wrong") == refusal(ondol, "nobody")
    with pytest.raises(AlreadyExists):
        make_user(ondol, "lee")
    ondol.people.change_user(SYSTEM, "lee", OPEN)
    assert ondol.people.resume_session(session_id) is None
    assert reach(ondol, "lee") == {"hq"}


def test_an_administrator_closes_over_the_api(ondol: Installation) -> None:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'program', Scope.ADMIN)}"
    _, session = sign_in(ondol, "lee")
    answer = client.patch("/api/v1/users/lee", json={"active": False})
    changed = {"key": "lee", "email": "lee@example.com", "role": "manager", "active": False, "buildings": ["hq"]}
    assert changed.items() <= answer.get_json().items()
    assert {u["key"]: u["active"] for u in client.get("/api/v1/users").get_json()["items"]} == {
        "boss": True,
        "lee": False,
    }
    with pytest.raises(NotSignedIn):
        ondol.people.access_of_session(session)
    assert (
        client.patch("/api/v1/users/lee", json={"active": True, "role": "user", "buildings": ["annex"]}).status_code
        == 200
    )
    assert reach(ondol, "lee") == {"annex"}
    assert client.patch("/api/v1/users/lee", json={"buildings": None}).status_code == 200
    assert reach(ondol, "lee") is None
    for body, status in (
        ({}, 400),
        ({"buildings": ["none"]}, 404),
        ({"role": "admin", "buildings": ["hq"]}, 400),
        ({"role": None}, 400),
    ):
        assert client.patch("/api/v1/users/lee", json=body).status_code == status
    assert client.patch("/api/v1/users/nobody", json={"active": False}).status_code == 404
    refused = client.patch("/api/v1/users/boss", json={"active": False})
    assert refused.status_code == 403
    assert "last administrator" in refused.get_json()["detail"]


@pytest.mark.parametrize("change", [CLOSED, UserChange(role=Role.MANAGER)])
def test_the_last_administrator_stays_one(ondol: Installation, change: UserChange) -> None:
    with pytest.raises(NotAllowed, match="last administrator"):
        ondol.people.change_user(SYSTEM, "boss", change)
    make_user(ondol, "vice", Role.ADMIN)
    ondol.people.change_user(SYSTEM, "vice", CLOSED)
    with pytest.raises(NotAllowed, match="last administrator"):
        ondol.people.change_user(SYSTEM, "boss", change)
    ondol.people.change_user(SYSTEM, "vice", OPEN)
    ondol.people.change_user(SYSTEM, "boss", change)


def test_two_administrators_cannot_close_each_other_at_once(ondol: Installation) -> None:
    make_user(ondol, "vice", Role.ADMIN)

    def close(name: str) -> bool:
        try:
            return not ondol.people.change_user(SYSTEM, name, CLOSED).is_active
        except NotAllowed:
            return False

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(close, ("boss", "vice"))) == [False, True]


def test_reach_changes_for_who_is_signed_in(ondol: Installation) -> None:
    session_id, session = sign_in(ondol, "lee")
    assert ondol.people.access_of_session(session).buildings == {"hq"}
    ondol.people.change_user(SYSTEM, "lee", UserChange(buildings=("annex",)))
    assert ondol.people.access_of_session(session).buildings == {"annex"}
    ondol.people.change_user(SYSTEM, "lee", UserChange(role=Role.USER))
    access = ondol.people.access_of_session(session)
    assert (access.buildings, access.scopes) == ({"annex"}, {Scope.READ})
    resumed = ondol.people.resume_session(session_id)
    assert resumed
    assert resumed.role is Role.USER


def test_a_tenant_becomes_somebody_else_only_with_buildings_named(ondol: Installation) -> None:
    make_tenants(ondol, "hq", [{"key": "t1", "name": "one"}])
    make_spaces(ondol, "hq", [{"key": "f1", "name": "1", "kind": "floor", "tenant": "t1"}])
    make_points(ondol, "hq", [{"key": "hq.f1", "name": "1", "quantity": "electricity", "unit": "kW", "space": "f1"}])
    ondol.people.change_user(SYSTEM, "lee", UserChange(role=Role.TENANT, tenants=("t1",)))
    _, session = sign_in(ondol, "lee")
    assert ondol.people.access_of_session(session).spaces == {("hq", "f1")}
    with pytest.raises(InvalidInput, match="which buildings"):
        ondol.people.change_user(SYSTEM, "lee", UserChange(role=Role.MANAGER))
    ondol.people.change_user(SYSTEM, "lee", UserChange(role=Role.MANAGER, buildings=("hq",)))
    access = ondol.people.access_of_session(session)
    assert (access.buildings, access.spaces) == ({"hq"}, None)


@pytest.mark.parametrize("change", [
    UserChange(), UserChange(role=Role.ADMIN, buildings=("hq",)), UserChange(tenants=("t1",)),
    UserChange(role=Role.TENANT, buildings=("hq",)),
])  # fmt: skip
def test_what_makes_no_sense_changes_nothing(ondol: Installation, change: UserChange) -> None:
    with pytest.raises(InvalidInput):
        ondol.people.change_user(SYSTEM, "lee", change)
    with pytest.raises(NotFound):
        ondol.people.change_user(SYSTEM, "lee", UserChange(role=Role.USER, buildings=("hq", "nowhere")))
    assert ondol.people.users(SYSTEM)[1].role is Role.MANAGER
    assert reach(ondol, "lee") == {"hq"}


@pytest.mark.parametrize("name", ["system", "System", "command", "COMMAND", "ondol", "ｓｙｓｔｅｍ"])
def test_nobody_is_called_what_ondol_itself_is_called(ondol: Installation, name: str) -> None:
    with pytest.raises(InvalidInput, match="stands for Ondol itself"):
        ondol.people.create_user(SYSTEM, NewUser(username=name, email="x@example.com"))
    with pytest.raises(InvalidInput, match="stands for Ondol itself"):
        ondol.people.create_token(SYSTEM, NewToken(name=name, scopes=frozenset([Scope.READ])))


def test_an_administrator_makes_no_token_that_speaks_for_the_commands(ondol: Installation) -> None:
    administrator = ondol.people.access_of_session(sign_in(ondol, "boss")[1])
    with pytest.raises(InvalidInput, match="for the commands"):
        ondol.people.create_token(administrator, NewToken(name=f"{COMMANDS_TOKEN} x", scopes=frozenset([Scope.ADMIN])))


def test_no_token_is_called_what_the_first_start_is_called(ondol: Installation) -> None:
    with pytest.raises(InvalidInput):
        ondol.people.create_token(SYSTEM, NewToken(name="first start", scopes=frozenset([Scope.READ])))


def test_commands_change_accounts(tmp_path: Path) -> None:
    def run(*arguments: str, **settings: str) -> Any:
        return run_ondol(tmp_path, *arguments, **settings)

    assert run("building", "create", "hq", "--name", "hq").returncode == 0
    made = run("user", "create", "lee", "--email", "lee@example.com", "--role", "manager")
    assert "to be changed at the next sign-in" in made.stdout
    lost = run("user", "password", "lee")
    assert "signed out everywhere; password, shown only now" in lost.stdout
    weak = run("user", "password", "lee", "--password", "password1234")
    assert weak.returncode == 1
    assert "tried first" in weak.stderr
    assert run("user", "password", "lee", new_password="four quiet words more").stdout.endswith("everywhere\n")
    assert run("user", "change", "lee", "--building", "hq", "--role", "user").returncode == 0
    assert run("user", "change", "lee", "--all-buildings").returncode == 0
    assert run("user", "change", "lee", "--all-buildings", "--building", "hq").returncode == 2
    assert run("user", "close", "lee").returncode == 0
    assert run("user", "reopen", "lee").returncode == 0
    missing = run("user", "close", "nobody")
    assert (missing.returncode, "there is no user 'nobody'" in missing.stderr) == (1, True)
