"""The page on which a point is edited: what changes is shown first, and what is lost is asked about."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.making import make_building, make_points, make_spaces, make_tenants, make_user, sign_in, usage_of

from ondol.common.access import SYSTEM
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Submission
from ondol.web.app import create_app

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")
TOTAL = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 900}


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hq", timezone="Asia/Seoul")
    make_building(ondol, "farm", name="Farm", timezone="America/New_York")
    make_tenants(ondol, "hq", [{"key": "t", "name": "t"}])
    make_spaces(ondol, "hq", [{"key": "f1", "name": "1", "tenant": "t"}])
    make_points(ondol, "hq", [
        {"key": "hq.m", "name": "m", "space": "f1", "alias": "meter,host=a total", **TOTAL},
        {"key": "hq.new", "name": "new", **TOTAL},
    ])  # fmt: skip
    for n, key in enumerate(("hq.m", "hq.new")):
        times = [
            int((DAY + n * timedelta(days=1) + k * timedelta(minutes=15)).timestamp()) * 1_000_000 for k in range(40)
        ]
        ondol.readings.record(SYSTEM, Submission([key] * 40, times, [1.0] * 40, range(1, 41)))
    ondol.history.aggregate()
    make_user(ondol, "kim", Role.MANAGER)
    make_user(ondol, "lee", Role.USER)
    make_user(ondol, "renter", Role.TENANT, tenants=("t",))
    make_user(ondol, "farmer", Role.MANAGER, buildings=("farm",))
    return ondol


def browser_of(ondol: Installation, name: str, language: str = "en") -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, name)[0])
    client.set_cookie("ondol_language", language)
    return client


@pytest.fixture
def kim(ondol: Installation) -> FlaskClient:
    return browser_of(ondol, "kim")


def form_of(page: str, act: str) -> dict[str, str]:
    """The fields of the form as a browser would send them."""
    form = next(it for it in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="act" value="{act}"' in it)
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            fields[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        fields[name] = chosen[1] if chosen else ""
    return fields


def send(client: FlaskClient, act: str, key: str = "hq.m", **fields: Any):
    path = f"/points/{key}/edit"
    return client.post(path, data={**form_of(client.get(path).text, act), **fields})


def used(ondol: Installation, building: str = "hq", unit: str = "electricity") -> float:
    found = usage_of(ondol, building, unit, DAY - timedelta(days=5), DAY + timedelta(days=5), Resolution.MONTH)
    return found.total or 0.0


def test_the_point_leads_to_the_form_for_who_may_write(ondol: Installation, kim: FlaskClient) -> None:
    assert "/points/hq.m/edit" in kim.get("/points/hq.m").text
    page = kim.get("/points/hq.m/edit").text
    assert "meter,host=a total" in page
    assert "/points/hq.m/edit" not in browser_of(ondol, "lee").get("/points/hq.m").text


@pytest.mark.parametrize(("who", "status"), [("lee", 403), ("renter", 403), ("farmer", 404)])
def test_others_change_nothing(ondol: Installation, who: str, status: int) -> None:
    client = browser_of(ondol, who)
    token = form_of(browser_of(ondol, "kim").get("/points/hq.m/edit").text, "save")
    for key in ("hq.m", "moon.m"):
        assert client.get(f"/points/{key}/edit").status_code == status
    own = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    data = {**token, "csrf_token": own[1] if own else "", "act": "delete", "confirm": "hq.m"}
    assert client.post("/points/hq.m/edit", data=data).status_code == status
    assert len(ondol.sites.points(SYSTEM, "hq")) == 2


def test_a_name_is_saved_at_once_and_what_was_not_touched_stays(ondol: Installation, kim: FlaskClient) -> None:
    before = ondol.sites.point(SYSTEM, "hq.m")
    assert send(kim, "save", name="pump", max_value="1,000").status_code == 303
    after = ondol.sites.point(SYSTEM, "hq.m")
    assert (after.name, after.max_value) == ("pump", 1000)
    assert (after.space, after.unit, after.kind, after.interval_s) == (before.space, before.unit, before.kind, 900)
    assert "Nothing is changed yet" in send(kim, "save").text


def test_another_unit_is_shown_before_it_is_saved(ondol: Installation, kim: FlaskClient) -> None:
    page = send(kim, "save", unit="MWh").text
    assert "nothing is stored yet" in page
    assert re.search(r"40.0\s*kWh", page)
    assert re.search(r"40\s*MWh|40.0\s*MWh|40,000\s*kWh", page)
    assert used(ondol) == 80
    assert send(kim, "save", unit="MWh", make="1").status_code == 303
    assert used(ondol) == 40_040


def test_another_kind_shows_what_its_readings_come_to(ondol: Installation, kim: FlaskClient) -> None:
    page = send(kim, "save", kind="total_increasing", interval_s="").text
    assert re.search(r"40.0\s*kWh", page)  # before
    assert used(ondol) == 80
    assert send(kim, "save", kind="total_increasing", interval_s="", make="1").status_code == 303
    assert used(ondol) == 40  # the register stands still


def test_another_building_is_shown_before_it_is_saved(ondol: Installation, kim: FlaskClient) -> None:
    page = send(kim, "save", building="farm", space="").text
    assert "nothing is stored yet" in page
    assert send(kim, "save", building="farm", space="", make="1").status_code == 303
    assert (used(ondol), used(ondol, "farm")) == (40, 40)
    assert ondol.sites.point(SYSTEM, "hq.m").space is None


def test_names_are_added_and_taken_away(ondol: Installation, kim: FlaskClient) -> None:
    assert send(kim, "add_name", name="meter,host=b total").status_code == 303
    assert send(kim, "take_name", name="meter,host=a total").status_code == 303
    assert ondol.points.names(SYSTEM, ondol.sites.points(SYSTEM, "hq"))["hq.m"] == ["meter,host=b total"]
    assert send(kim, "add_name", name="hq.new").status_code == 400


def test_a_merge_is_shown_and_made(ondol: Installation, kim: FlaskClient) -> None:
    page = send(kim, "merge", into="hq.new").text
    assert "Raw readings taken over" in page
    assert len(ondol.sites.points(SYSTEM, "hq")) == 2
    assert send(kim, "merge", into="hq.new", make="1").headers["Location"] == "/points/hq.new"
    assert len(ondol.sites.points(SYSTEM, "hq")) == 1
    assert used(ondol) == 80


@pytest.mark.parametrize("into", ["", "hq.m", "moon.m"])
def test_a_merge_that_cannot_be_is_refused_with_a_reason(kim: FlaskClient, into: str) -> None:
    answer = send(kim, "merge", into=into)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_deleting_asks_first(ondol: Installation, kim: FlaskClient) -> None:
    asked = send(kim, "delete")
    assert asked.status_code == 409
    assert "Delete for good" in asked.text
    assert send(kim, "delete", confirm="hq.new").status_code == 409
    assert len(ondol.sites.points(SYSTEM, "hq")) == 2
    assert send(kim, "delete", confirm="hq.m").status_code == 303
    assert [point.key for point in ondol.sites.points(SYSTEM, "hq")] == ["hq.new"]


def test_the_page_speaks_korean(ondol: Installation) -> None:
    page = browser_of(ondol, "kim", "ko").get("/points/hq.m/edit").text
    for english in ("Merge into", "Names under", "What it is", "Show what"):
        assert english not in page
