"""A virtual point is made on a page, by whoever may change the whole building."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from tests.making import make_building, make_points, make_token, make_user, sign_in

from ondol.common.access import SYSTEM, Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app

FORM = {"name": "순사용량", "formula": "[hall.main] - [hall.pv]", "quantity": "net_electricity", "unit": "kWh"}


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hall")
    for key in ("main", "pv", "other"):
        make_points(
            ondol, "hall", [{"key": f"hall.{key}", "name": key, "quantity": key, "unit": "kWh", "kind": "total"}]
        )
    make_user(ondol, "kim", Role.ADMIN)
    make_user(ondol, "lee", Role.USER)
    return ondol


def signed_in(ondol: Installation, name: str) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, name)[0])
    client.set_cookie("ondol_language", "ko")
    return client


def send(client: FlaskClient, **fields: str):
    page = client.get("/buildings/hall/virtual-point").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0] if "csrf_token" in page else ""
    return client.post("/buildings/hall/virtual-point", data={**FORM, "csrf_token": token, **fields})


def test_it_is_made_and_shown(ondol: Installation) -> None:
    client = signed_in(ondol, "kim")
    assert "virtual-point" in client.get("/buildings/hall/meters").text
    answer = send(client)
    assert (answer.status_code, answer.location) == (303, "/points/hall.%EC%88%9C%EC%82%AC%EC%9A%A9%EB%9F%89")
    assert "[hall.main] - [hall.pv]" in client.get(answer.location).text
    point = ondol.sites.point(SYSTEM, "hall.순사용량")
    assert (point.kind.value, point.role.value, point.formula) == ("total", "check", FORM["formula"])


@pytest.mark.parametrize(("fields", "said"), [
    ({"formula": "[hall.main] -"}, "중간에 끝났습니다"), ({"unit": "m3"}, "m3이(가) 아닙니다"), ({"key": "hall.other"}, "이미 있습니다"),
    ({"formula": "[mall.x]"}, "mall.x"),
])  # fmt: skip
def test_what_does_not_fit_is_said_and_the_form_kept(ondol: Installation, fields: dict[str, str], said: str) -> None:
    answer = send(signed_in(ondol, "kim"), **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert FORM["name"] in answer.text


def test_who_may_only_look_has_no_form(ondol: Installation) -> None:
    client = signed_in(ondol, "lee")
    assert client.get("/buildings/hall/virtual-point").status_code in (403, 404)
    assert send(client).status_code in (400, 403, 404)
    assert len(ondol.sites.points(SYSTEM, "hall")) == 3


def test_the_api_tells_the_kind_by_the_formula(ondol: Installation) -> None:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'x', Scope.READ, Scope.WRITE)}"
    new = {
        "key": "hall.p",
        "building": "hall",
        "name": "p",
        "quantity": "q",
        "unit": "kW",
        "formula": "power([hall.main])",
    }
    made = client.post("/api/v1/points", json=new).get_json()
    assert (made["kind"], made["role"]) == ("measurement", "check")
