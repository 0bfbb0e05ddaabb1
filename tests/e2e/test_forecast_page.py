"""The forecast on the building page, in Chromium, at an instant that stands still."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import pi, sin
from pathlib import Path
from threading import Thread

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.conftest import NOW
from tests.making import make_building, make_points, make_user
from werkzeug.serving import make_server

from ondol.bootstrap import open_forecasts, open_installation
from ondol.common.access import SYSTEM
from ondol.config import Settings
from ondol.forecasts.score_forecasts import score_forecasts
from ondol.history.aggregate_readings import buildings_by_id
from ondol.history.model import INTERVALS
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.web.app import create_app

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]

PASSWORD = "a-long-enough-password"
DAYS, ISSUED_DAYS = 40, 4
SPIKE = NOW - timedelta(days=3, hours=2)
"""Two hours from 13:00 in Seoul that no forecast expects."""
SOON_MS = 20_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    """An office whose forecasts of the last days have come true, and an annex that is not metered for long enough."""
    settings = Settings(home=tmp_path / "home", language="ko", timeseries_url="memory://", peak_warning_share=0.5)
    ondol = open_installation(settings, lambda: NOW)
    make_user(ondol, "kim", Role.USER, PASSWORD)
    for key in ("office", "annex"):
        make_building(ondol, key, timezone="Asia/Seoul", name=key, address="Seoul", contract_power_kw=100.0)
        main = {"key": f"{key}.main", "name": "Main", "quantity": "electricity", "unit": "kW", "kind": "measurement"}
        make_points(ondol, key, [main])
    write_history(ondol, "office")
    for days in range(ISSUED_DAYS, -1, -1):
        issue(settings, NOW - timedelta(days=days))
    with open_forecasts(settings, lambda: NOW) as forecasts:
        needs = forecasts.needs
        score_forecasts(NOW, sites=needs.sites, history=needs.history, forecasts=needs.records)
    yield ondol
    ondol.close()


def write_history(ondol: Installation, key: str) -> None:
    """Quarter-hours of a load that follows the sun, a little higher every week, until now."""
    point = ondol.sites.records.points(key)[0]
    first = int((NOW - timedelta(days=DAYS)).timestamp())
    rows = [
        (point.id, start, 900, power_kw(start), 0, 1.0, None, None, None)
        for start in range(first, int(NOW.timestamp()), 900)
    ]
    ondol.history.records.write(
        pl.DataFrame(rows, INTERVALS, orient="row"), {point.id: point}, buildings_by_id(ondol.sites.records)
    )


def power_kw(start_s: int) -> float:
    day, second = divmod(start_s + 9 * 3600, 86_400)
    usual = 50 + 20 * sin(2 * pi * (second / 86_400 - 0.25)) + 0.1 * (day % 100)
    return 3 * usual if 0 <= start_s - SPIKE.timestamp() < 7200 else usual


def issue(settings: Settings, at: datetime) -> None:
    with open_forecasts(settings, lambda: at) as forecasts:
        forecasts.issue(SYSTEM)


@pytest.fixture
def page(browser: Browser, office: Installation) -> Iterator[Page]:
    """A Korean user's, signed in, with a clock that stands where the office's does."""
    server = make_server("127.0.0.1", 0, create_app(office), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{server.server_port}", locale="ko-KR", timezone_id="Asia/Seoul", reduced_motion="reduce"
    )  # fmt: skip
    context.set_default_timeout(SOON_MS)
    context.clock.set_fixed_time(NOW)
    page = context.new_page()
    page.goto("/")
    page.locator("input[name=username]").fill("kim")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("link", name="office")).to_be_visible()
    yield page
    context.close()
    server.shutdown()


def test_forecast_on_the_building_page(page: Page) -> None:
    open_page(page, "/buildings/office")
    see_the_band_behind_what_was_measured(page)
    see_how_good_it_was(page)
    expect(page.locator("#month-expected")).to_contain_text("kWh")
    expect(page.locator("#anomalies tbody tr").filter(has_text="13:00\u2060–\u206015:00")).to_contain_text("초과")
    expect(page.get_by_role("alert")).to_contain_text("지금 부하를 줄이세요")
    step_into_the_future(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

    open_page(page, "/buildings/annex")
    expect(page.locator("#forecast-message")).to_contain_text("주 계량기에 측정값이 없습니다")
    expect(page.locator("#forecast-known")).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_hidden()


def see_the_band_behind_what_was_measured(page: Page) -> None:
    chart = page.locator("#load-curve .chart")
    expect(chart).to_have_attribute("aria-label", expectation("15:00", "24:00"))
    page.locator("#load-curve summary").click()
    expect(page.locator("#load-curve thead th")).to_contain_text(["시각", "11월 18일", "11월 11일", "예측", "90% 범위"])
    expect(page.locator("#day-expected")).to_contain_text("kWh")


def see_how_good_it_was(page: Page) -> None:
    expect(page.locator("#accuracy-verdict")).to_contain_text("지난 30일: 지난주 곡선보다")
    expect(page.locator("#score-coverage")).to_contain_text("%")
    expect(page.locator("#accuracy-days tbody tr")).to_have_count(ISSUED_DAYS - 1)  # late readings are waited for
    expect(page.locator("#forecast-issued")).to_have_text("계절 평균 모델, 2026-11-18 15:00 예측")


def step_into_the_future(page: Page) -> None:
    """Tomorrow comes from both horizons; the week's last day ends with its forecast, and nothing lies behind it."""
    following = page.get_by_role("button", name="다음 날")
    following.click()
    expect(page.locator("#load-curve .chart")).to_have_attribute("aria-label", expectation("00:00", "24:00"))
    page.locator("#date").fill("2026-11-25")
    expect(page.locator("#load-curve .chart")).to_have_attribute("aria-label", expectation("00:00", "15:00"))
    expect(following).to_be_disabled()


def expectation(start: str, end: str) -> re.Pattern[str]:
    return re.compile(f"{start}부터 {end}까지 예상")


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
