"""Signing in as a browser does it: sessions, their cookies, and what keeps others out."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from tests.conftest import SetClock
from tests.making import make_token, make_user
from tests.making import sign_in as signed_in

from ondol.common.access import Scope
from ondol.common.errors import NotSignedIn, TooManyAttempts
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.web.app import create_app

PASSWORD = "a-long-enough-password"


@pytest.fixture
def open_with_kim(open_ondol: Callable[..., Installation]) -> Callable[..., Installation]:
    def open_one(**settings: object) -> Installation:
        ondol = open_ondol(timeseries_url="memory://", **settings)
        if ondol.people.accounts.user("kim") is None:
            make_user(ondol, "kim", Role.ADMIN, PASSWORD)
        return ondol

    return open_one


def sign_in(browser: FlaskClient, password: str = PASSWORD, username: str = "kim"):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token
    return browser.post("/sign-in", data={"username": username, "password": password, "csrf_token": token[1]})


def session_id(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("ondol_session")
    assert cookie
    return cookie.value


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/api/v1/users").status_code == 200


def test_the_session_id_is_new_at_each_sign_in(open_with_kim) -> None:
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    browser.set_cookie("ondol_session", "chosen-by-someone-else")
    assert sign_in(browser).status_code == 303
    first = session_id(browser)
    assert first != "chosen-by-someone-else"
    other = create_app(ondol).test_client()
    assert sign_in(other).status_code == 303
    assert session_id(other) != first


def test_too_many_wrong_passwords_pause_the_account_from_there(open_with_kim) -> None:
    browser = create_app(open_with_kim(sign_in_attempts=3)).test_client()
    assert [sign_in(browser, "wrong").status_code for _ in range(3)] == [401] * 3
    assert sign_in(browser).status_code == 429
    assert not is_in(browser)
    assert sign_in(browser, username="lee").status_code == 401


def test_a_session_survives_a_restart(open_with_kim) -> None:
    first = open_with_kim()
    browser = create_app(first).test_client()
    sign_in(browser)
    kept = session_id(browser)
    first.close()
    again = create_app(open_with_kim()).test_client()
    again.set_cookie("ondol_session", kept)
    assert is_in(again)


def test_signing_out_ends_the_session_everywhere(open_with_kim) -> None:
    app = create_app(open_with_kim())
    browser, copy = app.test_client(), app.test_client()
    sign_in(browser)
    copy.set_cookie("ondol_session", session_id(browser))
    assert is_in(copy)
    assert browser.post("/sign-out").status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/").text)
    assert token
    assert browser.post("/sign-out", data={"csrf_token": token[1]}).status_code == 303
    assert not is_in(copy)


def test_signing_in_without_the_forms_token_is_refused(open_with_kim) -> None:
    browser = create_app(open_with_kim()).test_client()
    assert browser.post("/sign-in", data={"username": "kim", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_for_the_server_only_and_secure_where_set(open_with_kim, secure: bool) -> None:
    browser = create_app(open_with_kim(secure_cookies=secure)).test_client()
    base = "https://localhost" if secure else "http://localhost"
    prefix = "__Host-" if secure else ""
    shown = browser.get("/sign-in", base_url=base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token
    form = {"username": "kim", "password": PASSWORD, "csrf_token": token[1]}
    answer = browser.post("/sign-in", data=form, base_url=base)
    page = browser.get("/", base_url=base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    left = browser.post("/sign-out", data={"csrf_token": token[1]}, base_url=base)
    made = [text for a in (shown, answer, left) for text in a.headers.getlist("Set-Cookie")]
    kinds = [f"{prefix}ondol_{kind}=" for kind in ("visitor", "session", "visitor", "session")]
    assert [text.split("=")[0] + "=" for text in made] == kinds
    for cookie in made:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is secure


def test_what_a_neighbouring_host_plants_is_not_accepted(open_with_kim) -> None:
    browser = create_app(open_with_kim(secure_cookies=True)).test_client()
    browser.set_cookie("ondol_visitor", "planted", domain="localhost")
    form = {"username": "kim", "password": PASSWORD, "csrf_token": "planted"}
    assert browser.post("/sign-in", data=form, base_url="https://localhost").status_code == 403
    assert "planted" not in browser.get("/sign-in", base_url="https://localhost").text


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/localhost"},
    {"Origin": "http://["}, {"Origin": "http://localhost:x"}, {"Origin": "http://localhost:8155:80"}, {"Origin": "http://localhost:99999"},
    {"Origin": "ftp://localhost"}, {"Origin": "http://localhost.evil.example"}, {"Origin": "http://localhost:8001"},
]  # fmt: skip
HERE = [
    {}, {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"}, {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"}, {"Origin": "https://LOCALHOST:443"}, {"Referer": "http://localhost/"},
]  # fmt: skip


@pytest.mark.parametrize(("headers", "passes"), [*((h, False) for h in ELSEWHERE), *((h, True) for h in HERE)])
def test_what_another_site_sends_changes_nothing(open_with_kim, headers: dict[str, str], passes: bool) -> None:
    """Besides the token: were that ever known elsewhere, the browser would still tell who sends."""
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token
    form = {"username": "kim", "password": PASSWORD, "csrf_token": token[1]}
    assert browser.post("/sign-in", data=form, headers=headers).status_code == (303 if passes else 403)
    if not passes:
        sign_in(browser)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/").text)
    assert token
    building = {"key": "hq", "name": "hq"}
    asked = browser.post("/api/v1/buildings", json=building, headers={"X-CSRFToken": token[1], **headers})
    assert asked.status_code == (201 if passes else 403)
    program = {"Authorization": f"Bearer {make_token(ondol, 'program', Scope.ADMIN)}", **headers}
    assert browser.post("/api/v1/buildings", json={"key": "b", "name": "b"}, headers=program).status_code == 201


def test_nothing_that_is_somebodys_is_kept_on_the_way(open_with_kim) -> None:
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    program = {"Authorization": f"Bearer {make_token(ondol, 'program', Scope.ADMIN)}"}
    answers = [
        browser.get("/sign-in"),
        browser.get("/"),
        sign_in(browser),
        browser.get("/"),
        browser.get("/api/v1/users"),
        browser.get("/api/v1/users", headers=program),
        browser.post("/api/v1/tokens", json={"key": "t", "scopes": ["read"]}, headers=program),
        browser.post("/api/v1/users", json={"key": "lee", "email": "lee@example.com"}, headers=program),
        browser.get("/api/v1/nothing", headers=program),
    ]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    asset = re.search(r'href="(/assets/[^"]+)"', answers[0].text)
    assert asset
    with browser.get(asset[1]) as kept:
        assert "immutable" in kept.headers["Cache-Control"]


def test_people_see_and_end_their_sessions_and_administrators_all(open_with_kim) -> None:
    ondol = open_with_kim()
    make_user(ondol, "lee", Role.USER, PASSWORD)
    app = create_app(ondol)
    admin, phone, desk = app.test_client(), app.test_client(), app.test_client()
    for browser, name in ((admin, "kim"), (phone, "lee"), (desk, "lee")):
        assert sign_in(browser, username=name).status_code == 303
    own = desk.get("/api/v1/sessions").get_json()["items"]
    assert [item["user"] for item in own] == ["lee", "lee"]
    assert session_id(desk) not in str(own)
    assert desk.get("/api/v1/sessions?user=kim").status_code == 403
    assert {item["user"] for item in admin.get("/api/v1/sessions").get_json()["items"]} == {"kim", "lee"}
    page = desk.get("/signed-in").text
    assert page.count("lee</th>") + page.count("lee <span") == 2
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert desk.post("/signed-in/end", data={"others": "1", "csrf_token": token[1]}).status_code == 303
    assert phone.get("/api/v1/sessions").status_code == 401
    (left,) = desk.get("/api/v1/sessions").get_json()["items"]
    page = admin.get("/signed-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    headers = {"X-CSRFToken": token[1]}
    assert admin.delete(f"/api/v1/sessions/{left['key']}", headers=headers).status_code == 204
    assert admin.delete(f"/api/v1/sessions/{left['key']}", headers=headers).status_code == 404
    assert desk.get("/api/v1/sessions").status_code == 401


def test_the_cache_holds_a_session_as_the_guide_has_it(open_with_kim) -> None:
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    sign_in(browser)
    (key,) = ondol.readings.cache.keys("session:")
    stored = json.loads(ondol.readings.cache.get(key) or b"")
    assert {"user_id", "username", "role", "login_time", "expires_at"} <= stored.keys()
    assert stored["username"] == "kim"
    # The cache drops keys when its memory is short: that signs nobody out.
    ondol.readings.cache.delete(key)
    assert is_in(browser)
    assert ondol.readings.cache.keys("session:") == [key]
    browser.post("/sign-out", data={"csrf_token": stored["csrf_token"]})
    assert not is_in(browser)
    assert ondol.readings.cache.keys("session:") == []


def test_what_strangers_send_as_a_name_is_kept_nowhere(open_with_kim) -> None:
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    for name in ("n" * 5_000, "이름" * 200, "kim\0", ""):
        assert sign_in(browser, username=name).status_code == 401
    assert max(map(len, ondol.readings.cache.keys("attempts:"))) < 120


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(open_with_kim, clock: SetClock) -> None:
    ondol = open_with_kim()
    browser = create_app(ondol).test_client()
    sign_in(browser)
    for _ in range(23):
        clock.forward(minutes=30)
        assert is_in(browser)
    clock.forward(minutes=31)
    assert not is_in(browser)
    assert ondol.people.needs.sessions.living(clock()) == []


def test_who_tries_many_names_is_paused_and_others_are_not(open_with_kim) -> None:
    ondol = open_with_kim(sign_in_attempts=2, trusted_proxies=1)
    browser = create_app(ondol).test_client()
    browser.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    statuses = [sign_in(browser, "wrong", f"name{n}").status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    elsewhere = create_app(ondol).test_client()
    elsewhere.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.10"
    assert sign_in(elsewhere).status_code == 303


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        ("http://localhost:8155", True),
        ("http://localhost:8155:80", False),
        ("https://localhost:8155", False),
        ("http://localhost", False),
    ],
)
def test_a_page_on_another_port_is_another_site(open_with_kim, origin: str, passes: bool) -> None:
    browser = create_app(open_with_kim()).test_client()
    base = "http://localhost:8155"
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in", base_url=base).text)
    assert token
    form = {"username": "kim", "password": PASSWORD, "csrf_token": token[1]}
    answer = browser.post("/sign-in", data=form, base_url=base, headers={"Origin": origin})
    assert answer.status_code == (303 if passes else 403)


def test_who_has_an_account_tries_no_more_names_for_it(open_with_kim) -> None:
    browser = create_app(open_with_kim(sign_in_attempts=2)).test_client()
    statuses: list[int] = []
    for n in range(12):
        statuses.append(sign_in(browser, "wrong", f"name{n}").status_code)
        if statuses[-1] == 401 and n < 9:
            own = browser.application.test_client()
            assert sign_in(own).status_code == 303
    assert statuses == [401] * 10 + [429] * 2


def test_who_signs_in_rightly_uses_nothing_up(open_with_kim) -> None:
    app = create_app(open_with_kim(sign_in_attempts=1))
    assert [sign_in(app.test_client()).status_code for _ in range(12)] == [303] * 12


@pytest.mark.parametrize(
    "spellings",
    [
        ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"],
        ["203.0.113.12", "::ffff:203.0.113.12", "[::ffff:cb00:710c]:80"],
        ["203.0.113.12:5", "203.0.113.12:6", "203.0.113.12"],
    ],
)
def test_one_caller_counts_as_one_however_spelled(open_with_kim, spellings: list[str]) -> None:
    ondol = open_with_kim(sign_in_attempts=2)
    for address in spellings[:2]:
        with pytest.raises(NotSignedIn):
            signed_in(ondol, "kim", "wrong", address=address)
    with pytest.raises(TooManyAttempts):
        signed_in(ondol, "kim", "wrong", address=spellings[2])
    signed_in(ondol, "kim", PASSWORD, address="::ffff:203.0.113.13")


def test_without_a_proxy_nobody_chooses_an_address(open_with_kim) -> None:
    browser = create_app(open_with_kim(sign_in_attempts=2)).test_client()
    statuses: list[int] = []
    for n in range(3):
        browser.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}"
        statuses.append(sign_in(browser, "wrong").status_code)
    assert statuses == [401, 401, 429]


def test_secure_cookies_come_with_strict_transport(open_with_kim) -> None:
    assert (
        "max-age"
        in create_app(open_with_kim(secure_cookies=True))
        .test_client()
        .get("/sign-in")
        .headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in create_app(open_with_kim()).test_client().get("/sign-in").headers


def test_a_form_is_small(open_with_kim) -> None:
    browser = create_app(open_with_kim()).test_client()
    assert sign_in(browser, username="n" * 17_000).status_code == 413
    assert sign_in(browser, password="p" * 17_000).status_code == 413
    assert sign_in(browser).status_code == 303
