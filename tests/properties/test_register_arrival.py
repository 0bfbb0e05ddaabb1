"""What a register counts hangs on its readings alone: not on the order or the groups in which they came, live or by file.

Through the real embedded stores.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.making import make_building, make_points

from ondol.bootstrap import open_installation
from ondol.config import load_settings
from ondol.history.rules.metering import intervals_of
from ondol.installation import Installation
from ondol.readings.model import readings_frame
from ondol.sites.model import Point

T0 = 1_768_435_200
SPACINGS = [60, 300, 900, 3600, 6 * 3600, 86_400]
NUMBERS = itertools.count()
WRITTEN = ["start", "value", "quality"]
Readings = tuple[list[int], list[float]]


@pytest.fixture(scope="module")
def ondol(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home: Path = tmp_path_factory.mktemp("home")
    opened = open_installation(
        load_settings(home=home, timeseries_url=f"duckdb:///{home / 'r.duckdb'}?retention_days=0")
    )
    make_building(opened, "hq", timezone="UTC")
    yield opened
    opened.close()


@st.composite
def stories(draw: st.DrawFn) -> Readings:
    """Times (s) and values of a register that counts, rests, shows zeros, dips, spikes, starts again and is swapped."""
    spacing, step = draw(st.sampled_from(SPACINGS)), draw(st.sampled_from([0.01, 0.5, 12.0]))
    now, value = T0, draw(st.sampled_from([0.0, 12_340.0]))
    times: list[int] = []
    values: list[float] = []
    for _ in range(draw(st.sampled_from([0, 0, 40, 130]))):
        now, value = now + spacing, value + step
        times.append(now)
        values.append(round(value, 4))

    def show(shown: float) -> None:
        nonlocal now
        now += spacing
        times.append(now)
        values.append(round(shown, 4))

    for _ in range(draw(st.integers(1, 8))):
        what = draw(
            st.sampled_from(
                [
                    "counts",
                    "counts",
                    "counts",
                    "rests",
                    "zeros",
                    "dip",
                    "spike",
                    "reset",
                    "swap",
                    "gap",
                    "bursts",
                    "leap",
                ]
            )
        )
        for _ in range(draw(st.integers(1, 14))):
            value += 0 if what == "rests" else step * 3 if what == "bursts" else step
            show({"zeros": 0.0, "dip": value * 0.99 - 0.3, "spike": 999_999.0}.get(what, value))
        value = {"reset": 0.0, "swap": 8_000.0, "leap": value + 40 * step}.get(what, value)
        now += spacing * 20 if what == "gap" else 0
    return times, values


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Readings, list[list[int]]]:
    """A story, and its readings by number in groups as they come."""
    story = draw(stories())
    order = list(range(len(story[0])))
    if draw(st.booleans()):
        draw(st.randoms(use_true_random=False)).shuffle(order)
    cuts = sorted(draw(st.sets(st.integers(len(order) // 2, len(order)), max_size=12)))
    return story, [order[a:b] for a, b in itertools.pairwise([0, *cuts, len(order)]) if b > a]


def new_point(ondol: Installation) -> Point:
    key = f"hq.m{next(NUMBERS)}"
    (point,) = make_points(
        ondol, "hq", [{"key": key, "name": key, "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}]
    )
    return point


def readings_of(point: Point, story: Readings, numbers: list[int]) -> pl.DataFrame:
    times, values = story
    return readings_frame(
        [point.id] * len(numbers), [times[n] * 1_000_000 for n in numbers], [values[n] for n in numbers]
    )


def arrive(ondol: Installation, story: Readings, groups: list[list[int]]) -> pl.DataFrame:
    """History after the readings came in the groups, aggregated after each."""
    point = new_point(ondol)
    for numbers in groups:
        ondol.history.timeseries.append(readings_of(point, story, numbers))
        ondol.history.aggregate()
    return ondol.history.records.read([point.id], 0, 1 << 32).select(WRITTEN)


def same(a: pl.DataFrame, b: pl.DataFrame) -> None:
    assert a["start"].to_list() == b["start"].to_list()
    assert a["value"].to_list() == pytest.approx(b["value"].to_list(), abs=1e-6)
    assert a["quality"].to_list() == b["quality"].to_list()


ARRIVALS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@ARRIVALS
@given(arrivals())
def test_order_and_groups_of_arrival_change_nothing(
    ondol: Installation, arrival: tuple[Readings, list[list[int]]]
) -> None:
    story, groups = arrival
    same(arrive(ondol, story, groups), arrive(ondol, story, [list(range(len(story[0])))]))


@ARRIVALS
@given(arrivals())
def test_live_equals_file(ondol: Installation, arrival: tuple[Readings, list[list[int]]]) -> None:
    story, groups = arrival
    of_file = intervals_of(new_point(ondol), readings_of(new_point(ondol), story, list(range(len(story[0])))))
    same(arrive(ondol, story, groups), of_file.select(WRITTEN))
