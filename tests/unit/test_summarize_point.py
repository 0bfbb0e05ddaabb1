"""Figures of a range are those of the readings, not of what a chart draws."""

from datetime import datetime, timedelta

import pytest
from tests.making import make_building, make_points

from ondol.common.access import SYSTEM
from ondol.common.errors import InvalidInput
from ondol.history import NewRepair, RepairAction
from ondol.installation import Installation
from ondol.readings import Submission

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")


def send(ondol: Installation, key: str, start: datetime, step: timedelta, values: list[float]) -> None:
    times = [int((start + n * step).timestamp()) * 1_000_000 for n in range(len(values))]
    ondol.readings.record(SYSTEM, Submission([key] * len(times), times, values, range(1, len(times) + 1)))
    ondol.history.aggregate()


@pytest.fixture
def ondol(ondol: Installation) -> Installation:
    make_building(ondol, "hq", timezone="Asia/Seoul")
    meter = {"quantity": "electricity", "name": "m"}
    make_points(ondol, "hq", [
        {"key": "hq.p", "unit": "kW", **meter},
        {"key": "hq.h", "unit": "kWh", "kind": "total", "interval_s": 900, **meter},
    ])  # fmt: skip
    return ondol


def test_the_peak_is_that_of_a_reading_with_the_time_of_its_quarter_hour(ondol: Installation) -> None:
    minutes = [5.0] * (24 * 60 + 1)
    minutes[10 * 60 + 7] = 50.0
    minutes[3 * 60] = 1.0
    send(ondol, "hq.p", DAY, timedelta(minutes=1), minutes)
    found = ondol.history.summarize_point(SYSTEM, "hq.p", DAY - timedelta(days=200), DAY + timedelta(days=1))
    assert found.maximum is not None
    assert found.minimum is not None
    assert (found.maximum.value, found.maximum.time) == (50, DAY + timedelta(hours=10))
    assert (found.minimum.value, found.minimum.time) == (1, DAY + timedelta(hours=3))
    assert (found.count, found.interval_s, found.sum) == (96, 900, None)
    assert found.mean == pytest.approx(5 + (45 - 4) / 1440)


def test_amounts_add_up_and_one_over_the_edge_counts_by_its_part(ondol: Installation) -> None:
    send(ondol, "hq.h", DAY, timedelta(minutes=15), [4.0] * 24)
    found = ondol.history.summarize_point(SYSTEM, "hq.h", DAY + timedelta(minutes=5), DAY + timedelta(hours=1))
    assert found.sum == pytest.approx(16 - 4 / 3)
    assert found.maximum is not None
    assert (found.maximum.value, found.count) == (4, 4)


def test_the_flagged_share_counts_what_data_quality_counts(ondol: Installation) -> None:
    send(ondol, "hq.h", DAY, timedelta(minutes=15), [4.0] * 24)
    asked = NewRepair(
        action=RepairAction.SCALE, start=DAY, end=DAY + timedelta(hours=1), value=2.0, reason="wrong ratio"
    )
    ondol.history.repair(SYSTEM, "hq.h", asked)
    found = ondol.history.summarize_point(SYSTEM, "hq.h", DAY, DAY + timedelta(days=1))
    flags = next(q.flags for q in ondol.history.assess_data_quality(SYSTEM, "hq") if q.point.key == "hq.h")
    assert flags == {"repaired": 4}
    assert (found.flagged, found.count, found.flagged_share) == (4, 24, pytest.approx(1 / 6))


def test_nothing_is_known_of_a_range_without_history_and_a_wrong_range_is_refused(ondol: Installation) -> None:
    found = ondol.history.summarize_point(SYSTEM, "hq.p", DAY, DAY + timedelta(days=1))
    assert (found.count, found.mean, found.maximum, found.flagged_share) == (0, None, None, None)
    with pytest.raises(InvalidInput, match="the end must lie after the start"):
        ondol.history.summarize_point(SYSTEM, "hq.p", DAY, DAY)
