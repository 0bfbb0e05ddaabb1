"""What stands in InfluxDB already is listed, mapped, taken and followed, and stays there untouched (docs/adopt.md)."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import NOW, SetClock
from tests.making import make_building, make_points, series_of, usage_of
from tests.servers import InfluxDB, Server

from ondol.common.access import SYSTEM
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.common.instants import epoch_s
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.readings import draft_map

START = NOW - timedelta(days=2)
GUIDE = "sensor_readings,building_id=hq,floor=3,room=office_301,sensor_type=temperature"


class Theirs:
    """The owner's database in a real InfluxDB."""

    def __init__(self, server: InfluxDB, name: str) -> None:
        self.server, self.name = server, name
        server.query(f'CREATE DATABASE "{name}"')

    @property
    def url(self) -> str:
        return self.server.url_of(self.name)

    def write(self, *lines: str) -> None:
        answer = httpx.post(
            f"http://127.0.0.1:{self.server.port}/write", params={"db": self.name, "precision": "s"},
            content="\n".join(lines).encode(), auth=("energy_user", self.server.password), trust_env=False,
        )  # fmt: skip
        assert answer.status_code == 204, answer.text

    def ask(self, statement: str) -> list[dict[str, Any]]:
        answer = httpx.get(
            f"http://127.0.0.1:{self.server.port}/query", params={"db": self.name, "q": statement, "epoch": "s"},
            auth=("energy_user", self.server.password), trust_env=False,
        )  # fmt: skip
        return answer.json()["results"][0].get("series", [])

    def all_of_theirs(self) -> list[dict[str, Any]]:
        """Everything but what Ondol stores, to be held beside later."""
        found = []
        for name in (row[0] for series in self.ask("SHOW MEASUREMENTS") for row in series["values"]):
            if name != "ondol_touched":
                found += self.ask(f"SELECT * FROM \"{name}\" WHERE point = '' GROUP BY *")
        return found


@pytest.fixture
def theirs(start_server: Callable[[str], Server], request: pytest.FixtureRequest) -> Iterator[Theirs]:
    server = start_server("influxdb")
    assert isinstance(server, InfluxDB)
    name = f"theirs {abs(hash(request.node.nodeid))}"
    yield Theirs(server, name)
    server.query(f'DROP DATABASE "{name}"')


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation], theirs: Theirs) -> Installation:
    ondol = open_ondol(adopt_url=theirs.url, unknown_points="register")
    make_building(ondol, "hq", timezone="UTC")
    return ondol


def lines(head: str, values: list[float], fields: str = "value={}", step_s: int = 60) -> list[str]:
    """A line a value, from START on."""
    return [f"{head} {fields.format(value)} {epoch_s(START) + step_s * n}" for n, value in enumerate(values)]


def adopt(ondol: Installation, text: str | None = None) -> dict[str, Any]:
    """Adopt and take the past; what was compared, by series."""
    standing = ondol.adopting.find(SYSTEM)
    ondol.adopting.adopt(SYSTEM, ondol.adopting.decide(SYSTEM, standing, text))
    ondol.adopting.take_past(SYSTEM, lambda _: None)
    ondol.history.aggregate()
    return {it.series.series.text: it for it in ondol.adopting.compare(SYSTEM)}


def found(ondol: Installation) -> dict[str, Any]:
    return {it.found.series.text: it for it in ondol.adopting.find(SYSTEM).series}


def raw(ondol: Installation, point: str) -> list[float]:
    series = series_of(ondol, point, START - timedelta(hours=1), NOW + timedelta(hours=2), Resolution.RAW)
    return [value for value in series.values if value is not None]


def follow(ondol: Installation) -> None:
    (task,) = [task for task in ondol.adopting.tasks() if task.name == "follow adopted series"]
    task.run()


def edited(text: str, **changes: dict[str, str]) -> str:
    """A map with cells changed, by a part of the series."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for part, cells in changes.items():
            if part in row["series"]:
                row.update(cells)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_the_guides_form_is_understood_taken_and_left_untouched(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(GUIDE, [20.0, 21.0, 22.0], 'value={},unit="celsius",status="normal"'))
    before = theirs.all_of_theirs()
    (one,) = ondol.adopting.find(SYSTEM).series
    assert (one.found.readings, one.found.last_value, one.new.key) == (3, 22.0, "hq.3.office_301.temperature")
    assert (one.new.quantity, one.new.unit, str(one.new.kind)) == ("temperature", "degC", "measurement")
    (compared,) = adopt(ondol).values()
    assert (compared.there, compared.series.accepted, compared.is_equal, compared.difference) == (3, 3, True, None)
    assert raw(ondol, "hq.3.office_301.temperature") == [20.0, 21.0, 22.0]
    assert ondol.sites.point(SYSTEM, "hq.3.office_301.temperature").space == "office_301"
    assert theirs.all_of_theirs() == before
