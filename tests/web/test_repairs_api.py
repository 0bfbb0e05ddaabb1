"""Repairs by the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.making import make_building, make_points, make_token

from ondol.common.access import SYSTEM, Scope
from ondol.installation import Installation
from ondol.readings import Submission
from ondol.web.app import create_app

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")
PATH = "/api/v1/points/hq.m/repairs"
SET = {
    "start": "2026-11-16T12:00:00+09:00", "end": "2026-11-16T13:00:00+09:00", "action": "set", "value": 20,
    "reason": "read by hand",
}  # fmt: skip


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hq", timezone="Asia/Seoul")
    make_points(
        ondol, "hq",
        [{"key": "hq.m", "name": "m", "quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 900}],
    )  # fmt: skip
    times = [int((DAY + n * timedelta(minutes=15)).timestamp()) * 1_000_000 for n in range(96)]
    ondol.readings.record(SYSTEM, Submission(["hq.m"] * 96, times, [1.0] * 96, range(1, 97)))
    ondol.history.aggregate()
    return ondol


def client_of(ondol: Installation, *scopes: Scope) -> FlaskClient:
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, f'with {scopes}', *scopes)}"
    return client


def usage(client: FlaskClient) -> Any:
    query = "quantity=electricity&start=2026-11-16T00:00:00%2B09:00&end=2026-11-17T00:00:00%2B09:00&interval=1d"
    return client.get(f"/api/v1/buildings/hq/usage?{query}").json


def test_a_repair_is_tried_made_listed_and_undone(ondol: Installation) -> None:
    client = client_of(ondol, Scope.READ, Scope.WRITE)
    assert usage(client)["total"] == 96
    tried = client.post(f"{PATH}?dry_run=true", json=SET).json
    assert tried is not None
    assert tried["key"] is None
    assert tried["unit"] == "kWh"
    assert tried["days"] == [{"first_day": "2026-11-16", "before": 96, "after": 112}]
    assert tried["months"] == [{"first_day": "2026-11-01", "before": 96, "after": 112}]
    assert usage(client)["total"] == 96
    made = client.post(PATH, json=SET).json
    assert made is not None
    assert made["days"] == tried["days"]
    assert usage(client)["total"] == 112
    (listed,) = client.get(PATH).json["items"]  # pyright: ignore
    assert listed.items() <= made.items()
    assert (listed["reason"], listed["undone_at"]) == ("read by hand", None)
    query = "start=2026-11-16T00:00:00%2B09:00&end=2026-11-17T00:00:00%2B09:00"
    series = client.get(f"/api/v1/points/hq.m/series?{query}").json
    assert series is not None
    assert series["quality"][48:52] == ["estimated+repaired"] * 4
    (flagged,) = client.get(f"/api/v1/points/hq.m/flagged?{query}").json["items"]  # pyright: ignore
    assert (flagged["quality"], flagged["intervals"], flagged["value"]) == ("estimated+repaired", 4, 20)
    assert client.delete(f"{PATH}/{made['key']}").status_code == 204
    assert client.delete(f"{PATH}/{made['key']}").status_code == 404
    assert usage(client)["total"] == 96
    assert client.get(PATH).json["items"][0]["undone_by"] == listed["made_by"]  # pyright: ignore


@pytest.mark.parametrize(
    "change",
    [{"reason": ""}, {"action": "mend"}, {"end": SET["start"]}, {"value": None}, {"value": 1e200}, {"action": "swap"}],
)
def test_what_cannot_be_done_is_refused_with_a_reason(ondol: Installation, change: dict[str, Any]) -> None:
    client = client_of(ondol, Scope.READ, Scope.WRITE)
    answer = client.post(PATH, json=SET | change)
    assert answer.status_code == 400
    assert len(answer.json["detail"]) > 20  # pyright: ignore
    assert client.get(PATH).json["items"] == []  # pyright: ignore


def test_who_only_reads_repairs_nothing(ondol: Installation) -> None:
    client = client_of(ondol, Scope.READ)
    assert client.post(f"{PATH}?dry_run=true", json=SET).status_code == 403
    assert client.delete(f"{PATH}/5d1c0a9b7e42").status_code == 403
    assert client.get(PATH).json == {"items": [], "next": None}
