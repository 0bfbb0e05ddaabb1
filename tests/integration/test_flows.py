"""docs/flows.md draws what the use cases do: its arrows are the recorded calls of the stores, on both kinds of stores."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ondol.application import Ondol
from ondol.history.rules.intervals import Resolution
from ondol.people.manage_accounts import create_user
from ondol.people.model import Role
from ondol.readings.model import Submission

TEXT = (Path(__file__).parents[2] / "docs" / "flows.md").read_text("utf-8")
PASSWORD = "a-long-enough-password"


def drawn(title: str) -> list[tuple[str, str]]:
    """Store and call of each arrow from Ondol, in the diagram below the heading."""
    section = re.search(rf"## {title}.*?```mermaid\n(.*?)```", TEXT, re.DOTALL)
    assert section, title
    return re.findall(r"Ondol->>(\w+): (\w+)", section[1])


@pytest.fixture
def record(ondol: Ondol, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], list[tuple[str, str]]]:
    """Runs something and returns the calls of the stores that it made."""
    calls: list[tuple[str, str]] = []

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

    forecasts = ondol.forecasting.forecasts
    for store in (ondol.accounts, ondol.session_desk.sessions, ondol.directory, ondol.history, forecasts):
        listen(store, "Database")
    listen(ondol.timeseries, "TimeSeries")
    listen(ondol.cache, "Cache")
    listen(ondol.objects, "Objects")

    def run(action: Callable[[], Any]) -> list[tuple[str, str]]:
        calls.clear()
        action()
        return list(calls)

    return run


def test_flow_1_sign_in(ondol: Ondol, record) -> None:
    create_user("kim", "kim@example.com", Role.USER, PASSWORD, accounts=ondol.accounts, clock=ondol.clock)
    assert record(lambda: ondol.sign_in("kim", PASSWORD, "127.0.0.1")) == drawn("Flow 1: sign-in")


def building(ondol: Ondol) -> None:
    ondol.directory.add_building("hq", name="HQ", address="", timezone="Asia/Seoul")
    ondol.directory.add_points("hq", [{"key": "hq.p", "name": "p", "quantity": "electricity", "unit": "kW"}])


def test_flow_2_sensor_collection(ondol: Ondol, record) -> None:
    building(ondol)
    now_us = int(ondol.clock().timestamp()) * 1_000_000
    batch = Submission(["hq.p"], [now_us], [5.0], [1])
    assert record(lambda: ondol.record_readings(batch)) == drawn("Flow 2: sensor collection")


def test_flow_3_energy_usage(ondol: Ondol, record) -> None:
    building(ondol)
    now = ondol.clock()
    ondol.record_readings(Submission(["hq.p"], [int(now.timestamp()) * 1_000_000 - 3_600_000_000], [5.0], [1]))
    ondol.aggregate_readings()

    def ask() -> None:
        ondol.look_up_usage("hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR)
        ondol.look_up_series("hq.p", now - timedelta(hours=2), now, Resolution.MINUTE)

    assert record(ask) == drawn("Flow 3: energy usage")
    # Asked again, the usage comes from the cache; a write lets it be computed anew.
    again = record(lambda: ondol.look_up_usage("hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR))
    assert ("Database", "read") not in again
    before = ondol.look_up_usage("hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR).total
    ondol.record_readings(Submission(["hq.p"], [int(now.timestamp()) * 1_000_000 - 3_000_000_000], [50.0], [1]))
    ondol.aggregate_readings()
    assert ondol.look_up_usage("hq", "electricity", now - timedelta(hours=2), now, Resolution.HOUR).total > before


def test_flow_4_forecast(ondol: Ondol, record) -> None:
    building(ondol)
    now_us = int(ondol.clock().timestamp()) * 1_000_000
    hours = range(1, 72)
    ondol.record_readings(
        Submission(["hq.p"] * 71, [now_us - n * 3_600_000_000 for n in hours], [5.0] * 71, list(hours))
    )
    ondol.aggregate_readings()

    ondol.forecasting.train([24])

    def forecast() -> None:
        ondol.forecasting.issue([24])
        ondol.forecasting.look_up(ondol.directory.building("hq"), "electricity", 24)

    assert record(forecast) == drawn("Flow 4: forecast")


def test_the_list_of_buildings_follows_its_changes(ondol: Ondol, record) -> None:
    building(ondol)
    assert [b.name for b in ondol.buildings()] == ["HQ"]
    assert record(ondol.buildings) == [("Cache", "get")]
    assert ondol.cache.get("cache:building_list")
    ondol.directory.change_building("hq", name="Head office")
    assert [b.name for b in ondol.buildings()] == ["Head office"]


def test_long_charts_never_read_raw_readings(ondol: Ondol, record) -> None:
    building(ondol)
    now = ondol.clock()
    for interval in Resolution:
        calls = record(lambda i=interval: ondol.look_up_series("hq.p", now - timedelta(days=3), now, i))
        assert not [call for store, call in calls if store == "TimeSeries"], interval
