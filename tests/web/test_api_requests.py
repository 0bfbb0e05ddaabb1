"""What callers may get wrong: each mistake is refused with a sentence that names it, and no store ever sees it."""

import gzip
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from tests.making import make_building, make_points, make_token

from ondol.common.access import Scope
from ondol.installation import Installation
from ondol.web.api.openapi import openapi_document
from ondol.web.app import create_app

START, END = "2026-11-18T05:00:00Z", "2026-11-18T06:00:00Z"
SERIES = "/api/v1/points/hq.power/series"
NEW = {"key": "tower", "name": "Tower"}


@pytest.fixture
def api(ondol: Installation) -> FlaskClient:
    make_building(ondol, "hq")
    make_points(ondol, "hq", [{"key": "hq.power", "name": "power", "quantity": "electricity", "unit": "kW"}])
    client = create_app(ondol).test_client()
    secret = make_token(ondol, "everything", *Scope, may_register=True)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/api/v1/buildings/hq?nme=x", "nme"),
        ("/api/v1/tokens?limit=5", "limit"),
        (f"{SERIES}?start={START}&end={END}&start={END}", "start: given more than once"),
        (f"{SERIES}?start=1768473000&end={END}", "start"),
        (f"{SERIES}?start=2026-11-18T05:00:00+09:00&end={END}", "in a URL + is %2B"),
        (f"{SERIES}?start=1969-12-31T23:59:59Z&end={END}", "between 1970 and 2100"),
        ("/api/v1/points?quantity=%00", "NUL"),
        ("/api/v1/points?building=a%20b", "building"),
        (f"/api/v1/buildings/hq/usage?start={START}&end={END}&interval=1m", "interval"),
    ],
)
def test_a_wrong_parameter_is_named(api: FlaskClient, path: str, named: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 400
    assert named in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a\0b"},
        {"name": "x" * 101},
        {"address": None},
        {"floors": "5"},
        {"floors": True},
        {"floors": 10**30},
        {"total_area_m2": 1e8},
        {"timezone": 5},
        {"key": "../hq"},
        {"key": "한 글"},
    ],
)
def test_a_wrong_field_is_named(api: FlaskClient, change: dict[str, object]) -> None:
    answer = api.post("/api/v1/buildings", json={**NEW, **change})
    assert answer.status_code == 400
    assert [item["field"] for item in answer.get_json()["errors"]] == list(change)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"key": "\\ud800"}', b"\xff", b'{"floors": NaN}'])
def test_a_body_that_is_no_such_object_is_refused(api: FlaskClient, body: bytes) -> None:
    assert api.post("/api/v1/buildings", data=body).status_code == 400


def test_a_body_that_is_said_to_be_no_json_is_refused(api: FlaskClient) -> None:
    answer = api.post("/api/v1/buildings", data=b'{"key": "x", "name": "X"}', content_type="text/xml")
    assert answer.status_code == 415
    assert "application/json" in answer.get_json()["detail"]
    for media in ("application/json; charset=utf-8", "application/merge-patch+json"):
        answer = api.patch("/api/v1/buildings/hq", data=b'{"name": "HQ", "floors": 8.0}', content_type=media)
        assert (answer.status_code, answer.get_json()["floors"]) == (200, 8)


@pytest.mark.parametrize("path", ["/api/v1/points/%00", "/api/v1/points/a%2Fb", "/api/v1/points/..", "/api/v1/nothing"])
def test_what_can_be_no_key_is_not_there(api: FlaskClient, path: str) -> None:
    assert api.get(path).status_code == 404
    assert api.get(path).mimetype == "application/problem+json"


def test_every_method_is_answered(api: FlaskClient) -> None:
    answer = api.delete("/api/v1/buildings/hq")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "PATCH"})
    assert api.open("/api/v1/buildings", method="TRACE").status_code == 405
    assert (api.head("/api/v1/buildings/hq").status_code, api.head("/api/v1/buildings/hq").data) == (200, b"")


@pytest.mark.parametrize(
    "new",
    [
        {"role": "admin", "buildings": ["hq"]},
        {"role": "tenant", "buildings": ["hq"]},
        {"role": "user", "tenants": ["cafe"]},
        {"email": "nobody"},
        {"password": "short"},
        {"key": "x"},
    ],
)
def test_a_user_that_cannot_be_is_refused(api: FlaskClient, new: dict[str, object]) -> None:
    body = {"key": "kim", "email": "kim@example.com", **new}
    assert api.post("/api/v1/users", json=body).status_code == 400


def test_a_token_is_named_so_that_it_can_be_revoked(api: FlaskClient) -> None:
    assert api.post("/api/v1/tokens", json={"key": "a/b", "scopes": ["read"]}).status_code == 400
    name = "ESP 32: 1층 #3?"
    assert api.post("/api/v1/tokens", json={"key": name, "scopes": ["read"]}).status_code == 201
    assert api.delete(f"/api/v1/tokens/{quote(name)}").status_code == 204


def test_whatever_a_device_calls_itself_it_is_registered_or_refused_by_line(api: FlaskClient) -> None:
    names = ["hq.a.", "hq." + "x" * 600, "hq.\0", "hq.x‿y"]
    rows = [{"point": name, "time": START, "value": 1} for name in names]
    receipt = api.post("/api/v1/readings", json={"readings": rows}).get_json()
    assert (receipt["accepted"], [refused["line"] for refused in receipt["errors"]]) == (2, [2, 3])
    line = f'sensor_readings,building_id=hq,sensor_type={"t" * 90},floor=3 value=1,unit="%s{"u" * 40}"'
    assert [api.post("/api/v2/write", data=line % unit).status_code for unit in ("\0", "")] == [400, 204]
    assert len(api.get("/api/v1/points?building=hq").get_json()["items"]) == 1
    waiting = api.get("/api/v1/devices/new?building=hq").get_json()["items"]
    assert {item["name"] for item in waiting} == {"hq.a.", "hq.x‿y", f"hq.3.{'t' * 90}"}


@pytest.mark.parametrize(
    "column",
    [
        "{point: ../a}",
        '{point: "a\\0b"}',
        "{point: a, kind: [1]}",
        f"{{point: a, quantity: {'q' * 51}}}",
        f"{{point: {'x' * 201}}}",
    ],
)
def test_a_mapping_names_points_that_can_be(api: FlaskClient, column: str) -> None:
    data = "".join(f"2026-01-01 0{hour}:00,{hour}\n" for hour in range(4))
    query = {
        "building": "hq",
        "name": "a.csv",
        "mapping": f"- {{kind: interval, unit: kWh, columns: {{value: {column}}}}}",
    }
    answer = api.post("/api/v1/imports", query_string=query, data="time,value\n" + data)
    assert answer.status_code == 400, answer.text
    query["mapping"] = "[" * 1500 + "]" * 1500
    assert "nested" in api.post("/api/v1/imports", query_string=query, data="time,value\n" + data).get_json()["detail"]


def test_the_units_of_a_row_are_texts(api: FlaskClient) -> None:
    row = {"point": "hq.power", "time": START, "value": 1, "unit": {}}
    assert api.post("/api/v1/readings", json={"readings": [row]}).status_code == 400


def test_line_protocol_and_its_refusals_are_described_in_both_their_media_types() -> None:
    for path in ("/write", "/api/v2/write"):
        described = openapi_document()["paths"][path]["post"]
        assert set(described["requestBody"]["content"]) == {"text/plain", "application/octet-stream"}
        assert set(described["responses"]["400"]["content"]) == {"application/problem+json", "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (gzip.compress(b"") * 200_000, 400, "1000 members"),
        (gzip.compress(b"#" * (65 * 2**20)), 413, "ONDOL_MAX_BODY_MB"),
        (gzip.compress(b"#\n" * (30 * 2**20)), 400, "1,000,000 lines"),
        (gzip.compress(b"m v=1\n")[:-4], 400, "ends too early"),
        (gzip.compress(b"m v=1\n") + b"rubbish", 400, "not gzip"),
    ],
    ids=["members", "large", "lines", "cut", "rubbish"],
)
def test_a_body_that_unpacks_into_too_much_is_refused_before_it_is_read(
    api: FlaskClient, body: bytes, status: int, named: str
) -> None:
    answer = api.post("/api/v2/write", data=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == status
    assert named in answer.json["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"readings": [' + b"{}," * 260_000 + b"{}]}",
        b'{"columns": [{"point": "hq.power", "times": [], "values": [' + b"1," * 3_000_000 + b"1]}]}",
        b'{"readings": [' + b"[]," * 3_100_000 + b"[]]}",
    ],
    ids=["rows", "values", "lists"],
)
def test_json_of_countless_parts_is_refused_before_it_is_read(api: FlaskClient, body: bytes) -> None:
    answer = api.post("/api/v1/readings", data=body)
    assert answer.status_code == 400
    assert "send it in parts" in answer.json["detail"]


def test_a_gzip_body_of_several_members_is_one(api: FlaskClient) -> None:
    body = gzip.compress(b"m,point=hq.power value=1.5 1794981600\n") + gzip.compress(
        b"m,point=hq.power value=2.5 1794981601"
    )
    answer = api.post("/api/v2/write?precision=s", data=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 204
