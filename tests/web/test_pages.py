"""The pages as a browser asks for them, over a real installation in a temporary folder."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.making import make_building, make_points, make_user

from ondol.bootstrap import open_installation
from ondol.common.access import SYSTEM
from ondol.config import Settings
from ondol.history.assess_data_quality import PointQuality
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.readings.model import Submission
from ondol.sites.model import Point
from ondol.web.app import create_app
from ondol.web.pages.data_quality import Health, judge

PASSWORD = "a-long-enough-password"
PAGES = [
    "/",
    "/buildings/hq",
    "/buildings/hq?date=2026-01-15&year=2025&month=2&quantity=gas",
    "/points/hq.electricity.main",
    "/buildings/hq/data-quality",
    "/buildings/hq/health",
    "/buildings/empty",
    "/buildings/empty/data-quality",
    "/api/docs",
]


@pytest.fixture(scope="module")
def ondol(tmp_path_factory: pytest.TempPathFactory, new_stores: Callable[[], dict[str, str]]) -> Iterator[Installation]:
    stores = {"timeseries_url": "memory://", **new_stores()}
    installation = open_installation(Settings(home=tmp_path_factory.mktemp("home"), language="en", **stores))
    make_user(installation, "kim", Role.USER, PASSWORD)
    make_building(installation, "hq", timezone="Asia/Seoul", name="Head office", address="Seoul", is_synthetic=True)
    make_building(installation, "empty", timezone="Asia/Seoul", name="Annex <1>", address="Busan")
    main = {
        "key": "hq.electricity.main",
        "name": "Main meter",
        "quantity": "electricity",
        "unit": "kW",
        "kind": "measurement",
    }
    room = {
        "key": "hq.f3.room.co2",
        "name": "Room CO2",
        "quantity": "co2",
        "unit": "ppm",
        "kind": "measurement",
        "floor": "3",
    }
    gas = {"key": "hq.gas", "name": "Gas", "quantity": "gas", "unit": "m3", "kind": "total", "interval_s": 3600}
    make_points(installation, "hq", [main, room, gas])
    now = datetime.now(UTC)
    times = [int((now - timedelta(minutes=minute)).timestamp() * 1e6) for minute in range(60)]
    installation.readings.record(
        SYSTEM, Submission(["hq.electricity.main"] * 60, times, [500.0] * 60, list(range(1, 61)))
    )
    installation.history.aggregate()
    yield installation
    installation.close()


@pytest.fixture(scope="module")
def app(ondol: Installation) -> Flask:
    return create_app(ondol)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client(visitor: FlaskClient) -> FlaskClient:
    assert sign_in(visitor, PASSWORD).status_code == 303
    return visitor


def form_token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, f"{page} has no form"
    return found[1]


def sign_in(client: FlaskClient, password: str, following: str = "/"):
    form = {"username": "kim", "password": password, "next": following, "csrf_token": form_token(client, "/sign-in")}
    return client.post("/sign-in", data=form)


@pytest.mark.parametrize("page", PAGES[:-1])
def test_visitors_are_led_to_sign_in_and_back(visitor: FlaskClient, page: str) -> None:
    answer = visitor.get(page)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_sign_in_goes_where_the_visitor_wanted(visitor: FlaskClient) -> None:
    assert sign_in(visitor, PASSWORD, "/buildings/hq").location == "/buildings/hq"


@pytest.mark.parametrize("elsewhere", [
    "https://example.com/", "//example.com/", "/\\example.com", "example.com", "/\t/example.com", "/\r\n/example.com", "\t//example.com",
    "/x\\..\\example.com", "javascript:alert(1)", "/ /example.com", "",
])  # fmt: skip
def test_sign_in_never_leads_to_another_site(visitor: FlaskClient, elsewhere: str) -> None:
    assert sign_in(visitor, PASSWORD, elsewhere).location == "/"


def test_wrong_password_keeps_the_name_and_says_what_to_do(visitor: FlaskClient) -> None:
    answer = sign_in(visitor, "wrong")
    assert answer.status_code == 401
    assert 'value="kim"' in answer.text
    assert "is wrong. Check both" in answer.text


def test_signing_out_ends_the_session(client: FlaskClient) -> None:
    assert client.post("/sign-out", data={"csrf_token": form_token(client, "/")}).status_code == 303
    assert client.get("/").status_code == 302


def test_forms_without_the_token_are_refused(client: FlaskClient) -> None:
    assert client.post("/sign-out").status_code == 403
    assert client.get("/").status_code == 200


class InlineCode(HTMLParser):
    """Collects what the content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith(("on", "hx-on"))]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_in_both_languages_without_inline_code(client: FlaskClient, page: str, language: str) -> None:
    client.set_cookie("ondol_language", language)
    answer = client.get(page)
    assert answer.status_code == 200
    if not page.endswith("/health"):
        assert f'<html lang="{language}"' in answer.text
    parser = InlineCode()
    parser.feed(answer.text)
    assert parser.found == []
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_portfolio_lists_buildings_and_marks_synthetic_ones(client: FlaskClient) -> None:
    text = client.get("/").text
    assert text.count("synthetic data") == 1
    assert "Annex &lt;1&gt;" in text
    assert "kWh" in text


def test_korean_badge(client: FlaskClient) -> None:
    client.set_cookie("ondol_language", "ko")
    assert "합성 데이터" in client.get("/buildings/hq").text


def test_building_offers_what_it_meters(client: FlaskClient) -> None:
    text = client.get("/buildings/hq").text
    assert 'data-quantity="electricity"' in text
    assert "quantity=gas" in text


@pytest.mark.parametrize("query", ["date=nonsense", "year=0&month=99", "quantity=%3Cscript%3E", "month=²"])
def test_building_ignores_choices_that_make_no_sense(client: FlaskClient, query: str) -> None:
    assert client.get(f"/buildings/hq?{query}").status_code == 200


@pytest.mark.parametrize("page", ["/buildings/nowhere", "/points/nothing", "/buildings/x/data-quality", "/no-page"])
def test_what_is_not_there_says_what_to_do_next(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 404
    assert "start again from the list of buildings" in answer.text


def test_data_quality_filters_and_sorts_its_table_alone(client: FlaskClient) -> None:
    address = "/buildings/hq/data-quality?search=co2&sort=seen&order=desc"
    fragment = client.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "hq.f3.room.co2" in fragment
    assert "hq.electricity.main" not in fragment
    assert 'aria-sort="descending"' in fragment


def test_data_quality_shows_problems_first(client: FlaskClient) -> None:
    text = client.get("/buildings/hq/data-quality").text
    assert text.index("hq.f3.room.co2") < text.index("hq.electricity.main")
    only_problems = client.get("/buildings/hq/data-quality?problems=1").text
    assert "hq.f3.room.co2" in only_problems


@pytest.mark.parametrize(
    ("last_seen_h", "day", "flags", "health"),
    [
        (0, 1.0, {}, Health.GOOD),
        (0, 0.99, {"partial": 1}, Health.GOOD),
        (0, 0.90, {"partial": 9}, Health.SUSPECT),
        (0, 1.0, {"out_of_range": 1}, Health.SUSPECT),
        (25, 0.5, {}, Health.SILENT),
        (None, None, {}, Health.NEVER),
    ],
)
def test_verdict_on_a_point(last_seen_h: int | None, day: float | None, flags: dict[str, int], health: Health) -> None:
    now = datetime(2026, 1, 15, tzinfo=UTC)
    last_seen = None if last_seen_h is None else now - timedelta(hours=last_seen_h)
    point = Point(1, "hq.p", 1, "hq", "P", "temperature", "degC")
    assert judge(PointQuality(point, last_seen, day, day, flags), now) is health


def test_language_and_theme_are_kept(client: FlaskClient) -> None:
    form = {"language": "ko", "theme": "dark", "next": "/buildings/hq", "csrf_token": form_token(client, "/")}
    answer = client.post("/preferences", data=form)
    assert (answer.status_code, answer.location) == (303, "/buildings/hq")
    assert '<html lang="ko" data-bs-theme="dark"' in client.get("/").text
    client.post("/preferences", data=form | {"theme": "system"})
    assert "data-bs-theme" not in client.get("/").text


def test_browser_language_counts_until_one_is_chosen(visitor: FlaskClient) -> None:
    assert '<html lang="ko"' in visitor.get("/sign-in", headers={"Accept-Language": "ko-KR,ko;q=0.9"}).text
    assert '<html lang="en"' in visitor.get("/sign-in", headers={"Accept-Language": "fr"}).text
