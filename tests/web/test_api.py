"""The API as programs use it, over a real installation."""
# ruff: noqa: E501

import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from tests.conftest import NOW, SetClock
from tests.making import make_building, make_points, make_token, make_user, sign_in

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.web.app import create_app

HOUR = "start=2026-11-18T05:00:00Z&end=2026-11-18T06:00:00Z"


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://", max_body_mb=1, live_viewers=1)
    make_building(ondol, "hq", name="본관", address="서울", timezone="Asia/Seoul")
    make_building(ondol, "annex", name="Annex", address="", timezone="Asia/Seoul")
    make_points(
        ondol,
        "hq",
        [
            {"key": "hq.power", "name": "주 전력", "quantity": "electricity", "unit": "kW", "max_value": 1000},
            {"key": "hq.meter", "name": "Gas", "quantity": "gas", "unit": "kWh", "kind": "total", "interval_s": 900},
        ],
    )
    make_points(ondol, "annex", [{"key": "annex.co2", "name": "CO2", "quantity": "co2", "unit": "ppm"}])
    return ondol


@pytest.fixture
def client_of(ondol: Installation) -> Callable[..., FlaskClient]:
    app = create_app(ondol)

    def client(*scopes: Scope, **more: object) -> FlaskClient:
        made = app.test_client()
        if scopes:
            secret = make_token(ondol, f"token {len(ondol.people.accounts.tokens())}", *scopes, **more)
            made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return made

    return client


@pytest.fixture
def api(client_of: Callable[..., FlaskClient]) -> FlaskClient:
    return client_of(Scope.READ, Scope.WRITE)


@pytest.fixture
def admin(client_of: Callable[..., FlaskClient]) -> FlaskClient:
    return client_of(Scope.ADMIN)


def write(api: FlaskClient, *rows: tuple[str, str, float], unit: str | None = None) -> dict:
    readings = [
        {"point": point, "time": time, "value": value} | ({"unit": unit} if unit else {}) for point, time, value in rows
    ]
    answer = api.post("/api/v1/readings", json={"readings": readings})
    assert answer.status_code in (200, 400)
    return answer.get_json()


def series(api: FlaskClient, point: str = "hq.power", more: str = HOUR + "&interval=raw") -> dict:
    answer = api.get(f"/api/v1/points/{point}/series?{more}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def problem(answer, status: int) -> str:
    """The detail of a problem document."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    document = answer.get_json()
    assert document["status"] == status
    assert document["title"]
    return document["detail"]


# Who may do what


def test_without_a_token_it_says_how_to_get_one(client_of) -> None:
    answer = client_of().get("/api/v1/buildings")
    assert "ondol token create" in problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Token x:y", "Basic !!!", "Basic eDp5", "Bearer", "\xff", "Digest a=b"]
)
def test_wrong_tokens_are_refused(client_of, header: str) -> None:
    problem(client_of().get("/api/v1/buildings", headers={"Authorization": header}), 401)


def test_a_token_does_only_what_its_scopes_say(client_of) -> None:
    reader, writer = client_of(Scope.READ), client_of(Scope.WRITE)
    assert "--scope write" in problem(reader.post("/api/v1/readings", json={}), 403)
    problem(writer.get("/api/v1/buildings"), 403)
    problem(writer.get("/api/v1/tokens"), 403)


def test_a_token_stays_in_its_buildings(client_of) -> None:
    limited = client_of(Scope.READ, Scope.WRITE, buildings=["annex"])
    for path in ("/api/v1/buildings/{}", "/api/v1/buildings/{}/latest", "/api/v1/points/{}.power", "/api/v1/live?building={}",
                 "/api/v1/points/{}.power/series?" + HOUR, "/api/v1/buildings/{}/usage?" + HOUR, "/api/v1/tenants?building={}"):  # fmt: skip
        # What is out of reach is answered in the very words for what is not there.
        there, nowhere = (problem(limited.get(path.format(key)), 404) for key in ("hq", "no"))
        assert there.replace("hq", "no") == nowhere
    problem(limited.patch("/api/v1/points/hq.power", json={"name": "x"}), 404)
    for key in ("new", "hq"):
        problem(limited.post("/api/v1/buildings", json={"key": key, "name": "New"}), 403)
        problem(limited.post(f"/api/v1/imports?building={key}&name=a.csv", data=b""), 404)
    assert [item["key"] for item in limited.get("/api/v1/buildings").get_json()["items"]] == ["annex"]
    assert [item["key"] for item in limited.get("/api/v1/points").get_json()["items"]] == ["annex.co2"]
    receipt = write(limited, ("hq.power", "2026-11-18T05:00:00Z", 1), ("annex.co2", "2026-11-18T05:00:00Z", 1))
    assert (receipt["accepted"], receipt["rejected"]) == (1, 1)
    assert receipt["errors"][0]["reason"].startswith("there is no point 'hq.power'")


def test_an_administrators_token_that_is_limited_makes_no_wider_ones(ondol: Installation, client_of) -> None:
    limited = client_of(Scope.ADMIN, buildings=["annex"])
    problem(limited.post("/api/v1/tokens", json={"key": "all", "scopes": ["admin"]}), 403)
    _, session = sign_in(ondol, make_user(ondol, "kim", Role.USER).username)
    problem(limited.get("/api/v1/sessions"), 403)
    problem(limited.get("/api/v1/sessions?user=kim"), 403)
    problem(limited.delete(f"/api/v1/sessions/{session.key}"), 403)
    assert ondol.people.access_of_session(session)
    for method, path, body in (("PATCH", "/api/v1/users/kim", {"active": False}), ("GET", "/api/v1/users", None)):
        problem(limited.open(path, method=method, json=body), 403)
    assert limited.get("/api/v1/buildings/annex").status_code == 200


def test_a_token_of_no_building_is_not_one_of_all(ondol: Installation, admin: FlaskClient) -> None:
    problem(admin.post("/api/v1/tokens", json={"key": "none", "scopes": ["read"], "buildings": []}), 400)
    with pytest.raises(InvalidInput, match="at least one building"):
        make_token(ondol, "none", Scope.READ, buildings=[])
    assert "none" not in [token.name for token in ondol.people.tokens(SYSTEM)]


def test_a_revoked_token_ends_at_once(ondol: Installation, client_of, admin: FlaskClient) -> None:
    made = admin.post("/api/v1/tokens", json={"key": "device", "scopes": ["read"]}).get_json()
    headers = {"Authorization": f"Token {made['token']}"}
    assert client_of().get("/api/v1/buildings", headers=headers).status_code == 200
    assert admin.delete("/api/v1/tokens/device").status_code == 204
    problem(client_of().get("/api/v1/buildings", headers=headers), 401)
    problem(admin.delete("/api/v1/tokens/device"), 404)
    assert "device" not in [token["key"] for token in admin.get("/api/v1/tokens").get_json()["items"]]


def test_a_session_reads_and_with_its_form_token_writes(ondol: Installation, client_of) -> None:
    make_user(ondol, "kim", Role.MANAGER, "a-long-password")
    person = client_of()
    session_id, session = sign_in(ondol, "kim", "a-long-password", "127.0.0.1")
    person.set_cookie("ondol_session", session_id)
    assert person.get("/api/v1/buildings").status_code == 200
    change = {"name": "새 본관"}
    problem(person.patch("/api/v1/buildings/hq", json=change), 403)
    problem(person.patch("/api/v1/buildings/hq", json=change, headers={"X-CSRFToken": "wrong"}), 403)
    answer = person.patch("/api/v1/buildings/hq", json=change, headers={"X-CSRFToken": session.csrf_token})
    assert answer.get_json()["name"] == "새 본관"
    problem(person.get("/api/v1/users"), 403)


# Problems


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/api/v1/nothing", 404), ("POST", "/api/v1/nothing", 404), ("GET", "/api/v1/buildings/none", 404), ("GET", "/api/v1/points/none", 404),
    ("GET", "/api/v1/points?building=none", 404), ("DELETE", "/api/v1/buildings", 405), ("PUT", "/api/v1/readings", 405), ("GET", "/write", 405),
    ("GET", "/api/v1/buildings?limit=0", 400), ("GET", "/api/v1/buildings?limit=x", 400), ("GET", "/api/v1/buildings?limt=5", 400),
    ("GET", "/api/v1/points/hq.power/series", 400), ("GET", "/api/v1/points/hq.power/series?start=2026-01-01&end=2026-01-02", 400),
    ("GET", "/api/v1/points/hq.power/series?start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", 400),
    ("GET", f"/api/v1/points/hq.power/series?{HOUR}&interval=2h", 400), ("GET", f"/api/v1/buildings/hq/usage?{HOUR}&interval=raw", 400),
    ("GET", f"/api/v1/buildings/hq/usage?{HOUR}&quantity=steam", 404), ("POST", "/api/v1/buildings", 400), ("POST", "/api/v1/points", 400),
])  # fmt: skip
def test_every_error_is_a_problem_document(api: FlaskClient, method: str, path: str, status: int) -> None:
    assert problem(api.open(path, method=method), status)


def test_wrong_fields_are_named(api: FlaskClient) -> None:
    answer = api.post("/api/v1/buildings", json={"key": "한 글", "floors": 1000, "color": "red"})
    assert "name" in problem(answer, 400)
    assert {item["field"] for item in answer.get_json()["errors"]} == {"key", "name", "floors", "color"}


def test_taken_keys_and_large_bodies(api: FlaskClient) -> None:
    assert "exists already" in problem(api.post("/api/v1/buildings", json={"key": "hq", "name": "x"}), 409)
    assert "ONDOL_MAX_BODY_MB" in problem(api.post("/api/v1/readings", data=b" " * (2**20 + 1)), 413)


def test_a_store_that_is_away_says_when_to_try_again(ondol: Installation, api: FlaskClient, monkeypatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("the disk is full; free some space")

    monkeypatch.setattr(ondol.history.timeseries, "append", away)
    answer = api.post(
        "/api/v1/readings", json={"readings": [{"point": "hq.power", "time": "2026-11-18T05:00:00Z", "value": 1}]}
    )
    assert "disk is full" in problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


# Buildings and points


def test_buildings_and_points_are_created_read_and_changed(api: FlaskClient) -> None:
    new = {
        "key": "tower",
        "name": "세종 타워",
        "address": "세종특별자치시",
        "timezone": "Asia/Seoul",
        "floors": 12,
        "total_area_m2": 9800.5,
    }
    assert api.post("/api/v1/buildings", json=new).status_code == 201
    assert api.patch("/api/v1/buildings/tower", json={"contract_power_kw": 600}).status_code == 200
    read = api.get("/api/v1/buildings/tower").get_json()
    assert read.items() >= {**new, "contract_power_kw": 600}.items()
    assert api.post("/api/v1/points", json={"key": "tower.전력", "building": "tower", "name": "주 전력량계", "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}).status_code == 201  # fmt: skip
    assert api.post("/api/v1/points", json={"key": "tower.sub", "building": "tower", "name": "B1", "quantity": "electricity", "submeter_of": "tower.전력"}).status_code == 201  # fmt: skip
    path = f"/api/v1/points/{quote('tower.전력')}"
    assert api.patch(path, json={"rollover_at": 1e6}).get_json()["rollover_at"] == 1e6
    assert api.get(path).get_json()["name"] == "주 전력량계"
    assert api.get("/api/v1/points/tower.sub").get_json()["submeter_of"] == "tower.전력"
    assert api.patch("/api/v1/points/tower.sub", json={"submeter_of": None}).get_json()["submeter_of"] is None
    problem(api.patch("/api/v1/points/tower.sub", json={"submeter_of": "tower.sub"}), 400)
    problem(api.patch("/api/v1/points/tower.sub", json={"submeter_of": "none"}), 404)
    problem(api.patch("/api/v1/points/tower.sub", json={}), 400)
    problem(api.patch("/api/v1/buildings/tower", json={"name": None}), 400)
    problem(api.post("/api/v1/buildings", json={"key": "moon", "name": "Moon", "timezone": "Moon/Base"}), 400)
    problem(
        api.post(
            "/api/v1/points", json={"key": "t.x", "building": "tower", "name": "x", "quantity": "x", "space": "none"}
        ),
        404,
    )


def test_lists_come_in_parts(ondol: Installation, api: FlaskClient) -> None:
    make_points(
        ondol,
        "hq",
        [{"key": f"hq.{name}", "name": name, "quantity": "co2", "unit": "ppm"} for name in ["B", "a", "가", "_", "1"]],
    )
    keys: list[str] = []
    cursor, parts = "", 0
    while cursor is not None:
        answer = api.get(f"/api/v1/points?building=hq&limit=2{cursor and '&cursor=' + quote(cursor)}").get_json()
        keys += [item["key"] for item in answer["items"]]
        cursor, parts = answer["next"], parts + 1
    assert keys == sorted(["hq.power", "hq.meter", "hq.B", "hq.a", "hq.가", "hq._", "hq.1"])
    assert parts == 4
    assert [item["key"] for item in api.get("/api/v1/points?quantity=gas").get_json()["items"]] == ["hq.meter"]


# Writing


def test_the_answer_counts_and_names_the_lines(api: FlaskClient) -> None:
    good = ("hq.power", "2026-11-18T05:00:00Z", 1.0)
    receipt = write(api, good, *[("hq.none", "2026-11-18T05:00:00Z", 1.0)] * 150, ("hq.power", "yesterday", 1.0))
    assert (receipt["accepted"], receipt["rejected"], len(receipt["errors"])) == (1, 151, 100)
    assert receipt["errors"][0]["line"] == 2
    assert "--register" in receipt["errors"][0]["reason"]
    assert (
        api.post(
            "/api/v1/readings", json={"readings": [{"point": "no", "time": "2026-11-18T05:00:00Z", "value": 1}]}
        ).status_code
        == 400
    )
    columns = {
        "columns": [
            {"point": "hq.power", "times": ["2026-11-18T05:01:00Z", "2026-11-18T05:02:00+00:00"], "values": [2, 3]}
        ]
    }
    assert api.post("/api/v1/readings", json=columns).get_json()["accepted"] == 2
    assert series(api)["values"] == [1.0, 2.0, 3.0]


def test_units_convert_and_suspect_values_are_flagged(api: FlaskClient) -> None:
    write(api, ("hq.power", "2026-11-18T05:00:00Z", 2500), unit="W")
    write(api, ("hq.power", "2026-11-18T05:01:00Z", 7), unit="degC")
    write(api, ("hq.power", "2026-11-18T05:02:00Z", 1001))
    write(api, ("hq.power", "2026-11-18T08:00:00Z", 5))
    found = series(api, more="start=2026-11-18T05:00:00Z&end=2026-11-18T09:00:00Z&interval=raw")
    assert found["values"] == [2.5, 7.0, 1001.0, 5.0]
    assert found["quality"] == ["good", "unit_mismatch", "out_of_range", "future"]
    latest = api.get("/api/v1/buildings/hq/latest").get_json()["points"]
    assert [(point["point"], point["value"], point["time"]) for point in latest] == [
        ("hq.power", 1001.0, "2026-11-18T05:02:00Z")
    ]


def test_unknown_points_are_registered_when_the_token_may(client_of) -> None:
    registrar = client_of(Scope.WRITE, Scope.READ, may_register=True)
    receipt = write(registrar, ("annex.온도", "2026-11-18T05:00:00Z", 21.5), ("nowhere", "2026-11-18T05:00:00Z", 1))
    assert (receipt["accepted"], receipt["rejected"]) == (1, 1)
    assert "no building is known" in receipt["errors"][0]["reason"]
    assert series(registrar, quote("annex.온도"))["values"] == [21.5]


def test_repeated_and_late_readings_are_aggregated_again(ondol: Installation, api: FlaskClient) -> None:
    def used() -> float:
        ondol.history.aggregate()
        return api.get(f"/api/v1/buildings/hq/usage?{HOUR}&quantity=gas&interval=1h").get_json()["total"]

    write(api, ("hq.meter", "2026-11-18T05:00:00Z", 10), ("hq.meter", "2026-11-18T05:30:00Z", 20))
    assert used() == 30
    write(api, ("hq.meter", "2026-11-18T05:30:00Z", 25))
    assert used() == 35
    write(api, ("hq.meter", "2026-11-18T05:15:00Z", 5))
    assert used() == 40
    write(api, ("hq.meter", "2026-11-18T05:15:00Z", 5))
    assert used() == 40


def test_readings_older_than_raw_ones_are_kept_go_into_history(ondol: Installation, api: FlaskClient) -> None:
    """Where raw readings are kept for good, as on the servers of the tests, none is too old to be one of them."""
    is_for_good = "retention_days=0" in ondol.settings.timeseries.get_secret_value()
    receipt = write(api, *[("hq.meter", f"2025-01-15T0{hour}:00:00Z", 4.0) for hour in range(4)])
    assert receipt["accepted"] == 4
    ondol.history.aggregate()
    assert ondol.history.timeseries.status().readings == (4 if is_for_good else 0)
    bounds = "start=2025-01-15T00:00:00Z&end=2025-01-15T04:00:00Z"
    assert api.get(f"/api/v1/buildings/hq/usage?{bounds}&quantity=gas&interval=1h").get_json()["total"] == 16
    assert series(api, "hq.meter", bounds + "&interval=1h")["values"] == [4.0] * 4


# Reading


def test_series_at_every_resolution(ondol: Installation, api: FlaskClient) -> None:
    write(api, *[("hq.power", f"2026-11-18T05:{minute:02}:00Z", float(minute)) for minute in range(60)])
    ondol.history.aggregate()
    assert series(api)["values"] == list(range(60))
    half_open = series(api, more="start=2026-11-18T05:10:00Z&end=2026-11-18T05:12:00Z&interval=raw")
    assert half_open["times"] == ["2026-11-18T05:10:00Z", "2026-11-18T05:11:00Z"]
    assert series(api, more=HOUR + "&interval=1m")["values"] == list(range(60))
    quarters = series(api, more=HOUR + "&interval=15m")
    assert quarters["values"] == pytest.approx([7, 22, 37, 52])
    assert (quarters["unit"], quarters["interval"], quarters["times"][1]) == ("kW", "15m", "2026-11-18T05:15:00Z")
    for aggregate, value in {"mean": 29.5, "min": 0, "max": 59, "last": 59}.items():
        assert series(api, more=f"{HOUR}&interval=1h&aggregate={aggregate}")["values"] == [pytest.approx(value)]
    day = series(api, more="start=2026-11-17T15:00:00Z&end=2026-11-19T15:00:00Z&interval=1d")
    assert (day["times"], day["values"]) == (
        ["2026-11-17T15:00:00Z", "2026-11-18T15:00:00Z"],
        [pytest.approx(29.5), None],
    )
    assert day["quality"][1] == "missing"
    month = series(api, more="start=2026-10-31T15:00:00Z&end=2026-11-30T15:00:00Z&interval=1mo")
    assert month["values"] == [pytest.approx(29.5)]


def test_too_many_values_come_coarser(api: FlaskClient) -> None:
    write(api, *[("hq.power", f"2026-11-18T05:{minute:02}:00Z", 1.0) for minute in range(60)])
    assert series(api, more=HOUR + "&interval=raw&max_points=59")["interval"] == "15m"
    assert series(api, more=HOUR + "&interval=15m&max_points=3")["interval"] == "1h"
    long = series(api, more="start=2020-01-01T00:00:00Z&end=2027-01-01T00:00:00Z&interval=1m&max_points=100")
    assert (long["interval"], len(long["values"])) == ("1mo", 85)


def test_power_adds_up_to_energy(ondol: Installation, api: FlaskClient) -> None:
    write(api, *[("hq.power", f"2026-11-18T05:{minute:02}:00Z", 30.0) for minute in range(0, 60, 5)])
    ondol.history.aggregate()
    usage = api.get(f"/api/v1/buildings/hq/usage?{HOUR}&interval=15m").get_json()
    assert [item["value"] for item in usage["intervals"]] == pytest.approx([7.5] * 4)
    assert usage["unit"] == "kWh"
    assert usage["total"] == pytest.approx(30)
    assert usage["intervals"][0]["start"] == "2026-11-18T05:00:00Z"


# Live


def test_live_streams_what_arrives_and_frees_its_place(ondol: Installation, api: FlaskClient) -> None:
    stream = api.get("/api/v1/live?building=hq")
    assert (stream.status_code, stream.mimetype) == (200, "text/event-stream")
    full = api.get("/api/v1/live?building=hq")
    assert "ONDOL_LIVE_VIEWERS" in problem(full, 503)
    assert full.headers["Retry-After"]
    events = stream.iter_encoded()
    assert next(events).startswith(b"retry:")
    write(api, ("hq.power", "2026-11-18T05:00:00Z", 1), ("annex.co2", "2026-11-18T05:00:00Z", 400))
    write(api, ("hq.power", "2026-11-18T05:00:01Z", 2))
    ondol.history.live.tell()
    name, data = next(events).decode().strip().split("\n")
    assert name == "event: readings"
    assert json.loads(data.removeprefix("data: ")) == {
        "readings": [{"point": "hq.power", "time": "2026-11-18T05:00:01Z", "value": 2.0, "quality": "good"}]
    }
    stream.close()
    again = api.get("/api/v1/live?building=hq")
    assert again.status_code == 200
    again.close()


def test_nobody_holds_every_place_of_the_live_view(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://", live_viewers=12)
    make_building(ondol, "hq")
    app = create_app(ondol)

    def watching(name: str):
        headers = {"Authorization": f"Bearer {secrets[name]}"}
        return app.test_client().get("/api/v1/live?building=hq", headers=headers)

    secrets = {name: make_token(ondol, name, Scope.READ) for name in ("greedy", "a", "b", "c", "d")}
    held = [watching("greedy") for _ in range(3)]
    assert [stream.status_code for stream in held] == [200] * 3
    refused = watching("greedy")
    assert "3 live views open, as many as one may hold" in problem(refused, 429)
    assert refused.headers["Retry-After"]
    make_user(ondol, "kim", Role.USER)
    person = app.test_client()
    person.set_cookie("ondol_session", sign_in(ondol, "kim")[0])
    held.append(person.get("/api/v1/live?building=hq"))
    held.pop(0).close()
    held += [watching(name) for name in ("greedy", "a", "a", "a", "b", "b", "b", "c", "c")]
    assert [stream.status_code for stream in held] == [200] * 12
    assert "ONDOL_LIVE_VIEWERS" in problem(watching("d"), 503)
    for stream in held:
        stream.close()
    again = watching("d")
    assert again.status_code == 200
    again.close()


# The document


def test_the_openapi_document_is_valid(api: FlaskClient) -> None:
    document = api.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_documented_operation_is_there(api: FlaskClient, admin: FlaskClient) -> None:
    documented = api.get("/api/openapi.json").get_json()["paths"]
    known = {
        "/api/v1/tokens/{key}": "none",
        "/api/v1/points/{key}": "hq.power",
        "/api/v1/points/{key}/series": "hq.power",
    }
    operations = [(path, method) for path, methods in documented.items() for method in methods]
    assert len(operations) > 20
    for path, method in operations:
        address = re.sub(r"\{key\}", known.get(path, "hq"), path)
        answer = admin.open(address, method=method.upper())
        assert answer.status_code != 405, (method, path)
        assert answer.status_code != 404 or "/api/docs" not in answer.get_json()["detail"], (method, path)


def test_influxdb_clients_find_what_they_ask_for(client_of) -> None:
    anyone = client_of()
    assert anyone.get("/ping").status_code == 204
    assert anyone.post("/query?q=CREATE+DATABASE+telegraf").status_code == 200
    assert anyone.get("/healthz").get_json()["status"] == "ok"
    assert anyone.get("/readyz").get_json() == {"status": "ready"}


def test_metrics_are_for_who_sees_the_whole_installation(ondol: Installation, client_of, open_ondol) -> None:
    problem(client_of().get("/metrics"), 401)
    problem(client_of(Scope.READ, buildings=["hq"]).get("/metrics"), 403)
    problem(client_of(Scope.WRITE).get("/metrics"), 403)
    assert "ondol_readings" in client_of(Scope.READ).get("/metrics").text
    told = client_of(Scope.READ).get("/readyz").get_json()
    assert (told["status"], told["degraded"], told["restarts"]["number"]) == ("ready", {}, 0)
    assert client_of(Scope.READ, buildings=["hq"]).get("/readyz").get_json() == {"status": "ready"}
    for role, status in ((Role.USER, 403), (Role.MANAGER, 403), (Role.ADMIN, 200)):
        make_user(ondol, role.value * 2, role)
        person = client_of()
        person.set_cookie("ondol_session", sign_in(ondol, role.value * 2)[0])
        assert person.get("/metrics").status_code == status


def test_a_setting_opens_the_metrics(open_ondol) -> None:
    anyone = create_app(open_ondol(timeseries_url="memory://", open_metrics=True)).test_client()
    assert "ondol_readings" in anyone.get("/metrics").text
    assert anyone.get("/readyz").get_json()["degraded"] == {}


# Sessions


def test_sessions_end_by_the_clock_and_live_on_when_used(open_ondol, clock: SetClock) -> None:
    ondol = open_ondol(timeseries_url="memory://", session_ttl_s=3600)
    make_user(ondol, "kim", Role.USER, "a-long-password")
    session_id, _ = sign_in(ondol, "kim", "a-long-password", "127.0.0.1")
    clock.forward(seconds=3000)
    assert ondol.people.resume_session(session_id)
    clock.forward(seconds=3000)
    assert ondol.people.resume_session(session_id)
    clock.forward(seconds=3600)
    assert ondol.people.resume_session(session_id) is None
    assert clock() == NOW + timedelta(seconds=9600)
