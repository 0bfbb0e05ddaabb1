"""A new user's first day, in Chromium: from the printed password to the imported years."""

import csv
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect
from tests.running import RunningServer, run_ondol

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

SCREENSHOTS = os.environ.get("ONDOL_SCREENSHOTS")
"""A folder that keeps the pictures of the README; they wait until the demonstration has a year behind it."""
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SOON_MS = 20_000
DEMO, POINT, IMPORTED = "/buildings/demo", "/points/demo.electricity.main", "/buildings/b36"

Photograph = Callable[[Page, str], None]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "demo", ("demo",)) as server:
        yield server


@pytest.fixture
def page(browser: Browser, demo: RunningServer) -> Iterator[Page]:
    """The browser of a Korean user."""
    context = browser.new_context(
        base_url=demo.url, viewport=DESK, locale="ko-KR", timezone_id="Asia/Seoul", reduced_motion="reduce"
    )
    context.set_default_timeout(SOON_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def photograph(tmp_path: Path) -> Photograph:
    folder = Path(SCREENSHOTS or tmp_path).absolute()

    def take(page: Page, name: str) -> None:
        page.mouse.move(0, 0)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return take


def test_first_day(page: Page, demo: RunningServer, measured_data: Path, photograph: Photograph):
    complaints = complaints_of(page)
    sign_in_wrongly(page)
    complaints.clear()  # the browser reports the refused sign-in itself
    sign_in(page, demo.password())

    see_the_building_live(page)
    if SCREENSHOTS:
        wait_for_a_year_of_history(page)
    photograph(page, "building-ko")
    import_meters(demo, measured_data / "cambridge" / "b36")
    choose_a_password(page, demo.password())
    complaints.clear()  # and that it refused the page that stood open
    see_both_buildings(page)
    photograph(page, "portfolio-ko")
    see_data_quality(page)
    photograph(page, "data-quality-ko")

    choose(page, "language", "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Data quality")
    see_live_values(page)
    photograph(page, "building-en")
    check_accessibility(page)
    choose(page, "theme", "dark")
    check_accessibility(page)
    choose(page, "theme", "light")

    see_the_imported_years(page, measured_data / "cambridge" / "b36")
    photograph(page, "imported-year-en")
    zoom_the_load_curve(page)
    look_closer_at_a_point(page)
    photograph(page, "point-en")
    use_a_phone(page)

    sign_out(page)
    assert complaints == []


def complaints_of(page: Page) -> list[str]:
    """What the console reports as an error from now on: scripts, missing files, the Content-Security-Policy."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    return complaints


def fill_in_and_send(page: Page, password: str) -> None:
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="로그인").click()


def sign_in_wrongly(page: Page) -> None:
    page.goto("/")
    fill_in_and_send(page, "not-the-password")
    expect(page.get_by_role("alert")).to_contain_text("비밀번호")


def sign_in(page: Page, password: str) -> None:
    fill_in_and_send(page, password)
    expect(page.get_by_role("row").filter(has=page.locator(".tag-synthetic"))).to_be_visible()


def see_the_building_live(page: Page) -> None:
    page.get_by_role("row").filter(has=page.locator(".tag-synthetic")).get_by_role("link").first.click()
    page.evaluate("window.notReloaded = true")
    expect(page.locator("#link-state")).to_have_attribute("data-state", "live")
    power = page.locator("[data-tile=power] .tile-value")
    shown = power.inner_text()
    expect(power).not_to_have_text(shown)
    assert page.evaluate("window.notReloaded")
    wait_for_charts(page)


def wait_for_a_year_of_history(page: Page) -> None:
    a_year_ago = datetime.now(UTC) - timedelta(days=370)
    day = {"start": a_year_ago.isoformat(), "end": (a_year_ago + timedelta(days=1)).isoformat(), "interval": "1d"}
    while not page.request.get("/api/v1" + DEMO + "/usage", params={"quantity": "electricity", **day}).json()["total"]:
        page.wait_for_timeout(1000)
    see_live_values(page)


def see_live_values(page: Page) -> None:
    open_page(page, DEMO)
    expect(page.locator("#link-state")).to_have_attribute("data-state", "live")


def import_meters(demo: RunningServer, folder: Path) -> None:
    files = [str(file) for file in sorted(folder.glob("*.csv"))]
    done = run_ondol(demo.home, "import", *files, "--building", "b36", "--timezone", "UTC", "--zero-is-missing")
    assert done.returncode == 0, done.stdout + done.stderr


def choose_a_password(page: Page, printed: str) -> None:
    """There is something to guard now."""
    page.goto("/")
    expect(page).to_have_url(re.compile("/password"))
    check_accessibility(page)
    page.locator("input[name=present]").fill(printed)
    for name in ("new", "again"):
        page.locator(f"input[name={name}]").fill("조용한 네 낱말을 이어서")
    page.get_by_role("button", name="비밀번호 변경").click()
    expect(page).to_have_url(re.compile("/$"))


def see_both_buildings(page: Page) -> None:
    open_page(page, "/")
    expect(page.get_by_role("link", name="b36")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".sparkline-line")).to_have_count(2)
    expect(page.locator("td[hx-get]", has_text="…")).to_have_count(0)


def see_data_quality(page: Page) -> None:
    open_page(page, DEMO)
    page.get_by_role("navigation").get_by_role("link", name="데이터 품질").click()
    points = page.locator("#quality tbody tr")
    everything = points.count()
    page.get_by_role("searchbox").fill("CO₂")
    expect(points).not_to_have_count(everything)
    page.get_by_role("searchbox").fill("")
    expect(points).to_have_count(everything)


def choose(page: Page, preference: str, value: str) -> None:
    page.locator("details.menu summary").click()
    with page.expect_navigation():
        page.locator(f"select[name={preference}]").select_option(value)
    wait_for_charts(page)


def written(energy_kwh: float) -> str:
    """In MWh once kWh would not be read."""
    return f"{energy_kwh / 1000:,.0f}\u00a0MWh" if energy_kwh >= 1e6 else f"{energy_kwh:,.0f}\u00a0kWh"


def see_the_imported_years(page: Page, folder: Path) -> None:
    open_page(page, "/")
    page.get_by_role("link", name="b36").click()
    for year in (2019, 2018):
        expect(page.locator("#year")).to_have_text(str(year))
        wait_for_charts(page)
        usage = year_of_electricity(page, year)
        assert len(usage["intervals"]) == page.locator("#months tbody tr").count() == 12
        assert usage["total"] == pytest.approx(sum_of(folder / f"electricity-{year}.csv"))
        expect(page.locator("#year-total")).to_have_text(written(usage["total"]))
        page.get_by_role("button", name="Previous year").click()
    page.get_by_role("button", name="Next year").click()
    wait_for_charts(page)
    page.locator("#year-title").evaluate("title => window.scrollBy(0, title.getBoundingClientRect().top - 40)")


def year_of_electricity(page: Page, year: int) -> dict[str, Any]:
    """What the API answers, by month."""
    period = {"start": f"{year}-01-01T00:00:00Z", "end": f"{year + 1}-01-01T00:00:00Z", "interval": "1mo"}
    return page.request.get("/api/v1/buildings/b36/usage", params={"quantity": "electricity", **period}).json()


def sum_of(file: Path) -> float:
    with file.open(newline="", encoding="utf-8") as lines:
        _, *rows = csv.reader(lines)
    return sum(float(row[1]) for row in rows)


def zoom_the_load_curve(page: Page) -> None:
    chart = page.locator("#load-curve .chart")
    before = chart.screenshot()
    drag_the_zoom_to_the_middle(page, chart)
    assert chart.screenshot() != before


def drag_the_zoom_to_the_middle(page: Page, chart: Locator) -> None:
    """Pull the left handle of the slider below the chart."""
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    height = box["y"] + box["height"] - 13
    page.mouse.move(box["x"] + 60, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, height, steps=8)
    page.mouse.up()
    page.mouse.move(0, 0)


def look_closer_at_a_point(page: Page) -> None:
    open_page(page, POINT)
    week = page.url
    drag_the_zoom_to_the_middle(page, page.locator("#course .chart"))
    page.get_by_role("button", name="Zoomed part in detail").click()
    expect(page).not_to_have_url(week)
    page.get_by_role("button", name="7 d").click()
    expect(page.locator("#statistics")).to_contain_text("kW")
    wait_for_charts(page)


def check_accessibility(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def use_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    for address in ("/", DEMO, POINT, f"{DEMO}/data-quality"):
        open_page(page, address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{address} is {width} px wide and scrolls sideways"
    page.set_viewport_size(DESK)


def sign_out(page: Page) -> None:
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(IMPORTED)
    expect(page).to_have_url(re.compile("/sign-in"))


def open_page(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer
    assert answer.ok, f"{address}: {answer.status}"
    wait_for_charts(page)


def wait_for_charts(page: Page) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
