"""Every operation of the API and every page, asked by those to whom the things belong not."""

import re
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.access.world import NOWHERE, Names, World

from ondol.web.api.operations import OPERATIONS
from ondol.web.app import create_app

PERIOD = "start=2026-11-17T00:00:00Z&end=2026-11-18T06:00:00Z"
BASELINE = "baseline_start=2026-11-16T00:00:00Z&baseline_end=2026-11-17T00:00:00Z"
PERIODS = f"{BASELINE}&reporting_start=2026-11-17T00:00:00Z&reporting_end=2026-11-18T00:00:00Z"
POINT = {"key": "x", "building": "{building}", "name": "x", "quantity": "q"}
READING = {"readings": [{"point": "{point}", "time": "2026-11-18T05:00:00Z", "value": 1}]}
HIDDEN, REFUSED, LISTS = "404", "403", "only theirs"
WRITES = "404, or 403 to who may not write"

OPERATIONS_OF_OTHERS: dict[str, tuple[str, Any, str]] = {
    "GET /api/v1/buildings": ("", None, LISTS),
    "POST /api/v1/buildings": ("", {"key": "{building}", "name": "x"}, REFUSED),
    "GET /api/v1/buildings/{key}": ("", None, HIDDEN),
    "PATCH /api/v1/buildings/{key}": ("", {"name": "x"}, HIDDEN),
    "GET /api/v1/buildings/{key}/latest": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/usage": (PERIOD, None, HIDDEN),
    "GET /api/v1/buildings/{key}/calorific-values": ("", None, HIDDEN),
    "PUT /api/v1/buildings/{key}/calorific-values": ("", {"items": []}, HIDDEN),
    "PUT /api/v1/calorific-values": ("", {"items": []}, REFUSED),
    "GET /api/v1/buildings/{key}/meters": ("first=2026-01-01&last=2026-01-14", None, HIDDEN),
    "GET /api/v1/buildings/{key}/forecast": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/forecast/accuracy": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/month-end": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/demand-forecast": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/notification": ("", None, HIDDEN),
    "GET /api/v1/buildings/{key}/anomalies": (PERIOD, None, HIDDEN),
    "GET /api/v1/buildings/{key}/avoided-energy": (PERIODS, None, HIDDEN),
    "POST /api/v1/buildings/{key}/weather-forecasts": (
        "", {"issued_at": "2026-11-18T00:00:00Z", "hours": [{"time": "2026-11-18T01:00:00Z", "temperature_c": 3}]}, HIDDEN,
    ),
    "GET /api/v1/points": ("", None, LISTS),
    "POST /api/v1/points": ("", POINT, HIDDEN),
    "GET /api/v1/points/{key}": ("", None, HIDDEN),
    "PATCH /api/v1/points/{key}": ("", {"name": "x"}, HIDDEN),
    "DELETE /api/v1/points/{key}": ("confirm={point}", None, HIDDEN),
    "POST /api/v1/points/{key}/merge": ("dry_run=true", {"into": "{point}"}, HIDDEN),
    "POST /api/v1/points/{key}/aliases": ("", {"alias": "{building}.x"}, HIDDEN),
    "DELETE /api/v1/points/{key}/aliases": ("alias=x", None, HIDDEN),
    "GET /api/v1/points/{key}/series": (PERIOD, None, HIDDEN),
    "GET /api/v1/devices/new": ("building={building}", None, HIDDEN),
    "POST /api/v1/devices/new/{key}": ("", {"quantity": "co2", "unit": "ppm", "kind": "measurement"}, HIDDEN),
    "DELETE /api/v1/devices/new/{key}": ("", None, HIDDEN),
    "POST /api/v1/points/{key}/repairs": (
        "dry_run=true", {"start": "2026-11-18T05:00:00Z", "end": "2026-11-18T06:00:00Z", "action": "delete", "reason": "x"}, HIDDEN,
    ),
    "GET /api/v1/points/{key}/repairs": ("", None, HIDDEN),
    "DELETE /api/v1/points/{key}/repairs/{repair}": ("", None, HIDDEN),
    "GET /api/v1/points/{key}/statistics": (PERIOD, None, HIDDEN),
    "GET /api/v1/points/{key}/flagged": (PERIOD, None, HIDDEN),
    "GET /api/v1/live": ("building={building}", None, HIDDEN),
    "GET /api/v1/tenants": ("building={building}", None, HIDDEN),
    "POST /api/v1/tenants": ("", {"key": "x", "building": "{building}", "name": "x"}, HIDDEN),
    "GET /api/v1/users": ("", None, REFUSED),
    "POST /api/v1/users": ("", {"key": "{user}", "email": "a@b"}, REFUSED),
    "PATCH /api/v1/users/{key}": ("", {"active": False}, REFUSED),
    "DELETE /api/v1/users/{key}": ("confirm={user}", None, REFUSED),
    "POST /api/v1/users/{key}/reset-link": ("", None, REFUSED),
    "GET /api/v1/invitations": ("", None, REFUSED),
    "POST /api/v1/invitations": ("", {"email": "a@b", "buildings": ["{building}"]}, REFUSED),
    "DELETE /api/v1/invitations/{key}": ("", None, REFUSED),
    "PUT /api/v1/password": ("", {"present": "wrong", "new": "four quiet words more"}, REFUSED),
    "GET /api/v1/tokens": ("", None, REFUSED),
    "POST /api/v1/tokens": ("", {"key": "{token}", "scopes": ["read"]}, REFUSED),
    "DELETE /api/v1/tokens/{key}": ("", None, REFUSED),
    "GET /api/v1/audit": ("who={user}", None, REFUSED),
    "GET /api/v1/sessions": ("user={user}", None, REFUSED),
    "DELETE /api/v1/sessions/{key}": ("", None, HIDDEN),
    "POST /api/v1/imports": ("building={building}&name=a.csv", b"time,kWh\n", HIDDEN),
    "POST /api/v1/readings": ("", READING, "400"),
    "POST /api/v2/write": ("precision=s", b"m,point={point} value=1 1768473000", "400"),
    "POST /write": ("precision=s", b"m,point={point} value=1 1768473000", "400"),
}  # fmt: skip
"""Query and body that name what is not theirs, and what comes of it: the same for what does not exist."""

TENANT_MAY = {
    "GET /api/v1/buildings/{key}", "GET /api/v1/buildings/{key}/latest", "GET /api/v1/buildings/{key}/usage",
    "GET /api/v1/buildings/{key}/meters", "GET /api/v1/buildings/{key}/calorific-values", "GET /api/v1/live",
}  # fmt: skip
"""What a tenant of one floor is answered about the building: with the own floor alone."""

PAGES = {
    "/": LISTS, "/signed-in": LISTS, "/account": LISTS, "/audit": REFUSED, "/refused": REFUSED, "/people": REFUSED,
    "/people/<name>": REFUSED,
    "/buildings/<key>": HIDDEN, "/buildings/<key>/data-quality": HIDDEN, "/buildings/<key>/meters": HIDDEN,
    "/buildings/<key>/health": HIDDEN, "/buildings/<key>/devices": HIDDEN, "/buildings/<key>/connect": HIDDEN, "/points/<key>": HIDDEN,
    "/points/<key>/repairs": HIDDEN,
    "/points/<key>/edit": WRITES, "/buildings/<key>/virtual-point": WRITES,
    "/buildings/<key>/import": WRITES, "/buildings/<key>/imported": WRITES,
}  # fmt: skip
OF_WHOLE_BUILDINGS = {"/buildings/<key>/devices"}
"""Nothing of these is a tenant's."""
OPEN_TO_ALL = {
    "/sign-in", "/sign-out", "/sign-up", "/forgot", "/join/<secret>", "/reset/<secret>", "/address/<secret>",
    "/invitations", "/invitations/take-back", "/account/address", "/password", "/preferences", "/signed-in/end", "/audit/export",
    "/buildings/<key>/import/<offer>", "/points/<key>/repairs/undo", "/api/docs", "/api/openapi.json",
    "/buildings/<key>/devices/<device>", "/assets/<path:name>", "/healthz", "/readyz", "/metrics", "/ping", "/query", "/health",
    "/ready",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return create_app(world.ondol)


def signed_in(app: Flask, session_id: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("ondol_session", session_id)
    return client


@pytest.fixture(params=["annex manager", "annex token", "tenant"])
def who(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def outsider(app: Flask, world: World, who: str) -> FlaskClient:
    if who == "annex token":
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.annex_secret}"
        return client
    return signed_in(app, world.tenant_session if who == "tenant" else world.annex_session)


def test_every_operation_is_in_the_table() -> None:
    assert {f"{o.method} {o.path}" for o in OPERATIONS} == set(OPERATIONS_OF_OTHERS)


def test_every_page_is_in_the_table(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("api.")}
    assert rules - OPEN_TO_ALL == set(PAGES)


def filled(value: Any, names: Names) -> Any:
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if isinstance(value, bytes):
        return filled(value.decode(), names).encode()
    if isinstance(value, str):
        for field in fields(names):
            value = value.replace(f"{{{field.name}}}", getattr(names, field.name))
    return value


def ask(client: FlaskClient, operation: str, names: Names, csrf: str | None = None):
    method, path = operation.split(" ")
    query, body, _ = OPERATIONS_OF_OTHERS[operation]
    kind = (
        "point"
        if "/points" in path
        else "session"
        if "/sessions" in path or "/invitations" in path
        else "token"
        if "/tokens" in path
        else "user"
        if "/users" in path
        else "device"
        if "/devices" in path
        else "building"
    )
    address = path.replace("{key}", getattr(names, kind)).replace("{repair}", "5d1c0a9b7e42") + (
        f"?{filled(query, names)}" if query else ""
    )
    sent = {"data": filled(body, names)} if isinstance(body, bytes) else {"json": filled(body, names)} if body else {}
    return client.open(address, method=method, headers={"X-CSRFToken": csrf} if csrf else {}, **sent)


def worded(text: str, names: Names) -> str:
    for field in fields(names):
        text = re.sub(rf"(?<![\w.]){re.escape(getattr(names, field.name))}(?![\w.])", f"<{field.name}>", text)
    return text


@pytest.mark.parametrize("operation", sorted(OPERATIONS_OF_OTHERS))
def test_without_sign_in_every_operation_asks_for_it(app: Flask, world: World, operation: str) -> None:
    answers = [ask(app.test_client(), operation, names) for names in (world.theirs, NOWHERE)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize("operation", sorted(OPERATIONS_OF_OTHERS))
def test_outsiders_cannot_tell_what_is_there(world: World, outsider: FlaskClient, who: str, operation: str) -> None:
    _, _, expected = OPERATIONS_OF_OTHERS[operation]
    session = {"tenant": world.tenant_session, "annex manager": world.annex_session}.get(who)
    found = world.ondol.people.resume_session(session) if session else None
    there, nowhere = (ask(outsider, operation, names, found and found.csrf_token) for names in (world.theirs, NOWHERE))
    if who == "tenant" and operation in TENANT_MAY:
        assert there.status_code == 200
        assert operation.endswith("live") or not re.search(r"hq\.main|hq\.f1", there.text)
        there.close()
        return
    if expected == LISTS:
        assert there.status_code == 200
        others = r"hq\.main|hq\.f1" if who == "tenant" else r"hq"
        assert not re.search(others, there.text)
        return
    # Who may not do such a thing at all is told that first, whatever it is about.
    allowed = {expected, "403"}
    assert {str(there.status_code), str(nowhere.status_code)} <= allowed, there.text
    assert there.status_code == nowhere.status_code
    assert worded(there.text, world.theirs) == worded(nowhere.text, NOWHERE)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_pages_show_outsiders_nothing(app: Flask, world: World, page: str) -> None:
    for who, session_id in (("annex manager", world.annex_session), ("tenant", world.tenant_session)):
        client = signed_in(app, session_id)
        kind = "point" if "/points" in page else "building"
        there, nowhere = (
            client.get(page.replace("<key>", getattr(n, kind)).replace("<name>", n.user))
            for n in (world.theirs, NOWHERE)
        )
        if PAGES[page] == LISTS or (
            who == "tenant" and kind == "building" and PAGES[page] == HIDDEN and page not in OF_WHOLE_BUILDINGS
        ):
            assert there.status_code == 200
            assert not re.search(r"hq\.main|hq\.f1" if who == "tenant" else "hq|본관", without_tokens(there.text))
            continue
        expected = PAGES[page] if PAGES[page] != WRITES else REFUSED if who == "tenant" else HIDDEN
        assert str(there.status_code) == str(nowhere.status_code) == expected
        assert plain(there.text, world.theirs) == plain(nowhere.text, NOWHERE)
    assert app.test_client().get(page.replace("<key>", "hq")).status_code == 302


def plain(text: str, names: Names) -> str:
    """The page's words, without what changes from answer to answer."""
    return worded(re.sub(r"<[^>]+>", " ", without_tokens(text)), names)


def without_tokens(text: str) -> str:
    """Random signs may spell anything."""
    return re.sub(r'(csrf_token" value|X-CSRFToken)[^>]*', "", text)


def test_a_tenant_is_told_that_the_figures_are_of_the_own_spaces(app: Flask, world: World) -> None:
    client = signed_in(app, world.tenant_session)
    client.set_cookie("ondol_language", "en")
    page = client.get("/buildings/hq").text
    assert "of your own spaces alone: 2, 201" in page
    assert 'id="forecast-card" aria-labelledby="forecast-title" aria-busy="true" hidden' in page
    assert 'data-contract=""' in page  # nobody asks for the building's demand
    assert "Your own spaces alone are counted" in client.get("/").text
    whole = signed_in(app, world.annex_session).get("/buildings/annex").text
    assert "own spaces" not in whole
