"""Rules of energy and time that hold for any readings."""

import itertools
import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ondol.common.calendar import day_bounds
from ondol.common.quality import Quality
from ondol.history.rules.intervals import Resolution, allocate, calendar_edges
from ondol.history.rules.metering import intervals_of
from ondol.readings.model import deduplicated, readings_frame
from ondol.sites.model import Point, PointKind

T0 = 1_768_435_200
ZONES = st.sampled_from(
    ["Asia/Seoul", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
)
DAYS = st.dates(date(2017, 1, 1), date(2027, 12, 31))


def point(kind: PointKind, unit: str = "kWh", **more: float) -> Point:
    return Point(1, "p", 1, "b", "p", "electricity", unit, kind, **more)


def frame(times_s: list[int], values: list[float]) -> pl.DataFrame:
    return deduplicated(readings_frame([1] * len(values), [T0 * 10**6 + t * 10**6 for t in times_s], values))


@given(
    zone=ZONES,
    day=DAYS,
    length=st.integers(1, 400),
    interval=st.sampled_from([Resolution.QUARTER_HOUR, Resolution.HOUR, Resolution.DAY, Resolution.MONTH]),
)
def test_calendar_edges_cover_a_range_without_gap_or_overlap(zone, day, length, interval):
    info = ZoneInfo(zone)
    start = int(day_bounds(day, info)[0].timestamp())
    end = int(day_bounds(day + timedelta(days=min(length, 40) if interval.seconds else length), info)[0].timestamp())
    edges = calendar_edges(start, end, interval, info)
    assert edges[0] == start
    assert edges[-1] == end
    assert edges == sorted(set(edges))


@given(
    zone=ZONES,
    day=DAYS,
    length=st.integers(1, 40),
    interval=st.sampled_from([Resolution.QUARTER_HOUR, Resolution.HOUR]),
)
def test_hours_and_quarters_begin_at_the_full_ones_of_the_clock_on_the_wall(zone, day, length, interval):
    info = ZoneInfo(zone)
    start, end = (
        int(day_bounds(day, info)[0].timestamp()),
        int(day_bounds(day + timedelta(days=length), info)[0].timestamp()),
    )
    step = interval.seconds or 1
    edges = calendar_edges(start, end, interval, info)
    assert edges == sorted(set(edges))
    for edge in edges[:-1]:
        wall, before = datetime.fromtimestamp(edge, info), datetime.fromtimestamp(edge - 1, info)
        is_full = (wall.minute * 60 + wall.second) % step == 0
        assert is_full or wall.utcoffset() != before.utcoffset()
    assert all(0 < b - a <= step for a, b in itertools.pairwise(edges))


@given(zone=ZONES, day=DAYS)
def test_days_have_23_to_25_hours_and_begin_at_local_midnight(zone, day):
    info = ZoneInfo(zone)
    start, end = (int(instant.timestamp()) for instant in day_bounds(day, info))
    assert 23 * 3600 <= end - start <= 25 * 3600
    assert calendar_edges(start, end, Resolution.DAY, info) == [start, end]
    assert datetime.fromtimestamp(start, info).date() == day


@given(
    spans=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 5_000), st.floats(0, 1e6)), max_size=30),
    cuts=st.sets(st.integers(0, 20_000), max_size=20),
)
def test_allocation_neither_loses_nor_doubles(spans, cuts):
    table = pl.DataFrame(
        [(start, start + length, amount) for start, length, amount in spans],
        schema={"start": pl.Int64, "end": pl.Int64, "amount": pl.Float64},
        orient="row",
    )
    parts = allocate(table, sorted({0, 20_000, *cuts}), ["amount"])
    assert math.isclose(parts["amount"].sum(), sum(amount for *_, amount in spans), rel_tol=1e-9, abs_tol=1e-6)
    assert (parts["end"] - parts["start"]).sum() == sum(length for _, length, _ in spans)


@given(
    st.lists(st.integers(0, 2**40), min_size=2, max_size=60), st.lists(st.integers(1, 7200), min_size=60, max_size=60)
)
def test_register_energy_is_never_negative_whatever_the_register_does(values, gaps):
    times = [sum(gaps[:n]) for n in range(len(values))]
    computed = intervals_of(point(PointKind.TOTAL_INCREASING), frame(times, [float(v) for v in values]))
    assert (computed["value"] >= 0).all()
    assert computed["value"].is_finite().all()


@given(st.lists(st.floats(0, 50), min_size=1, max_size=80), st.integers(1, 3600))
def test_a_healthy_registers_energy_is_the_difference_of_its_ends(steps, gap):
    register = [100.0]
    for step in steps:
        register.append(register[-1] + step)
    readings = frame([n * gap for n in range(len(register))], register)
    limit = 1e9
    computed = intervals_of(point(PointKind.TOTAL_INCREASING, max_per_hour=limit), readings)
    assert math.isclose(computed["value"].sum(), register[-1] - register[0], rel_tol=1e-9, abs_tol=1e-6)


@given(
    count=st.integers(12, 60),
    where=st.integers(1, 10),
    glitch=st.one_of(st.floats(0, 50), st.floats(1e6, 1e9)),
)
def test_one_wild_sample_does_not_change_the_energy_and_is_flagged(count, where, glitch):
    register = [1000.0 + n for n in range(count)]
    register[where] = glitch
    computed = intervals_of(point(PointKind.TOTAL_INCREASING), frame([n * 900 for n in range(count)], register))
    assert math.isclose(computed["value"].sum(), count - 1, rel_tol=1e-9)
    assert any(Quality(flags) & Quality.GLITCH for flags in computed["quality"])


@given(count=st.integers(26, 60), where=st.integers(10, 19), start=st.sampled_from([0.0, 1.0, 53_000.0, 9e8]))
def test_a_reset_or_swap_is_flagged_and_stays_plausible(count, where, start):
    register = [1000.0 + n for n in range(where)] + [start + n for n in range(count - where)]
    computed = intervals_of(point(PointKind.TOTAL_INCREASING), frame([n * 900 for n in range(count)], register))
    assert 0 <= computed["value"].sum() - (count - 2) <= 2
    assert any(Quality(flags) & Quality.RESET for flags in computed["quality"])


@given(count=st.integers(20, 60), where=st.integers(10, 19), digits=st.sampled_from([1_000.0, 100_000.0]))
def test_a_roll_over_loses_nothing(count, where, digits):
    register = [(digits - where + n) % digits for n in range(count)]
    computed = intervals_of(
        point(PointKind.TOTAL_INCREASING, rollover_at=digits), frame([n * 900 for n in range(count)], register)
    )
    assert math.isclose(computed["value"].sum(), count - 1, rel_tol=1e-9)


@given(power_kw=st.floats(0, 1e5), spacing=st.sampled_from([1, 5, 10, 60, 300, 900]), quarters=st.integers(1, 6))
def test_constant_power_gives_its_energy(power_kw, spacing, quarters):
    times = list(range(0, quarters * 900, spacing))
    computed = intervals_of(point(PointKind.MEASUREMENT, "kW"), frame(times, [power_kw] * len(times)))
    assert all(math.isclose(value, power_kw, rel_tol=1e-9, abs_tol=1e-9) for value in computed["value"])
    assert math.isclose(computed["measured_share"].sum(), quarters, rel_tol=0.02)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_totals_add_up(values):
    computed = intervals_of(
        point(PointKind.TOTAL, interval_s=300), frame([n * 300 for n in range(len(values))], values)
    )
    assert math.isclose(computed["value"].sum(), sum(values), rel_tol=1e-9, abs_tol=1e-3)


@given(st.permutations(list(range(40))))
def test_the_order_of_arrival_does_not_matter(order):
    times, values = [n * 60 for n in range(40)], [float(n * n % 17) for n in range(40)]
    straight = intervals_of(point(PointKind.MEASUREMENT, "kW"), frame(times, values))
    shuffled = intervals_of(
        point(PointKind.MEASUREMENT, "kW"), frame([times[n] for n in order], [values[n] for n in order])
    )
    assert straight.equals(shuffled)
