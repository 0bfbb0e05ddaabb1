"""Names are one of a kind in the installation: who is limited to a building learns nothing by them, and catches nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.conftest import NOW
from tests.making import make_building, make_points, make_token

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.installation import Installation
from ondol.people import NewUser
from ondol.sites import NewBuilding, NewSpace, NewTenant
from ondol.web.app import create_app

SECOND = int(NOW.timestamp())
TIME = "2026-11-18T05:00:00Z"
FILE = b"time,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,2\n"
TELEGRAF = "cpu,host=pi temp"


@pytest.fixture(scope="module")
def ondol(world: Any) -> Installation:
    return world.ondol


@pytest.fixture(scope="module")
def client_of(ondol: Installation) -> Callable[..., FlaskClient]:
    app: Flask = create_app(ondol)
    known: dict[tuple[str, ...], FlaskClient] = {}

    def make(*buildings: str) -> FlaskClient:
        if buildings not in known:
            scopes = (Scope.READ, Scope.WRITE)
            name = "-".join(("registers", *buildings))
            secret = make_token(ondol, name, *scopes, buildings=list(buildings) or None, may_register=True)
            known[buildings] = app.test_client()
            known[buildings].environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return known[buildings]

    return make


def write(client: FlaskClient, *lines: str, bucket: str = "") -> tuple[int, str]:
    answer = client.post(
        f"/api/v2/write?precision=s&bucket={bucket}", data="\n".join(f"{line} {SECOND}" for line in lines)
    )
    return answer.status_code, answer.text


def points(client: FlaskClient) -> set[str]:
    return {item["key"] for item in client.get("/api/v1/points?limit=1000").get_json()["items"]}


ASKED: dict[str, Callable[[FlaskClient, str], Any]] = {
    "point": lambda client, key: client.post(
        "/api/v1/points", json={"key": key, "building": "annex", "name": "x", "quantity": "q"}
    ),
    "import": lambda client, key: client.post(f"/api/v1/imports?building=annex&name=a.csv&point={key}", data=FILE),
    "trial": lambda client, key: client.post(
        f"/api/v1/imports?building=annex&name=a.csv&dry_run=true&point={key}", data=FILE
    ),
    "mapping": lambda client, key: client.post(
        f"/api/v1/imports?building=annex&name=a.csv&mapping={{columns: {{kWh: {key}}}}}", data=FILE
    ),
}


@pytest.mark.parametrize("asked", sorted(ASKED))
def test_a_taken_key_of_another_building_is_told_in_the_words_for_a_free_one(client_of, asked: str) -> None:
    there, nowhere = (ASKED[asked](client_of("annex"), key) for key in ("hq.main", "hq.gone"))
    assert there.status_code == nowhere.status_code == 400
    assert there.text.replace("hq.main", "hq.gone") == nowhere.text
    assert "annex." in there.text


def test_a_taken_tenant_of_another_building_is_told_in_the_words_for_a_free_one(client_of) -> None:
    there, nowhere = (
        client_of("annex").post("/api/v1/tenants", json={"key": key, "building": "annex", "name": "x"})
        for key in ("t1", "t9")
    )
    assert there.status_code == nowhere.status_code == 400
    assert there.text.replace("t1", "t9") == nowhere.text
    body = {"key": "annex.t1", "building": "annex", "name": "x"}
    assert client_of("annex").post("/api/v1/tenants", json=body).status_code == 201


@pytest.mark.parametrize(
    ("line", "caught", "key"),
    [
        ("m,point=hq.f9.temp value=1", "m,point=hq.f9.temp value=2", "annex.hq.f9.temp"),
        ("sensor_readings,building_id=hq,floor=9,sensor_type=co2 value=1",) * 2 + ("annex.hq.9.co2",),
        (
            "sensor_readings,building_id=hq,floor=8,sensor_type=co2 value=1",
            "m,point=hq.8.co2 value=2",
            "annex.hq.8.co2",
        ),
        (f"{TELEGRAF}=1", f"{TELEGRAF}=2", "annex.cpu.pi.temp"),
        ("cpu,building_id=hq,host=pc temp=1", "cpu,building_id=hq,host=pc temp=2", "annex.hq.cpu.pc.temp"),
    ],
)
def test_who_registers_in_one_building_catches_nothing_that_others_send(
    client_of, line: str, caught: str, key: str
) -> None:
    annex = client_of("annex")
    assert write(annex, line) == (204, "")
    known = points(annex)
    assert key in known
    for other in (client_of("hq"), client_of()):
        assert write(other, caught, bucket="hq") == (204, "")
    assert points(annex) == known
    (value,) = [
        item["value"]
        for item in annex.get("/api/v1/buildings/annex/latest").get_json()["points"]
        if item["point"] == key
    ]
    assert value == 1.0


def test_a_name_with_the_buildings_tag_is_one_for_every_writer_of_the_building(client_of) -> None:
    line = "cpu,building_id=annex,host=desk temp="
    for client, value in ((client_of("annex"), 1), (client_of(), 2), (client_of("annex", "hq"), 3)):
        assert write(client, f"{line}{value}") == (204, "")
    (value,) = [
        item["value"] for item in client_of("annex").get("/api/v1/buildings/annex/latest").get_json()["points"]
        if item["point"] == "annex.cpu.desk.temp"
    ]  # fmt: skip
    assert value == 3.0


def test_a_point_of_the_building_is_found_by_the_name_that_it_had_before(ondol: Installation, client_of) -> None:
    assert write(client_of(), "cpu,host=old temp=1", bucket="annex") == (204, "")
    known = points(client_of("annex"))
    assert "cpu.old.temp" in known
    assert write(client_of("annex"), "cpu,host=old temp=2") == (204, "")
    assert points(client_of("annex")) == known
    make_points(
        ondol, "annex", [{"key": "old", "name": "old", "quantity": "electricity", "unit": "kWh", "kind": "total"}]
    )
    assert ASKED["import"](client_of("annex"), "old").get_json()["stored"] == 2


def test_names_that_are_not_in_use_cost_no_question(
    ondol: Installation, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a database that is away would hold up who is limited, though their points are known."""
    make_points(ondol, "annex", [{"key": "plain", "name": "plain", "quantity": "q"}])
    lines = ["m,point=plain value=1", "cpu,host=known temp=1", "m,point=annex.main value=1"]
    assert write(client_of("annex"), *lines) == (204, "")
    assert write(client_of("annex"), *lines) == (204, "")

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(ondol.sites.records, "points_by_key", away)
    assert write(client_of("annex"), *lines) == (204, "")


BAD_NAMES = ["", "annex.\0", "annex." + "x" * 500, "x" * 498]


@pytest.mark.parametrize("name", BAD_NAMES, ids=["empty", "NUL", "long", "long with its building"])
def test_a_name_that_no_store_takes_is_refused_alone(client_of, name: str) -> None:
    readings = [{"point": point, "time": TIME, "value": 1} for point in (name, "annex.good")]
    answer = client_of("annex").post("/api/v1/readings", json={"readings": readings})
    assert (answer.status_code, answer.get_json()["accepted"]) == (200, 1)
    (refused,) = answer.get_json()["errors"]
    assert (refused["line"], "500 characters" in refused["reason"]) == (1, True)


def test_a_floor_that_no_store_takes_is_refused_alone(client_of) -> None:
    line = f"sensor_readings,building_id=annex,floor={'9' * 99},sensor_type=co2 value=1"
    status, text = write(client_of("annex"), line, "m,point=annex.beside.temp value=1")
    assert (status, "floor" in text, "line 1" in text.lower() or '"line":1' in text) == (400, True, True)
    assert "annex.beside.temp" in points(client_of("annex"))


def test_what_devices_say_of_a_new_point_spoils_no_list(client_of) -> None:
    assert write(client_of("annex"), "m,point=annex. value=1") == (204, "")
    assert client_of("annex").get("/api/v1/points").status_code == 200


@pytest.mark.parametrize("given", ["quantity=" + "q" * 51, "unit=" + "u" * 21, "point=annex." + "x" * 200])
def test_what_a_file_says_of_a_new_point_spoils_no_list(client_of, given: str) -> None:
    answer = client_of("annex").post(f"/api/v1/imports?building=annex&name=a.csv&kind=interval&{given}", data=FILE)
    assert answer.status_code == 400, answer.text
    assert "characters" in answer.text
    assert client_of("annex").get("/api/v1/points").status_code == 200


@pytest.mark.parametrize("key", ["hq annex", "", "a/b", "a,b", "x" * 65, "a\0", "\u202ehq", ".hq"])
def test_a_key_is_one_from_every_door(ondol: Installation, key: str) -> None:
    """A token for `hq annex` would reach `hq` and `annex`."""
    for make in (
        lambda: ondol.sites.create_building(SYSTEM, NewBuilding(key=key, name="x")),
        lambda: ondol.sites.create_tenants(SYSTEM, "hq", [NewTenant(key=key, name="x")]),
        lambda: ondol.sites.create_spaces(SYSTEM, "hq", [NewSpace(key=key, name="x")]),
        lambda: ondol.imports.import_file(SYSTEM, key, "a.csv", FILE, {"dry_run": True}),
    ):
        with pytest.raises(InvalidInput):
            make()


def test_a_building_named_twice_is_reached_once(ondol: Installation) -> None:
    make_building(ondol, "b.1")
    new = NewUser(username="twice", email="twice@b", buildings=("b.1", "b.1"))
    assert ondol.people.create_user(SYSTEM, new).user.username == "twice"


@pytest.mark.parametrize("order", [("hq", "annex"), ("annex", "hq")])
def test_the_bucket_says_whose_device_it_is_that_two_buildings_have_by_one_name(
    client_of, ondol: Installation, order: tuple[str, str]
) -> None:
    everywhere, device = client_of(), f"°C,entity_id=hall_{order[0]} value"
    for building, value in zip(order, (21, 31), strict=True):
        for _ in range(2):
            assert write(everywhere, f"{device}={value}", bucket=building)[0] == 204
    for building, value in zip(order, (21, 31), strict=True):
        latest = everywhere.get(f"/api/v1/buildings/{building}/latest").get_json()["points"]
        assert [it["value"] for it in latest if f"hall_{order[0]}" in it["point"]] == [value]


def test_a_bucket_that_is_no_building_leaves_devices_where_they_are(client_of) -> None:
    everywhere = client_of()
    assert write(everywhere, "kWh,entity_id=only_one value=1", bucket="hq")[0] == 204
    before = points(everywhere)
    assert write(everywhere, "kWh,entity_id=only_one value=2", bucket="energy_data")[0] == 204
    assert points(everywhere) == before


def test_a_points_key_is_the_same_in_every_bucket(client_of) -> None:
    everywhere = client_of()
    before = points(everywhere)
    assert write(everywhere, "m,point=hq.main value=2", bucket="annex")[0] == 204
    assert points(everywhere) == before


def test_a_token_of_two_buildings_means_the_one_of_the_bucket(client_of) -> None:
    everywhere, both = client_of(), client_of("hq", "annex")
    device = "boiler,room=7 temp"
    assert write(everywhere, f"{device}=11", bucket="hq")[0] == 204
    assert write(both, f"{device}=22", bucket="annex")[0] == 204
    assert newest(everywhere, "hq", "boiler") == [11]
    assert newest(everywhere, "annex", "boiler") == [22]


@pytest.mark.parametrize("meant", [{"bucket": "annex"}, {"tag": ",building_id=annex"}])
def test_a_plain_name_belongs_to_the_building_that_is_named(client_of, meant: dict[str, str]) -> None:
    everywhere, name = client_of(), f"tmp-{'-'.join(meant)}.temp"
    assert write(everywhere, f"m,point={name} value=1", bucket="hq")[0] == 204
    assert write(everywhere, f"m,point={name}{meant.get('tag', '')} value=2", bucket=meant.get("bucket", ""))[0] == 204
    assert newest(everywhere, "hq", name) == [1]
    assert newest(everywhere, "annex", name) == [2]


def newest(client: FlaskClient, building: str, part: str) -> list[float]:
    latest = client.get(f"/api/v1/buildings/{building}/latest").get_json()["points"]
    return [it["value"] for it in latest if part in it["point"].replace(",", "_").replace("=", "_")]
