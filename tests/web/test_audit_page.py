"""The audit's page and its operation: lists, filters, parts, the export, and the look at the chain."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from tests.conftest import SetClock
from tests.making import make_building, make_token, make_user, sign_in

from ondol.audit.tables import AuditRow
from ondol.common.access import SYSTEM, Access, Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_user(ondol, "boss", Role.ADMIN)
    make_user(ondol, "kim", Role.MANAGER)
    return ondol


def browser_of(ondol: Installation, name: str, language: str = "en") -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, name)[0])
    client.set_cookie("ondol_language", language)
    return client


@pytest.fixture
def boss(ondol: Installation) -> FlaskClient:
    return browser_of(ondol, "boss")


@pytest.fixture
def api(ondol: Installation) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'all', Scope.ADMIN)}"
    return client


def note(ondol: Installation, count: int, **deed: str) -> None:
    for number in range(count):
        access = Access(deed.get("who", "lee"), frozenset(), address=deed.get("address"))
        ondol.audit.kept.record(access, deed.get("action", "signed out"), deed.get("subject", f"n{number}"))


def rows(page: str) -> list[str]:
    return re.findall(r'<td class="end"[^>]*>(\d+)</td>', page)


def test_only_administrators_find_the_page(ondol: Installation, boss: FlaskClient) -> None:
    assert 'href="/audit"' in boss.get("/").text
    kim = browser_of(ondol, "kim")
    assert 'href="/audit"' not in kim.get("/").text
    assert kim.get("/audit").status_code == 403
    token = re.search(r'"X-CSRFToken": "([^"]+)"', kim.get("/").text)
    assert token
    assert kim.post("/audit/export", data={"csrf_token": token[1]}).status_code == 403
    assert create_app(ondol).test_client().get("/audit").status_code == 302


def test_the_page_goes_back_in_parts(ondol: Installation, boss: FlaskClient) -> None:
    note(ondol, 250)
    last = ondol.audit.head(SYSTEM).number
    page, seen = boss.get("/audit?who=lee").text, list[str]()
    while True:
        seen += rows(page)
        older = re.search(r'href="(/audit\?before=[^"]+)"', page)
        if older is None:
            break
        page = boss.get(older[1].replace("&amp;", "&")).text
    assert [int(number) for number in seen] == list(range(last, last - 250, -1))


def test_filters_of_the_page(ondol: Installation, clock: SetClock) -> None:
    note(ondol, 2, who="a_b", action="building created", subject="본관 100%")
    clock.forward(days=3)
    note(ondol, 3, who="axb", action="building changed", subject="100 m")
    boss = browser_of(ondol, "boss")
    for query, count in (
        ("who=A_B", 2), ("who=axb", 3), ("action=building+changed", 3), ("subject=본관", 2), ("subject=100%25", 2),
        ("from=2026-11-19&who=axb", 3), ("to=2026-11-18&who=a_b", 2), ("from=2026-11-18&to=2026-11-18&subject=100", 2),
        ("from=nonsense&who=axb", 3), ("who=nobody", 0), ("before=nonsense&who=axb", 3), ("from=9999-12-31&to=9999-12-31&who=axb", 3),
    ):  # fmt: skip
        assert len(rows(boss.get(f"/audit?{query}").text)) == count, query


def test_what_strangers_entered_is_text(ondol: Installation, boss: FlaskClient) -> None:
    note(ondol, 1, who="<script>alert(1)</script>", subject="<b>x</b>")
    page = boss.get("/audit").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_the_export_holds_all_and_no_formula(ondol: Installation, boss: FlaskClient) -> None:
    note(ondol, 1500, who="lee")
    note(ondol, 1, who="=cmd|' /C calc'!A0", subject="@SUM(1+1)", action="sign-in refused")
    token = re.search(r'name="csrf_token" value="([^"]+)"', boss.get("/audit").text)
    assert token
    answer = boss.post("/audit/export", data={"csrf_token": token[1]})
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(found) > 1500
    assert (found[0]["who"], found[0]["subject"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1+1)")
    assert [int(row["number"]) for row in found] == list(range(len(found), 0, -1))
    (newest,) = ondol.audit.kept.newest(_any(), None, 1)
    assert (newest.deed.who, newest.deed.action) == ("boss", "audit exported")
    some = boss.post("/audit/export", data={"csrf_token": token[1], "who": "lee"})
    assert len(some.text.splitlines()) == 1501
    assert boss.post("/audit/export").status_code == 403


def _any():
    from ondol.audit import AuditQuestion

    return AuditQuestion()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_tells_the_state_of_the_chain(ondol: Installation, language: str) -> None:
    boss = browser_of(ondol, "boss", language)
    head = str(ondol.audit.head(SYSTEM))
    assert head in boss.get("/audit").text
    said = boss.get("/audit?check=1").text
    assert ("모두 작성된 그대로" if language == "ko" else "as they were written") in said
    with ondol.database.write() as connection:
        connection.execute(update(AuditRow).where(AuditRow.number == 2).values(actor="x"))
    said = boss.get("/audit?check=1").text
    assert ("2번 기록이 변경" if language == "ko" else "Record 2 was changed") in said


def test_the_operation_has_the_same_filters_and_parts(ondol: Installation, api: FlaskClient, clock: SetClock) -> None:
    make_building(ondol, "hq")
    clock.forward(hours=1)
    note(ondol, 5, who="lee", address="192.0.2.1")
    first = api.get("/api/v1/audit?who=LEE&limit=3").get_json()
    assert [item["subject"] for item in first["items"]] == ["n4", "n3", "n2"]
    assert first["items"][0]["address"] == "192.0.2.1"
    second = api.get(f"/api/v1/audit?who=lee&limit=3&cursor={first['next']}").get_json()
    assert ([item["subject"] for item in second["items"]], second["next"]) == (["n1", "n0"], None)
    assert [i["subject"] for i in api.get("/api/v1/audit?action=building%20created").get_json()["items"]] == ["hq"]
    assert len(api.get("/api/v1/audit?start=2026-11-18T06:30:00Z").get_json()["items"]) == 5
    assert api.get("/api/v1/audit?end=2026-11-18T06:00:00Z").get_json()["items"] == []
    for wrong in ("cursor=x", "cursor=0", "limit=0", "start=yesterday", "who=%00", "what=1"):
        assert api.get(f"/api/v1/audit?{wrong}").status_code == 400, wrong
