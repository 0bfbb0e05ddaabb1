"""History of several resolutions over one another: no time counts twice, and none is lost."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.making import make_building, make_points

from ondol.history.model import INTERVALS
from ondol.history.rules.overlaps import remainders
from ondol.installation import Installation
from ondol.sites.model import Point

HOUR, QUARTER = 3600, 900
DAY_S = 1_768_435_200  # 2026-01-15T00:00:00Z


def intervals(point_id: int, starts: list[int], duration_s: int, value: float) -> pl.DataFrame:
    rows = [(point_id, DAY_S + start, duration_s, value, 0, 1.0, None, None, None) for start in starts]
    return pl.DataFrame(rows, schema=INTERVALS, orient="row")


spans = st.builds(
    lambda length, places: (length, sorted(places)),
    st.sampled_from([60, 300, QUARTER, HOUR, 7 * 60]),
    st.sets(st.integers(0, 23), min_size=1, max_size=12),
)


@settings(deadline=None, max_examples=150)
@given(older=spans, newer=spans, offset=st.integers(-2000, 2000))
def test_what_is_left_and_what_is_new_cover_each_second_once(
    older: tuple[int, list[int]], newer: tuple[int, list[int]], offset: int
) -> None:
    old = intervals(1, [n * older[0] for n in older[1]], older[0], 10.0)
    new = intervals(1, [offset + n * newer[0] for n in newer[1]], newer[0], 7.0)
    left = remainders(old, new, True)

    def seconds(frame: pl.DataFrame) -> list[int]:
        return [
            second
            for start, duration in frame.select("start", "duration_s").iter_rows()
            for second in range(start, start + duration)
        ]

    kept, taken, before = seconds(left), set(seconds(new)), set(seconds(old))
    assert len(kept) == len(set(kept))
    assert set(kept) == before - taken
    assert left["value"].sum() == pytest.approx(10.0 * len(kept) / older[0])


@pytest.fixture
def meter(ondol: Installation) -> Point:
    make_building(ondol, "hq", name="본관", address="", timezone="UTC")
    (point,) = make_points(ondol,
        "hq",
        [{"key": "hq.electricity", "name": "M", "quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 900}],
    )  # fmt: skip
    return point


def day_kwh(ondol: Installation, meter: Point) -> float:
    used = ondol.history.records.usage([meter.id], "day", date(2026, 1, 15), date(2026, 1, 15))
    stored = ondol.history.records.read([meter.id], DAY_S, DAY_S + 24 * HOUR)
    assert stored["value"].sum() == pytest.approx(used["usage"].sum())
    covered = [
        second
        for start, duration in stored.select("start", "duration_s").iter_rows()
        for second in range(start, start + duration)
    ]
    assert len(covered) == len(set(covered)) == 24 * HOUR
    return float(used["usage"].sum())


def test_hours_then_quarters_then_hours_again(ondol: Installation, meter: Point) -> None:
    buildings = {building.id: building for building in ondol.sites.records.buildings()}

    def write(starts: list[int], duration_s: int, value: float) -> None:
        ondol.history.records.write(intervals(meter.id, starts, duration_s, value), {meter.id: meter}, buildings)

    hours = [n * HOUR for n in range(24)]
    write(hours, HOUR, 4.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0)
    write([n * QUARTER for n in range(40, 60)], QUARTER, 2.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0 - 5 * 4.0 + 20 * 2.0)
    write([10 * HOUR + QUARTER], QUARTER, 3.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0 - 5 * 4.0 + 20 * 2.0 + 1.0)
    write(hours, HOUR, 4.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0)
    write([30 * 60], HOUR, 5.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0 - 4.0 + 5.0)
    write(hours, HOUR, 4.0)
    assert day_kwh(ondol, meter) == pytest.approx(96.0)
