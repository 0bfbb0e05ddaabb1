"""Pages say why something is not there: no forecast, a file that is still being taken in, two totals of one month."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from tests.conftest import NOW, SetClock
from tests.making import make_building, make_user, sign_in

from ondol.common.access import SYSTEM
from ondol.forecasts import NoForecast
from ondol.imports import read_file
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app


def hours(first_day: int, days: int) -> bytes:
    """A file of hourly use that begins so many days before now."""
    start = NOW.replace(hour=0) - timedelta(days=first_day)
    rows = [f"{(start + timedelta(hours=n)).isoformat()},{2 + n % 24 / 10}" for n in range(24 * days)]
    return ("time,electricity (kWh)\n" + "\n".join(rows) + "\n").encode()


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hall")
    make_user(ondol, "kim", Role.ADMIN)
    return ondol


@pytest.fixture
def page(ondol: Installation) -> Callable[[], str]:
    client: FlaskClient = create_app(ondol).test_client()
    cookie, _ = sign_in(ondol, "kim")
    client.set_cookie("ondol_session", cookie)
    client.set_cookie("ondol_language", "en")
    return lambda: client.get("/buildings/hall").text


def take(ondol: Installation, data: bytes) -> None:
    ondol.imports.import_file(SYSTEM, "hall", "use.csv", data, {})


def reason(ondol: Installation) -> NoForecast:
    return ondol.forecasts.explain_missing(SYSTEM, "hall", "electricity").reason


def test_why_there_is_no_forecast(ondol: Installation, page: Callable[[], str], clock: SetClock) -> None:
    assert reason(ondol) is NoForecast.NO_READINGS
    assert "no main meter has any readings" in page()
    take(ondol, hours(1000, 300))
    assert reason(ondol) is NoForecast.ENDED
    assert "the readings end on 2024-12-" in page()
    take(ondol, hours(100, 98))
    assert reason(ondol) is NoForecast.SOON
    assert "The first forecast is being made" in page()
    ondol.forecasts.issue(SYSTEM, [24])
    assert "There is no forecast" not in page()
    assert "The first forecast is being made" not in page()
    make_building(ondol, "mall")
    ondol.imports.import_file(SYSTEM, "mall", "use.csv", hours(100, 98), {})
    clock.forward(hours=5)
    missing = ondol.forecasts.explain_missing(SYSTEM, "mall", "electricity")
    assert (missing.reason, missing.since) == (NoForecast.NOT_ISSUED, NOW)


def test_a_file_that_is_being_taken_in_is_told(open_ondol: Callable[..., Installation]) -> None:
    seen: list[bool] = []

    def slowly(*asked: object):
        seen.append("being taken in" in show())
        return read_file(*asked)

    ondol = open_ondol(timeseries_url="memory://")
    object.__setattr__(ondol.imports.needs, "read", slowly)
    make_building(ondol, "hall")
    make_user(ondol, "kim", Role.ADMIN)
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, "kim")[0])
    client.set_cookie("ondol_language", "en")

    def show() -> str:
        return client.get("/buildings/hall").text

    take(ondol, hours(10, 9))
    assert seen == [True]
    assert "being taken in" not in show()
    with pytest.raises(Exception, match="empty"):
        take(ondol, b"")
    assert "being taken in" not in show()


def test_the_month_says_until_when_it_is_counted(ondol: Installation) -> None:
    take(ondol, hours(100, 98))
    ondol.forecasts.issue(SYSTEM)
    month = ondol.forecasts.expect_month_end(SYSTEM, "hall", "electricity")
    assert month.measured_until == NOW.replace(minute=0)
