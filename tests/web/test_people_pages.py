"""The pages by which people come in, come back, and are looked after."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.mail import MailServer
from tests.making import PASSWORD, make_building, make_token, make_user

from ondol.common.access import SYSTEM, Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app

NEW = "four quiet words more"


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


def prepared(ondol: Installation) -> Installation:
    make_building(ondol, "hq", name="본관")
    make_building(ondol, "annex", name="별관")
    make_user(ondol, "boss", Role.ADMIN)
    return ondol


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    return prepared(open_ondol(timeseries_url="memory://"))


@pytest.fixture
def app(ondol: Installation) -> Flask:
    return create_app(ondol)


def browser(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("ondol_language", "en")
    return client


def post(client: FlaskClient, page: str, to: str | None = None, **form: object):
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, page
    return client.post(to or page, data={**form, "csrf_token": found[1]})


def signed_in(app: Flask, name: str = "boss", password: str = PASSWORD) -> FlaskClient:
    client = browser(app)
    assert post(client, "/sign-in", username=name, password=password).status_code == 303
    return client


def without_token(page: str) -> str:
    return re.sub(r"X-CSRFToken[^>]*", "", page)


def shown_link(page: str) -> str:
    found = re.search(r'name="made-link" value="http://localhost(/[^"]+)"', page)
    assert found
    return found[1]


def invite(boss: FlaskClient, **form: object) -> str:
    answer = post(
        boss, "/people", "/invitations", **{"email": "lee@example.com", "role": "manager", "building": "hq", **form}
    )
    assert answer.status_code == 200
    return shown_link(answer.text)


def join(client: FlaskClient, link: str, name: str = "lee", password: str = NEW, again: str | None = None):
    return post(client, link, username=name, name="이 민", language="ko", password=password, again=again or password)


def test_a_colleague_comes_in_by_the_link_that_was_handed_over(app: Flask) -> None:
    boss, lee = signed_in(app), browser(app)
    link = invite(boss)
    page = lee.get(link)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    for name, password, again, status in (
        ("lee", NEW, "other", 400), ("lee", "tiny-1", None, 400), ("l ee", NEW, None, 400), ("boss", NEW, None, 409),
    ):  # fmt: skip
        refused = join(lee, link, name, password, again)
        assert (refused.status_code, 'role="alert"' in refused.text) == (status, True)
        assert password not in refused.text
    assert join(lee, link).status_code == 303
    home = lee.get("/").text
    assert "본관" in home
    assert "별관" not in home
    assert '<html lang="ko"' in home
    for used in (link, "/join/unknown", "/reset/unknown", "/address/unknown"):
        answer = browser(app).get(used)
        assert (answer.status_code, "not valid" in answer.text) == (404, True)
    assert "이 민" in boss.get("/people").text
    assert lee.get("/people").status_code == 403


def test_an_administrator_looks_after_people(app: Flask, ondol: Installation) -> None:
    boss = signed_in(app)
    join(browser(app), invite(boss))
    assert "lee@example.com" in boss.get("/people?q=LEE").text
    assert "Nobody matches" in boss.get("/people?q=nobody").text
    post(boss, "/people/lee", deed="change", role="user", building="annex")
    (lee,) = [user for user in ondol.people.users(SYSTEM) if user.username == "lee"]
    assert (lee.role, lee.buildings) == (Role.USER, ("annex",))
    post(boss, "/people/lee", deed="close")
    assert "closed" in boss.get("/people/lee").text
    post(boss, "/people/lee", deed="reopen")
    link = shown_link(post(boss, "/people/lee", deed="reset").text)
    lee_browser = browser(app)
    assert post(lee_browser, link, new=NEW + " x", again="other").status_code == 400
    assert post(lee_browser, link, new=NEW + " x", again=NEW + " x").status_code == 200
    assert lee_browser.get(link).status_code == 404
    assert signed_in(app, "lee", NEW + " x")
    assert post(boss, "/people/lee", deed="delete", confirm="le").status_code == 409
    assert post(boss, "/people/lee", deed="delete", confirm="lee").status_code == 303
    assert boss.get("/people/lee").status_code == 404
    for deed in ({"deed": "close"}, {"deed": "change", "role": "user"}, {"deed": "delete", "confirm": "boss"}):
        refused = post(boss, "/people/boss", **deed)
        assert (refused.status_code, "last administrator" in refused.text) == (403, True)
    take = invite(boss, email="kim@example.com")
    key = ondol.people.invitations(SYSTEM)[0].key
    assert post(boss, "/people", "/invitations/take-back", key=key).status_code == 303
    assert browser(app).get(take).status_code == 404


def test_a_person_changes_the_own_account(app: Flask, ondol: Installation) -> None:
    boss, elsewhere = signed_in(app), signed_in(app)
    assert post(boss, "/account", name="박 소장", language="en").status_code == 303
    assert "박 소장" in boss.get("/account").text
    assert "could not be confirmed" in boss.get("/account").text
    assert post(boss, "/account", "/signed-in/end", everywhere="1").status_code == 303
    for client in (boss, elsewhere):
        assert client.get("/account").status_code == 302
    assert ondol.people.sessions(SYSTEM, "boss") == []


def test_without_mail_nobody_is_promised_any(app: Flask) -> None:
    assert "Ask an administrator" in browser(app).get("/forgot").text
    assert browser(app).get("/sign-up").status_code == 403


def test_who_forgot_the_password_gets_the_same_answer_for_every_address(
    open_ondol: Callable[..., Installation], server: MailServer
) -> None:
    ondol = prepared(open_ondol(timeseries_url="memory://", smtp_url=server.url, sign_up="approval"))
    app = create_app(ondol)
    answers = {
        without_token(post(browser(app), "/forgot", email=email).text)
        for email in ("boss@example.com", "nobody@example.com")
    }
    assert len(answers) == 1
    assert post(browser(app), "/forgot", email="none").status_code == 400
    evil = browser(app)
    assert post(evil, "/sign-up", email="kim@example.com").status_code == 200
    next(task for task in ondol.people.tasks() if task.name == "send mails").run()
    assert sorted(receivers for receivers, _ in server.received) == [["boss@example.com"], ["kim@example.com"]]
    number = next(n for n, (to, _) in enumerate(server.received) if to == ["kim@example.com"])
    link = "/join/" + server.link(number).rpartition("/")[2]
    assert "waits for approval" in join(browser(app), link, "kim").text
    assert post(browser(app), "/sign-in", username="kim", password=NEW).status_code == 401
    boss = signed_in(app)
    assert post(boss, "/people/kim", deed="approve", role="manager", building="annex").status_code == 303
    assert "별관" in signed_in(app, "kim", NEW).get("/").text


def test_a_link_in_a_mail_never_begins_with_what_a_request_names(
    open_ondol: Callable[..., Installation], server: MailServer
) -> None:
    ondol = prepared(
        open_ondol(timeseries_url="memory://", smtp_url=server.url, public_url="https://ondol.example.com/")
    )
    client = browser(create_app(ondol))
    client.environ_base["HTTP_HOST"] = "evil.example"
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/forgot", base_url="http://evil.example").text)
    assert found
    client.set_cookie("ondol_visitor", found[1], domain="evil.example")
    client.post("/forgot", base_url="http://evil.example", data={"email": "boss@example.com", "csrf_token": found[1]})
    next(task for task in ondol.people.tasks() if task.name == "send mails").run()
    assert server.link().startswith("https://ondol.example.com/reset/")


def test_programs_invite_and_delete(app: Flask, ondol: Installation) -> None:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'program', Scope.ADMIN)}"
    body = {"email": "lee@example.com", "role": "manager", "buildings": ["hq"]}
    made = client.post("/api/v1/invitations", json=body)
    assert made.status_code == 201
    assert body.items() <= made.get_json().items()
    assert made.get_json()["link"].startswith("http://localhost/join/")
    (listed,) = client.get("/api/v1/invitations").get_json()["items"]
    assert "link" not in listed
    assert join(browser(app), made.get_json()["link"].removeprefix("http://localhost")).status_code == 303
    assert client.get("/api/v1/invitations").get_json()["items"] == []
    assert client.post("/api/v1/invitations", json=body).status_code == 409
    assert client.post("/api/v1/invitations", json={**body, "email": "a,b@c"}).status_code == 400
    assert client.post("/api/v1/users/lee/reset-link").get_json()["link"].startswith("http://localhost/reset/")
    assert client.post("/api/v1/users/nobody/reset-link").status_code == 404
    assert client.delete("/api/v1/users/lee").status_code == 409
    assert client.delete("/api/v1/users/lee?confirm=lee").status_code == 204
    assert client.delete("/api/v1/users/lee?confirm=lee").status_code == 404
    other = client.post("/api/v1/invitations", json={**body, "email": "kim@example.com"}).get_json()
    assert client.delete(f"/api/v1/invitations/{other['key']}").status_code == 204
    assert client.delete(f"/api/v1/invitations/{other['key']}").status_code == 404
