"""A facility manager drops a file in, in Chromium and in Korean: looks, answers a question, takes it, and sees the tree of meters."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.running import RunningServer, run_ondol

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]

PASSWORD = "보라색 탑 일곱 등불 네 개"
FILE = "일시,수전(kWh),3층(kWh),태양광 발전(kWh)\n" + "".join(
    f"2025-06-{day:02} {hour:02}:00,{20 + hour % 7},{4 + hour % 3},{2 + hour % 2}\n"
    for day in (2, 3)
    for hour in range(24)
)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    home = tmp_path / "home"
    run_ondol(home, "building", "create", "hall", "--name", "본관")
    made = run_ondol(home, "user", "create", "kim", "--email", "kim@example.org", "--role", "manager")
    first = re.search(r"sign-in: (\S+)", made.stdout)
    assert first is not None, made
    with RunningServer(home) as server:
        context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}, locale="ko-KR")
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=username]", "kim")
        page.fill("input[name=password]", first[1])
        page.click("button[type=submit]")
        page.fill("input[name=present]", first[1])
        page.fill("input[name=new]", PASSWORD)
        page.fill("input[name=again]", PASSWORD)
        page.click("button.btn-primary")
        yield page
        context.close()


def test_a_file_is_dropped_in_looked_at_and_taken(page: Page, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    file = tmp_path / "전력량.csv"
    file.write_text(FILE, "utf-8")
    page.goto("/buildings/hall/import")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="살펴보기").click()
    expect(page.get_by_role("heading", name="수전(kWh)")).to_be_visible()
    expect(page.locator("p", has_text="하위 계량기: 주 계량기의 일부")).to_be_visible()
    page.get_by_role("button", name="가져오기").click()
    expect(page.get_by_role("status")).to_contain_text("144")
    page.goto("/buildings/hall/meters?month=2025-06")
    total = sum(20 + hour % 7 for hour in range(24)) * 2
    expect(page.get_by_text(f"건물의 사용량: {total:,} kWh")).to_be_visible()
    expect(page.get_by_text("하위 계량기에 없음")).to_be_visible()
    expect(page.get_by_role("heading", name="사용량에 들지 않음")).to_be_visible()
    assert [text for text in complaints if "404" not in text] == []
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
