"""A colleague comes in by the link of a mail and sees the own building alone; a lost password is chosen anew. In Chromium."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.mail import MailServer
from tests.running import RunningServer, run_ondol

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]

PASSWORD, COLLEAGUES, ANOTHER = "quiet words of the boss", "four quiet words more", "other quiet words again"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def server(tmp_path: Path, mail: MailServer) -> Iterator[RunningServer]:
    home = tmp_path / "home"
    for key in ("hq", "annex"):
        assert run_ondol(home, "building", "create", key, "--name", f"House {key}").returncode == 0
    made = run_ondol(
        home, "user", "create", "boss", "--email", "boss@example.com", "--role", "admin", "--password", PASSWORD
    )
    assert made.returncode == 0, made.stderr
    with RunningServer(home, smtp_url=mail.url, language="en") as server:
        yield server


def opened(browser: Browser, server: RunningServer) -> BrowserContext:
    return browser.new_context(base_url=server.url, viewport=PHONE, locale="en-GB", reduced_motion="reduce")


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


def link_of(mail: MailServer, number: int, server: RunningServer) -> str:
    """The path of a link; mails are sent every few seconds."""
    deadline = time.monotonic() + 30
    while len(mail.received) < number and time.monotonic() < deadline:
        time.sleep(0.1)
    assert mail.link(number - 1).startswith(server.url)
    return mail.link(number - 1).removeprefix(server.url)


def check_accessibility(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def choose(page: Page, password: str, name: str) -> None:
    page.locator(f"input[name={name}]").fill(password)
    page.locator("input[name=again]").fill(password)


def test_people_come_in_and_come_back(browser: Browser, server: RunningServer, mail: MailServer) -> None:
    boss, lee = opened(browser, server).new_page(), opened(browser, server).new_page()
    sign_in(boss, "boss", PASSWORD)
    expect(boss).to_have_url(re.compile("/$"))
    boss.goto("/people")
    check_accessibility(boss)
    boss.locator("input[name=email]").fill("lee@example.com")
    boss.locator("select[name=role]").select_option("manager")
    boss.get_by_label("House hq").check()
    boss.get_by_role("button", name="Invite").click()
    expect(boss.get_by_text("The link goes by mail to lee@example.com.")).to_be_visible()

    link = link_of(mail, 1, server)
    lee.goto(link)
    check_accessibility(lee)
    lee.locator("input[name=username]").fill("lee")
    choose(lee, COLLEAGUES, "password")
    lee.get_by_role("button", name="Open the account").click()
    expect(lee.get_by_text("House hq").first).to_be_visible()
    expect(lee.get_by_text("House annex")).to_have_count(0)
    assert lee.goto("/buildings/annex").status == 404
    lee.goto("/account")
    check_accessibility(lee)
    assert lee.goto(link).status == 404

    stranger = opened(browser, server).new_page()
    stranger.goto("/sign-in")
    stranger.get_by_role("link", name="Forgot your password?").click()
    check_accessibility(stranger)
    stranger.locator("input[name=email]").fill("lee@example.com")
    stranger.get_by_role("button", name="Send the link").click()
    expect(stranger.get_by_text("a link is on its way")).to_be_visible()
    reset = link_of(mail, 2, server)
    stranger.goto(reset)
    check_accessibility(stranger)
    choose(stranger, ANOTHER, "new")
    stranger.get_by_role("button", name="Change password").click()
    expect(stranger.get_by_text("Your password is changed")).to_be_visible()
    assert stranger.goto(reset).status == 404
    lee.goto("/account")
    expect(lee).to_have_url(re.compile("/sign-in"))
    sign_in(lee, "lee", ANOTHER)
    expect(lee.get_by_text("House hq").first).to_be_visible()

    boss.goto("/people/lee")
    check_accessibility(boss)
    log = server.log.read_text("utf-8")
    for secret in (link, reset):
        assert secret.rpartition("/")[2] not in log
