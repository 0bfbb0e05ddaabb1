"""A person changes the password; who has one that was made for them does nothing before."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.making import PASSWORD, make_building, make_token, make_user

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import InvalidInput, NotAllowed, NotFound
from ondol.installation import Installation
from ondol.people import NewUser, Role
from ondol.web.app import create_app

ANOTHER = "four quiet words more"


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://", sign_in_attempts=3)
    make_user(ondol, "kim", Role.ADMIN)
    return ondol


@pytest.fixture
def app(ondol: Installation) -> Flask:
    return create_app(ondol)


def form_token(browser: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    assert found
    return found[1]


def sign_in(app: Flask, name: str = "kim", password: str = PASSWORD) -> FlaskClient:
    browser = app.test_client()
    browser.set_cookie("ondol_language", "en")
    form = {"username": name, "password": password, "csrf_token": form_token(browser, "/sign-in")}
    browser.status = browser.post("/sign-in", data=form).status_code
    return browser


def change(browser: FlaskClient, present: str = PASSWORD, new: str = ANOTHER, again: str | None = None, **more: str):
    form = {"present": present, "new": new, "again": new if again is None else again, **more}
    return browser.post("/password", data={**form, "csrf_token": form_token(browser, "/password")})


def put(browser: FlaskClient, present: str = PASSWORD, new: str = ANOTHER):
    headers = {"X-CSRFToken": form_token(browser, "/password")}
    return browser.put("/api/v1/password", json={"present": present, "new": new}, headers=headers)


@pytest.mark.parametrize("ask", [change, put])
def test_a_changed_password_ends_the_other_sessions_alone(app: Flask, ask) -> None:
    desk, phone = sign_in(app), sign_in(app)
    assert ask(desk).status_code in (204, 303)
    assert desk.get("/").status_code == 200
    assert phone.get("/").status_code == 302
    assert phone.get("/api/v1/buildings").status_code == 401
    assert sign_in(app).status == 401
    assert sign_in(app, password=ANOTHER).status == 303


def test_the_page_says_what_came_of_it(app: Flask) -> None:
    desk = sign_in(app)
    assert 'href="/password"' in desk.get("/").text
    for given, status, words in (
        ({"present": "wrong"}, 403, "The present password is wrong"),
        ({"again": "something else"}, 400, "differ"),
        ({"new": "short"}, 400, "at least 10 characters"),
        ({"new": "l" * 201}, 400, "at most 200 characters"),
        ({"new": "P@ssw0rd2026"}, 400, "Many people use this password"),
        ({"new": "kim@example.com1"}, 400, "little more than your user name"),
        ({"new": PASSWORD}, 400, "is the present one"),
    ):
        answer = change(desk, **given)
        assert answer.status_code == status
        assert words in answer.text
    done = change(desk)
    assert "Your password is changed" in desk.get(done.location).text


@pytest.mark.parametrize(("ask", "refused"), [(change, 403), (put, 403)])
def test_guessing_the_present_password_pauses_as_signing_in_does(app: Flask, ask, refused: int) -> None:
    desk = sign_in(app)
    assert [ask(desk, "wrong").status_code for _ in range(4)] == [refused] * 3 + [429]
    assert ask(desk).status_code == 429
    assert sign_in(app).status == 429


def test_a_password_belongs_to_a_person_and_to_the_own_account(app: Flask, ondol: Installation) -> None:
    secret = make_token(ondol, "program", Scope.ADMIN)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = app.test_client().put("/api/v1/password", json={"present": PASSWORD, "new": ANOTHER}, headers=headers)
    assert answer.status_code == 403
    assert "sign in to change yours" in answer.get_json()["detail"]
    without_token = sign_in(app).put("/api/v1/password", json={"present": PASSWORD, "new": ANOTHER})
    assert without_token.status_code == 403


@pytest.mark.parametrize(
    ("password", "words"), [("qwerty12345", "tried first"), (ANOTHER, None), ("lee@example.com", "e-mail")]
)
def test_nobody_is_given_a_password_that_is_tried_first(
    app: Flask, ondol: Installation, password: str, words: str | None
) -> None:
    headers = {"Authorization": f"Bearer {make_token(ondol, 'program', Scope.ADMIN)}"}
    body = {"key": "lee", "email": "lee@example.com", "password": password}
    answer = app.test_client().post("/api/v1/users", json=body, headers=headers)
    assert answer.status_code == (400 if words else 201)
    assert words is None or words in answer.get_json()["detail"]
    if words:
        with pytest.raises(InvalidInput):
            ondol.people.reset_password(SYSTEM, "kim", password.replace("lee", "kim"))


def created(ondol: Installation, name: str = "lee", role: Role = Role.MANAGER) -> str:
    """The password that was made for a new person."""
    return ondol.people.create_user(SYSTEM, NewUser(username=name, email=f"{name}@example.com", role=role)).password


def test_a_password_that_was_made_opens_nothing_but_its_change(app: Flask, ondol: Installation) -> None:
    made = created(ondol)
    make_building(ondol, "hq")
    browser = sign_in(app, "lee", made)
    assert browser.status == 303
    for page in ("/", "/buildings/hq?date=2026-01-15", "/signed-in", "/buildings/hq/health", "/api/docs", "/nothing"):
        answer = browser.get(page)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/password"), page
    assert "?date%3D2026" in browser.get("/buildings/hq?date=2026-01-15").location
    refused = browser.get("/api/v1/buildings")
    assert refused.status_code == 403
    assert "choose a password of your own first" in refused.get_json()["detail"]
    assert "PUT /api/v1/password" in refused.get_json()["detail"]
    assert browser.get("/api/v1/live?building=hq").status_code == 403
    page = browser.get("/password")
    assert "was made for you" in page.text
    assert 'href="/buildings' not in page.text
    done = change(browser, made, next="/buildings/hq")
    assert (done.status_code, done.location) == (303, "/buildings/hq")
    assert browser.get("/buildings/hq").status_code == 200
    assert browser.get("/api/v1/buildings").status_code == 200


def test_who_has_to_change_it_may_leave_and_choose_a_language(app: Flask, ondol: Installation) -> None:
    browser = sign_in(app, "lee", created(ondol))
    form = {"language": "ko", "next": "/password", "csrf_token": form_token(browser, "/password")}
    assert browser.post("/preferences", data=form).location == "/password"
    assert "현재 비밀번호" in browser.get("/password").text
    assert browser.post("/sign-out", data={"csrf_token": form_token(browser, "/password")}).status_code == 303
    assert browser.get("/").location.startswith("/sign-in")


def test_the_first_administrator_chooses_a_password(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://")
    first = ondol.people.create_first_administrator()
    assert first
    browser = sign_in(create_app(ondol), "admin", first.password)
    assert browser.get("/").location.startswith("/password")
    assert put(browser, first.password).status_code == 204
    assert browser.get("/").status_code == 200


def test_the_demonstration_waits_until_there_is_something_to_guard(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://", simulate=True)
    first = ondol.people.create_first_administrator()
    assert first
    browser = sign_in(create_app(ondol), "admin", first.password)
    assert browser.get("/").status_code == 200
    make_building(ondol, "demo", is_synthetic=True)
    assert browser.get("/").status_code == 200
    assert browser.get("/api/v1/buildings").status_code == 200
    make_building(ondol, "hq")
    assert browser.get("/").location.startswith("/password")
    assert browser.get("/api/v1/buildings").status_code == 403


def test_a_lost_password_is_replaced_and_every_session_ends(app: Flask, ondol: Installation) -> None:
    desk = sign_in(app)
    made = ondol.people.reset_password(SYSTEM, "kim")
    assert desk.get("/").status_code == 302
    assert sign_in(app).status == 401
    browser = sign_in(app, password=made)
    assert browser.get("/").location.startswith("/password")
    # Who has chosen it need not choose again.
    ondol.people.reset_password(SYSTEM, "kim", ANOTHER)
    assert sign_in(app, password=ANOTHER).get("/").status_code == 200
    with pytest.raises(NotFound, match="there is no user 'nobody'"):
        ondol.people.reset_password(SYSTEM, "nobody")


def test_only_administrators_replace_passwords(ondol: Installation) -> None:
    make_building(ondol, "hq")
    limited = ondol.people.access_of_token(make_token(ondol, "limited", Scope.ADMIN, buildings=["hq"]))
    with pytest.raises(NotAllowed):
        ondol.people.reset_password(limited, "kim")
