"""docs/flows.md draws what the use cases do: its arrows are the recorded calls of the stores, on both kinds of stores."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.making import make_building, make_points, make_user, series_of, sign_in, usage_of

from ondol.common.access import SYSTEM
from ondol.history.rules.intervals import Resolution
from ondol.installation import Installation
from ondol.people.model import Role
from ondol.readings import Submission
from ondol.sites import BuildingChange, point_index

TEXT = (Path(__file__).parents[2] / "docs" / "flows.md").read_text("utf-8")
PASSWORD = "a-long-enough-password"


def drawn(title: str) -> list[tuple[str, str]]:
    """Store and call of each arrow from Installation, in the diagram below the heading."""
    section = re.search(rf"## {title}.*?```mermaid\n(.*?)```", TEXT, re.DOTALL)
    assert section, title
    return re.findall(r"Ondol->>(\w+): (\w+)", section[1])


@pytest.fixture
def record(
    ondol: Installation, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], Any]], list[tuple[str, str]]]:
    """Runs something and returns the calls of the stores that it made."""
    calls: list[tuple[str, str]] = []
    # On a busy machine a second may pass, after which the version of the points is asked once more.
    monkeypatch.setattr(point_index, "_CHECK_EVERY_S", 600)

    def listen(store: object, name: str) -> None:
        for method in (m for m in dir(type(store)) if not m.startswith("_") and callable(getattr(store, m))):
            original = getattr(store, method)

            def noted(*args: Any, _original=original, _method=method, **more: Any) -> Any:
                calls.append((name, _method))
                outer = len(calls)
                answer = _original(*args, **more)
                del calls[outer:]  # what a store asks of itself is its own affair
                return answer

            monkeypatch.setattr(store, method, noted)

    people, forecasts = ondol.people, ondol.forecasts.needs.records
    relational = (people.accounts, people.needs.sessions, people.audit, ondol.sites.records, ondol.history.records)
    for store in (*relational, forecasts):
        listen(store, "Database")
    listen(ondol.history.timeseries, "TimeSeries")
    listen(ondol.readings.cache, "Cache")
    listen(ondol.forecasts.needs.objects, "Objects")

    def run(action: Callable[[], Any]) -> list[tuple[str, str]]:
        calls.clear()
        action()
        return list(calls)

    return run


def test_flow_1_sign_in(ondol: Installation, record) -> None:
    make_user(ondol, "kim", Role.USER, PASSWORD)
    assert record(lambda: sign_in(ondol, "kim", PASSWORD, "127.0.0.1")) == drawn("Flow 1: sign-in")


def building(ondol: Installation) -> None:
    make_building(ondol, "hq", name="HQ", address="", timezone="Asia/Seoul")
    make_points(ondol, "hq", [{"key": "hq.p", "name": "p", "quantity": "electricity", "unit": "kW"}])


def test_flow_2_sensor_collection(ondol: Installation, record) -> None:
    building(ondol)
    now_us = int(ondol.clock().timestamp()) * 1_000_000
    batch = Submission(["hq.p"], [now_us], [5.0], [1])
    assert record(lambda: ondol.readings.record(SYSTEM, batch)) == drawn("Flow 2: sensor collection")


def test_flow_3_energy_usage(ondol: Installation, record) -> None:
    building(ondol)
    now = ondol.clock()
    ondol.readings.record(SYSTEM, Submission(["hq.p"], [int(now.timestamp()) * 1_000_000 - 3_600_000_000], [5.0], [1]))
    ondol.history.aggregate()

    def ask() -> None:
        usage_of(ondol, "hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR)
        series_of(ondol, "hq.p", now - timedelta(hours=2), now, Resolution.MINUTE)

    assert record(ask) == drawn("Flow 3: energy usage")
    # Asked again, the usage comes from the cache; a write lets it be computed anew.
    again = record(lambda: usage_of(ondol, "hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR))
    assert ("Database", "read") not in again
    before = usage_of(ondol, "hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR).total
    ondol.readings.record(SYSTEM, Submission(["hq.p"], [int(now.timestamp()) * 1_000_000 - 3_000_000_000], [50.0], [1]))
    ondol.history.aggregate()
    assert usage_of(ondol, "hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR).total > before


def test_flow_4_forecast(ondol: Installation, record) -> None:
    building(ondol)
    now_us = int(ondol.clock().timestamp()) * 1_000_000
    hours = range(1, 72)
    ondol.readings.record(
        SYSTEM, Submission(["hq.p"] * 71, [now_us - n * 3_600_000_000 for n in hours], [5.0] * 71, list(hours))
    )
    ondol.history.aggregate()

    ondol.forecasts.train(SYSTEM, [24])

    def forecast() -> None:
        ondol.forecasts.issue(SYSTEM, [24])
        ondol.forecasts.look_up(SYSTEM, "hq", "electricity", 24)

    assert record(forecast) == drawn("Flow 4: forecast")


def test_the_list_of_buildings_follows_its_changes(ondol: Installation, record) -> None:
    building(ondol)
    assert [b.name for b in ondol.sites.buildings(SYSTEM)] == ["HQ"]
    assert record(lambda: ondol.sites.buildings(SYSTEM)) == [("Cache", "get")]
    assert ondol.readings.cache.get("cache:building_list")
    ondol.sites.change_building(SYSTEM, "hq", BuildingChange(name="Head office"))
    assert [b.name for b in ondol.sites.buildings(SYSTEM)] == ["Head office"]


def test_long_charts_never_read_raw_readings(ondol: Installation, record) -> None:
    building(ondol)
    now = ondol.clock()
    for interval in Resolution:
        calls = record(lambda i=interval: series_of(ondol, "hq.p", now - timedelta(days=3), now, i))
        assert not [call for store, call in calls if store == "TimeSeries"], interval
