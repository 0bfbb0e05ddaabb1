"""Volumes of gas become kWh by a calorific value with the day from which it holds, and by nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from tests.making import make_building

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput, NotAllowed
from ondol.history import Resolution, Usage, UsageQuestion
from ondol.installation import Installation
from ondol.sites import CalorificValue

FILE = "time,Gas (m3)\n" + "".join(
    f"2025-06-{day:02}T{hour:02}:00:00Z,{1 + hour % 2}\n" for day in (1, 2, 3) for hour in range(24)
)
JUNE = CalorificValue(date(2025, 6, 1), 10.0)
SECOND = CalorificValue(date(2025, 6, 2), 11.0)


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(timeseries_url="memory://")
    make_building(ondol, "hall", timezone="UTC")
    ondol.imports.import_file(SYSTEM, "hall", "gas.csv", FILE.encode(), {})
    return ondol


def usage(ondol: Installation, interval: Resolution = Resolution.DAY, hour: int = 0) -> Usage:
    asked = UsageQuestion(
        building_key="hall", quantity="gas", interval=interval,
        start=datetime(2025, 6, 1, hour, tzinfo=UTC), end=datetime(2025, 6, 4, tzinfo=UTC),
    )  # fmt: skip
    return ondol.history.look_up_usage(SYSTEM, asked)


@pytest.mark.parametrize("interval", [Resolution.HOUR, Resolution.DAY, Resolution.MONTH])
def test_the_value_of_each_day_counts(ondol: Installation, interval: Resolution) -> None:
    assert (usage(ondol, interval).unit, usage(ondol, interval).total) == ("m3", pytest.approx(108))
    ondol.sites.set_calorific_values(SYSTEM, "hall", [SECOND, JUNE])
    found = usage(ondol, interval)
    assert (found.unit, found.total) == ("kWh", pytest.approx(36 * 10 + 72 * 11))
    assert found.kwh_per_m3 == [10.0, 11.0]


def test_volumes_stay_volumes_before_the_first_value(ondol: Installation) -> None:
    ondol.sites.set_calorific_values(SYSTEM, "hall", [SECOND])
    assert usage(ondol).unit == "m3"
    ondol.sites.set_calorific_values(SYSTEM, "hall", [])
    ondol.sites.set_calorific_values(SYSTEM, None, [JUNE])
    assert usage(ondol).total == pytest.approx(1080)
    ondol.sites.set_calorific_values(SYSTEM, "hall", [CalorificValue(date(2025, 1, 1), 9.0)])
    assert usage(ondol).total == pytest.approx(972)


def test_what_is_no_calorific_value_is_refused(ondol: Installation) -> None:
    with pytest.raises(InvalidInput, match=r"3\.6"):
        ondol.sites.set_calorific_values(SYSTEM, "hall", [CalorificValue(date(2025, 1, 1), 42.8)])
    with pytest.raises(InvalidInput, match="same day"):
        ondol.sites.set_calorific_values(SYSTEM, "hall", [JUNE, JUNE])
    manager = Access("kim", frozenset({Scope.READ, Scope.WRITE}), buildings=frozenset({"hall"}))
    with pytest.raises(NotAllowed):
        ondol.sites.set_calorific_values(manager, None, [JUNE])
