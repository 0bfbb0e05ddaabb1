"""The tree of meters on its page and by the API; a role is changed there."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from tests.making import make_building, make_token, make_user, sign_in

from ondol.common.access import SYSTEM, Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app

FILE = "time,Mains (kWh),Kitchen (kWh),Solar (kWh)\n" + "".join(
    f"2025-06-03T{hour:02}:00:00Z,{10 + hour % 5},{1 + hour % 2},3\n" for hour in range(24)
)
MAINS, KITCHEN = sum(10 + hour % 5 for hour in range(24)), sum(1 + hour % 2 for hour in range(24))


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hall", name="본관", timezone="UTC")
    ondol.imports.import_file(SYSTEM, "hall", "meters.csv", FILE.encode(), {})
    make_user(ondol, "kim", Role.MANAGER)
    make_user(ondol, "lee", Role.USER)
    return ondol


def browser_of(ondol: Installation, name: str) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, name)[0])
    client.set_cookie("ondol_language", "en")
    return client


def test_the_tree_shows_parts_and_the_rest(ondol: Installation) -> None:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'all', Scope.READ)}"
    tree = client.get("/api/v1/buildings/hall/meters?first=2025-06-01&last=2025-06-30").get_json()
    assert (tree["total"], tree["rest"]) == (pytest.approx(MAINS), pytest.approx(MAINS - KITCHEN))
    assert [meter["name"] for meter in tree["mains"] + tree["parts"] + tree["others"]] == [
        "Mains (kWh)", "Kitchen (kWh)", "Solar (kWh)",
    ]  # fmt: skip
    assert client.get("/api/v1/buildings/hall/meters?first=2025-06-30&last=2025-06-01").status_code == 400
    page = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", browser_of(ondol, "lee").get("/buildings/hall/meters?month=2025-06").text)
    )
    assert "not accounted for" in page
    assert "Not part of the use" in page


def test_a_role_is_changed_where_the_tree_is(ondol: Installation) -> None:
    kim = browser_of(ondol, "kim")
    page = kim.get("/buildings/hall/meters?month=2025-06").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    keys = {point.name: point.key for point in ondol.sites.points(SYSTEM, "hall")}
    sent = {"csrf_token": token[1], "point": keys["Kitchen (kWh)"], "role": "main", "submeter_of": ""}
    assert kim.post("/buildings/hall/meters", data=sent).status_code == 303
    assert {p.key for p in ondol.sites.points(SYSTEM, "hall") if p.is_main_meter} == {
        keys["Mains (kWh)"], keys["Kitchen (kWh)"],
    }  # fmt: skip
    assert kim.post("/buildings/hall/meters", data={**sent, "role": "boss"}).status_code == 400
    itself = {**sent, "submeter_of": keys["Kitchen (kWh)"]}
    assert kim.post("/buildings/hall/meters", data=itself).status_code == 400
    assert "<select" not in browser_of(ondol, "lee").get("/buildings/hall/meters").text.split("<tbody>")[1]
