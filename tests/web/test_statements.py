"""Pages ask little: how many statements reach the database for one, in a building with 120 points."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import polars as pl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from tests.conftest import NOW
from tests.making import make_building, make_points, make_user, sign_in

from ondol.common.access import SYSTEM
from ondol.common.instants import HOUR_S, epoch_s
from ondol.history.model import intervals_frame
from ondol.installation import Installation
from ondol.web.app import create_app

POINTS = 120
DAYS = 5


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    fill(ondol, "hq", POINTS)
    ondol.forecasts.issue(SYSTEM)
    make_user(ondol, "kim")
    return ondol


def fill(ondol: Installation, key: str, points: int) -> None:
    """Hourly energy of the last days of a main meter and its submeters."""
    make_building(ondol, key)
    meter = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": HOUR_S}
    main = {"key": f"{key}.main", "name": "main", **meter}
    others = [{"key": f"{key}.p{n}", "name": f"p{n}", "submeter_of": f"{key}.main", **meter} for n in range(points - 1)]
    made = {point.id: point for point in make_points(ondol, key, [main, *others])}
    first = epoch_s(NOW) - DAYS * 24 * HOUR_S
    hours = pl.DataFrame({"start": [first + n * HOUR_S for n in range(DAYS * 24)]})
    frames = [intervals_frame(hours, point_id=n, duration_s=HOUR_S, value=5.0) for n in made]
    building = ondol.sites.records.building(key)
    ondol.history.records.write(pl.concat(frames), made, {building.id: building})


@pytest.fixture
def client(ondol: Installation) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.set_cookie("ondol_session", sign_in(ondol, "kim")[0])
    return client


@contextmanager
def statements(ondol: Installation) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(ondol.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(ondol.database.engine, "before_cursor_execute", note)


def asked(ondol: Installation, client: FlaskClient, path: str) -> list[str]:
    """Statements of an answer that nothing remembers anything of."""
    ondol.people.recognition.forget()
    ondol.sites.index.forget()
    for prefix in ("cache:", "forecast:", "latest:"):
        ondol.readings.cache.delete(*ondol.readings.cache.keys(prefix))
    with statements(ondol) as seen:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return seen


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/buildings/hq", 12),
        ("/points/hq.p7", 14),
        ("/buildings/hq/data-quality", 10),
        ("/api/v1/buildings/hq/forecast", 3 + 1),
        ("/api/v1/buildings/hq/month-end", 4 + 1),
        ("/api/v1/buildings/hq/latest", 4),
        ("/api/v1/buildings/hq/usage?start=2026-11-17T00:00:00Z&end=2026-11-18T00:00:00Z&interval=1h", 5),
    ],
)
def test_an_answer_takes_few_statements(ondol: Installation, client: FlaskClient, path: str, most: int) -> None:
    """One more for answers of the API: what the person may reach, asked once in five seconds."""
    seen = asked(ondol, client, path)
    assert len(seen) <= most, "\n".join(seen)


def test_the_portfolio_asks_as_much_for_many_buildings_as_for_one(ondol: Installation, client: FlaskClient) -> None:
    one = len(asked(ondol, client, "/"))
    for n in range(12):
        fill(ondol, f"b{n}", 3)
    assert len(asked(ondol, client, "/")) == one
    assert one <= 12


def test_the_newest_reading_of_a_building_is_one_indexed_question(ondol: Installation) -> None:
    building = ondol.sites.building(SYSTEM, "hq")
    with statements(ondol) as seen:
        found = ondol.history.last_seen(SYSTEM, [building])
    assert found == {"hq": NOW}
    assert len(seen) == 1
    if ondol.database.dialect == "sqlite":
        assert "idx_sensor_data_building_time" in plan_of(ondol, seen[0])


def plan_of(ondol: Installation, statement: str) -> str:
    with ondol.database.read() as connection:
        return str(connection.exec_driver_sql(f"explain query plan {statement}", (1,) * statement.count("?")).all())
