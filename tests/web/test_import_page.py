"""A file comes in by the browser: what it is understood as is shown before anything is stored, and can be chosen otherwise."""

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from tests.conftest import SetClock
from tests.making import make_building, make_user, sign_in

from ondol.common.access import SYSTEM
from ondol.history import Resolution, UsageQuestion
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app

MAINS = "time,Mains (kWh),Kitchen (kWh),HVAC (kWh)\n" + "".join(
    f"2025-06-03T{hour:02}:00:00Z,{3 + hour % 5},{1 + hour % 2},{2 + hour % 5 - hour % 2}\n" for hour in range(24)
)
UNKNOWN = "time,Energy (kWh)\n2025-06-01,45210\n2025-06-02,45222\n2025-06-03,45234\n"


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hall", name="본관", timezone="UTC")
    make_building(ondol, "annex", name="별관", timezone="UTC")
    for name, buildings in (("kim", None), ("park", ("annex",)), ("choi", ("hall",))):
        make_user(ondol, name, Role.MANAGER, **({"buildings": buildings} if buildings else {}))
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


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def offer(client: FlaskClient, text: str, building: str = "hall", name: str = "meters.csv"):
    token = token_in(client.get(f"/buildings/{building}/import").text)
    data = {"csrf_token": token, "file": (io.BytesIO(text.encode()), name)}
    return client.post(f"/buildings/{building}/import", data=data)


def choose(client: FlaskClient, page: str, **chosen: str):
    found = re.search(r'action="(/buildings/\w+/import/[^"]+)"', page)
    assert found is not None
    return client.post(found[1], data={"csrf_token": token_in(page), "series": names_in(page), **chosen})


def names_in(page: str) -> list[str]:
    return re.findall(r'name="series" value="([^"]+)"', page)


def usage(ondol: Installation, building: str = "hall") -> float:
    asked = UsageQuestion(
        building_key=building, quantity="electricity", start=datetime(2025, 6, 1, tzinfo=UTC),
        end=datetime(2025, 6, 10, tzinfo=UTC), interval=Resolution.DAY,
    )  # fmt: skip
    return ondol.history.look_up_usage(SYSTEM, asked).total


def test_a_file_is_shown_before_it_is_taken(ondol: Installation, kim: FlaskClient) -> None:
    page = offer(kim, MAINS).text
    assert names_in(page) == ["Mains (kWh)", "Kitchen (kWh)", "HVAC (kWh)"]
    assert "as its parts" in page
    assert "2025-06" in page
    assert ondol.sites.points(SYSTEM, "hall") == []
    taken = choose(kim, page, take="1")
    assert taken.status_code == 303
    assert "72 values were stored" in kim.get(taken.headers["Location"]).text
    assert usage(ondol) == pytest.approx(sum(3 + hour % 5 for hour in range(24)))
    roles = {point.key: point.role.value for point in ondol.sites.points(SYSTEM, "hall")}
    assert sorted(roles.values()) == ["main", "submeter", "submeter"]


def test_a_question_is_answered_by_a_choice(ondol: Installation, kim: FlaskClient) -> None:
    page = offer(kim, UNKNOWN)
    assert page.status_code == 200
    assert "--kind register" in page.text
    assert 'name="take"' not in page.text
    again = choose(kim, page.text, kind="register")
    assert 'name="take"' in again.text
    assert choose(kim, again.text, kind="register", take="1").status_code == 303
    assert usage(ondol) == pytest.approx(24)


def test_a_role_and_what_is_left_out_are_chosen_by_series(ondol: Installation, kim: FlaskClient) -> None:
    page = offer(kim, MAINS).text
    again = choose(kim, page, **{"role.1": "main", "leave.0": "1", "leave.2": "1"})
    assert names_in(again.text) == ["Kitchen (kWh)"]
    assert choose(kim, again.text, **{"role.0": "main", "take": "1"}).status_code == 303
    assert usage(ondol) == pytest.approx(sum(1 + hour % 2 for hour in range(24)))


def test_a_file_waits_for_the_one_who_offered_it_and_for_an_hour(
    ondol: Installation, kim: FlaskClient, clock: SetClock
) -> None:
    page = offer(kim, MAINS).text
    other = browser_of(ondol, "choi")
    address = re.search(r'action="(/buildings/hall/import/[^"]+)"', page)
    assert address is not None
    data = {"csrf_token": token_in(other.get("/buildings/hall/import").text), "take": "1"}
    assert other.post(address[1], data=data).status_code == 404
    clock.now += timedelta(hours=1, seconds=1)
    later = browser_of(ondol, "kim")
    data["csrf_token"] = token_in(later.get("/buildings/hall/import").text)
    assert later.post(address[1], data=data).status_code == 404
    assert ondol.imports.needs.objects.list("offers/") != []
    next(task for task in ondol.tasks() if task.name == "drop old offers").run()
    assert ondol.imports.needs.objects.list("offers/") == []


def test_who_may_not_write_or_reach_the_building_finds_nothing(ondol: Installation) -> None:
    assert browser_of(ondol, "lee").get("/buildings/hall/import").status_code == 403
    park = browser_of(ondol, "park")
    assert park.get("/buildings/hall/import").status_code == 404
    assert 'href="/buildings/annex/import"' in park.get("/buildings/annex").text
    assert 'href="/buildings/hall/import"' not in browser_of(ondol, "lee").get("/buildings/hall").text


def test_nothing_chosen_is_said(kim: FlaskClient) -> None:
    token = token_in(kim.get("/buildings/hall/import").text)
    answer = kim.post("/buildings/hall/import", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Choose a file first." in answer.text


def test_notes_reasons_and_questions_are_in_the_language_of_the_reader(ondol: Installation) -> None:
    kim = browser_of(ondol, "kim", "ko")
    page = html.unescape(offer(kim, MAINS.replace("2025-06-03T05:00:00Z", "nonsense")).text)
    assert "Mains (kWh)은(는) Kitchen (kWh), HVAC (kWh)의 합계이며" in page
    assert "시각을 이해할 수 없습니다" in page
    assert "열 이름이 사용량입니다" in page or "값이 오르내리거나" in page
    assert "are taken as its parts" not in page
    asked = html.unescape(offer(kim, UNKNOWN).text)
    assert "‘누적값(지침)’(--kind register)" in asked
    assert "give --kind" not in asked


def test_a_refusal_on_a_page_is_in_the_language_of_the_reader(ondol: Installation) -> None:
    kim = browser_of(ondol, "kim", "ko")
    token = token_in(kim.get("/buildings/hall/import").text)
    gone = kim.post("/buildings/hall/import/1-ab", data={"csrf_token": token})
    assert gone.status_code == 404
    assert "한 시간이 지났습니다" in gone.text
