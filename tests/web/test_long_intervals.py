"""Points whose readings cover months: they break no list, and their usage lies where the period does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.making import make_building, make_points, make_token, usage_of

from ondol.common.access import Scope
from ondol.common.instants import DAY_S
from ondol.history import Resolution
from ondol.history.aggregate_readings import buildings_by_id, old_intervals
from ondol.installation import Installation
from ondol.readings.model import readings_frame
from ondol.web.app import create_app

MONTHLY = {
    "key": "hq.bills",
    "name": "Bills",
    "quantity": "electricity",
    "unit": "kWh",
    "kind": "total",
    "interval_s": 31 * DAY_S,
}


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hq", timezone="UTC")
    return ondol


def test_a_point_of_a_month_stands_in_the_list(ondol: Installation):
    make_points(ondol, "hq", [MONTHLY])
    client = create_app(ondol).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 't', Scope.READ, Scope.WRITE)}"
    listed = client.get("/api/v1/points")
    assert (listed.status_code, [point["interval_s"] for point in listed.json["items"]]) == (200, [31 * DAY_S])
    assert client.get("/api/v1/points/hq.bills").json["interval_s"] == 31 * DAY_S
    made = client.post("/api/v1/points", json={**MONTHLY, "key": "hq.more", "building": "hq"})
    assert made.status_code == 201, made.json


def test_a_month_is_found_from_any_day_in_it(ondol: Installation):
    (point,) = make_points(ondol, "hq", [MONTHLY])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    bills = old_intervals(point, readings_frame([point.id], [int(start.timestamp()) * 1_000_000], [310.0]))
    ondol.history.records.write(bills, {point.id: point}, buildings_by_id(ondol.sites.records))
    whole = usage_of(ondol, "hq", "electricity", start, datetime(2026, 2, 1, tzinfo=UTC), Resolution.MONTH)
    days = usage_of(
        ondol, "hq", "electricity", datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 1, 25, tzinfo=UTC), Resolution.DAY
    )
    assert whole.total == pytest.approx(310.0)
    assert [day.value for day in days.intervals] == [pytest.approx(10.0)] * 5
