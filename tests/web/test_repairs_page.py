"""Repairs from the page of a point: what is suspect is shown, what would change is shown before it is done, and it can be undone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from tests.conftest import SetClock
from tests.making import make_building, make_points, make_user, sign_in, usage_of

from ondol.common.access import SYSTEM
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Submission
from ondol.web.app import create_app

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")
SET = {
    "first": "2026-11-16T12:00",
    "until": "2026-11-16T13:00",
    "action": "set",
    "value": "1,020",
    "reason": "<by hand>",
}


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation], clock: SetClock) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hq", timezone="Asia/Seoul")
    meter = {"quantity": "electricity", "unit": "kWh"}
    make_points(ondol, "hq", [
        {"key": "hq.m", "name": "m", "kind": "total", "interval_s": 900, **meter},
        {"key": "hq.r", "name": "r", "kind": "total_increasing", "role": "check", **meter},
    ])  # fmt: skip
    times = [int((DAY + n * timedelta(minutes=15)).timestamp()) * 1_000_000 for n in range(96) if n not in (20, 21)]
    ondol.readings.record(SYSTEM, Submission(["hq.m"] * 94, times, [1.0] * 94, range(1, 95)))
    ondol.history.aggregate()
    make_user(ondol, "kim", Role.MANAGER)
    make_user(ondol, "lee", Role.USER)
    return ondol


def browser_of(ondol: Installation, name: str, language: str = "en") -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, name)[0])
    client.set_cookie("ondol_language", language)
    return client


@pytest.fixture
def kim(ondol: Installation) -> FlaskClient:
    return browser_of(ondol, "kim")


def send(client: FlaskClient, address: str = "/points/hq.m/repairs", **fields: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/points/hq.m").text)
    assert token is not None
    return client.post(address, data={"csrf_token": token[1], **fields})


def used(ondol: Installation) -> float:
    return usage_of(ondol, "hq", "electricity", DAY, DAY + timedelta(days=1), Resolution.DAY).total


def test_a_gap_is_shown_and_leads_to_the_form(kim: FlaskClient) -> None:
    page = kim.get("/points/hq.m").text
    link = re.search(r'href="(/points/hq\.m\?first=[^"]+)"', page)
    assert link is not None
    page = kim.get(link[1].replace("&amp;", "&")).text
    assert 'name="first" required value="2026-11-16T05:00"' in page
    assert 'name="until" value="2026-11-16T05:30"' in page


def test_what_changes_is_shown_before_it_is_done_and_it_is_undone(ondol: Installation, kim: FlaskClient) -> None:
    page = send(kim, **SET).text
    assert "nothing is stored yet" in page
    assert re.search(r"2026-11-16</th><td[^>]*>94.0\s*kWh</td><td[^>]*>1,110\s*kWh", page)
    assert re.search(r"2026-11</th><td[^>]*>94.0\s*kWh", page)
    assert '<option value="set" selected>' in page
    assert used(ondol) == 94
    made = send(kim, **SET, make="1")
    assert (made.status_code, made.headers["Location"]) == (303, "/points/hq.m#repairs")
    assert used(ondol) == 1110
    page = kim.get("/points/hq.m").text
    assert "&lt;by hand&gt;" in page
    assert "estimated" in page
    key = re.search(r'name="repair" value="([^"]+)"', page)
    assert key is not None
    assert send(kim, "/points/hq.m/repairs/undo", repair=key[1]).status_code == 303
    assert used(ondol) == 94
    assert "undone" in kim.get("/points/hq.m").text
    assert send(kim, "/points/hq.m/repairs/undo", repair=key[1]).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": ""}, "Say from when on."), ({"first": "yesterday"}, "Write times as"), ({"value": "many"}, "Write a number"),
        ({"value": "inf"}, "Write a number"), ({"action": "mend"}, "Choose what"), ({"reason": " "}, "Say why"),
        ({"until": "2026-11-16T11:00"}, "the end must lie after"), ({"value": ""}, "set needs a value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_form(kim: FlaskClient, change: dict[str, str], words: str) -> None:
    answer = send(kim, **SET | change, make="1")
    assert answer.status_code == 400
    assert words in answer.text
    assert "Nothing was repaired." in answer.text


def test_only_registers_have_stands(kim: FlaskClient) -> None:
    assert 'value="swap"' not in kim.get("/points/hq.m").text
    assert 'name="last_value"' in kim.get("/points/hq.r").text


def test_who_only_looks_sees_what_was_repaired_and_repairs_nothing(ondol: Installation, kim: FlaskClient) -> None:
    send(kim, **SET, make="1")
    lee = browser_of(ondol, "lee", "ko")
    page = lee.get("/points/hq.m").text
    assert "보정 내역" in page
    assert 'id="repair"' not in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    data = {"csrf_token": token[1] if token else "", **SET, "make": "1"}
    assert lee.post("/points/hq.m/repairs", data=data).status_code in (400, 403)
    assert used(ondol) == 1110


def test_loading_the_page_of_a_preview_again_shows_the_point(kim: FlaskClient) -> None:
    assert kim.get("/points/hq.m/repairs").headers["Location"] == "/points/hq.m"
