"""The synthetic office: complete, the same for a seed, and like a building to those who know one."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import polars as pl
import pytest

from ondol.common.errors import InvalidInput, NotFound
from ondol.common.units import UNITS
from ondol.simulation.history import history
from ondol.simulation.live import live
from ondol.simulation.office import GAS, MAIN, REGISTER, WATER, describe_office, submeters
from ondol.sites.model import PointKind

SEED = 7
KST = timedelta(hours=9)


def seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC) - KST


@cache
def year() -> pl.DataFrame:
    """A year of the building, one column a point, with the local time."""
    values = history(SEED, seoul(2025, 11, 1), seoul(2026, 11, 1))
    table = values.with_columns(pl.col("point_key").cast(pl.String)).pivot("point_key", index="time_us", values="value")
    return table.with_columns(local=pl.from_epoch("time_us", "us").dt.offset_by("9h"))


def hours(start: datetime, end: datetime) -> pl.DataFrame:
    local = pl.col("local")
    rows = year().filter(local >= (start + KST).replace(tzinfo=None), local < (end + KST).replace(tzinfo=None))
    return rows.group_by_dynamic("local", every="1h").agg(pl.exclude("time_us").mean())


def test_the_building_is_whole() -> None:
    office = describe_office()
    assert (office.floors, len(office.tenants), len(office.points)) == (8, 6, 120)
    assert office.is_synthetic
    assert "합성" in office.name
    keys = [point.key for point in office.points]
    assert len(set(keys)) == len(keys)
    named = {MAIN, "demo.outdoor.temperature", "demo.f3.electricity.lighting", "demo.f3.office_301.temperature"}
    assert named <= {*keys}
    assert {*submeters(), REGISTER} == {point.key for point in office.points if point.submeter_of == MAIN}
    spaces = {space.key for space in office.spaces}
    assert {point.space for point in office.points if point.space} <= spaces
    assert {space.parent for space in office.spaces if space.parent} <= spaces
    assert {point.unit for point in office.points} <= {*UNITS}
    assert all(point.brick_class for point in office.points)
    assert {floor for tenant in office.tenants for floor in tenant.floors} == {str(floor) for floor in range(1, 9)}
    assert Counter(point.quantity for point in office.points)["electricity"] == 35


def test_every_point_has_every_quarter_hour_within_its_limits() -> None:
    table = year()
    assert table.height == 365 * 96
    for point in describe_office().points:
        values = table[point.key]
        assert values.is_finite().all(), point.key
        assert point.min_value is None or values.min() >= point.min_value, point.key
        assert point.max_value is None or values.max() <= point.max_value, point.key


def test_the_main_meter_is_the_sum_of_its_submeters_and_small_losses() -> None:
    share = year().select(pl.col(MAIN) / pl.sum_horizontal(submeters()))[MAIN]
    assert share.min() > 1.005
    assert share.max() < 1.02


def test_counters_never_fall_and_agree_with_the_meter() -> None:
    table = year()
    for key in (REGISTER, GAS, WATER):
        assert table[key].diff().drop_nulls().min() >= 0
    counted = table[REGISTER][-1] - table[REGISTER][0]
    assert counted == pytest.approx(table[MAIN][:-1].sum() / 4, abs=0.2)
    kinds = {point.key: point.kind for point in describe_office().points}
    assert {kinds[key] for key in (REGISTER, GAS, WATER)} == {PointKind.TOTAL_INCREASING}


def test_a_year_of_electricity_is_that_of_an_office() -> None:
    office, main = describe_office(), year()[MAIN]
    assert 150 <= main.sum() / 4 / office.total_area_m2 <= 160
    assert 0.60 <= main.max() / office.contract_power_kw <= 0.75
    assert 0.12 <= main.min() / main.max() <= 0.30
    weekend = year().filter(pl.col("local").dt.weekday() >= 6)[MAIN].sum() / main.sum()
    assert 0.12 <= weekend <= 0.24


def test_peaks_come_on_summer_afternoons_and_winter_mornings() -> None:
    local = pl.col("local")
    peak = year().sort(MAIN)["local"][-1]
    assert peak.month in (7, 8)
    assert 12 <= peak.hour <= 17
    january = year().filter(local.dt.month() == 1).sort(MAIN)["local"][-1]
    assert 8 <= january.hour <= 10
    gas = year().group_by(local.dt.month().alias("month")).agg(pl.col(GAS).max() - pl.col(GAS).min()).sort("month")[GAS]
    assert gas[0] > 8 * gas[6]


def test_holidays_and_feasts_are_quiet() -> None:
    usual = hours(seoul(2026, 9, 22), seoul(2026, 9, 24))
    chuseok = hours(seoul(2026, 9, 24), seoul(2026, 9, 27))
    seollal = hours(seoul(2026, 2, 16), seoul(2026, 2, 19))
    assert chuseok[MAIN].max() < 0.3 * usual[MAIN].max()
    assert seollal[MAIN].max() < 100
    assert chuseok["demo.f3.office_301.occupancy"].max() == 0
    assert chuseok["demo.f3.office_301.co2"].max() < 460
    liberation_day_off = hours(seoul(2026, 8, 17), seoul(2026, 8, 18))
    assert liberation_day_off[MAIN].max() < 0.35 * year()[MAIN].max()


def test_a_working_day_has_its_shape() -> None:
    day = hours(seoul(2026, 4, 14), seoul(2026, 4, 15))
    power, people = day[MAIN].to_list(), day["demo.f3.office_301.occupancy"].to_list()
    assert power[12] < 0.93 * min(power[11], power[14])
    assert people[12] < 0.8 * people[11]
    assert people[12] < 0.8 * people[14]
    assert max(power[:5]) < 0.45 * power[15]
    assert power[20] > 1.2 * power[3]
    assert people[3] == 0
    lifts = day["demo.electricity.lifts"].to_list()
    assert lifts[8] > 1.25 * lifts[10]
    assert day["demo.f3.office_301.co2"].to_list()[16] > 650
    assert day["demo.f3.office_301.illuminance"].to_list()[15] > 300


def test_the_weather_is_seouls() -> None:
    months = (
        year().group_by(pl.col("local").dt.month().alias("month")).agg(pl.col("^demo.outdoor.*$").mean()).sort("month")
    )
    temperature, humidity = months["demo.outdoor.temperature"], months["demo.outdoor.humidity"]
    assert -6 < temperature[0] < 1
    assert 23 < temperature[7] < 29
    assert humidity[6] > humidity[0] + 12
    assert year()["demo.outdoor.temperature"].min() < -9
    assert year().filter(pl.col("local").dt.hour() == 2)["demo.outdoor.irradiance"].max() == 0


def test_the_same_seed_gives_the_same_building_and_another_another() -> None:
    start, end = seoul(2026, 3, 2), seoul(2026, 3, 4)
    assert history(SEED, start, end).equals(history(SEED, start, end))
    assert not history(SEED, start, end).equals(history(SEED + 1, start, end))


@pytest.mark.parametrize("start", [seoul(2024, 11, 30), seoul(2024, 12, 30), seoul(2026, 2, 27)])
@pytest.mark.parametrize("step_s", [900, 300])
def test_pieces_are_the_same_as_the_whole(start: datetime, step_s: int) -> None:
    cuts = [start, start + timedelta(hours=7, minutes=10), start + timedelta(days=1), start + timedelta(days=3)]
    keys = [MAIN, REGISTER, GAS, WATER, "demo.outdoor.temperature", "demo.f4.meeting_402.co2"]
    pieces = pl.concat([history(SEED, a, b, keys, step_s) for a, b in pairwise(cuts)])
    whole = history(SEED, cuts[0], cuts[-1], keys, step_s)
    assert whole.height == len(keys) * 3 * 86_400 // step_s
    assert pieces.sort("point_key", "time_us").equals(whole.sort("point_key", "time_us"))


def test_points_are_chosen_and_wrong_ones_refused() -> None:
    start = seoul(2026, 3, 2)
    found = history(SEED, start, start + timedelta(hours=1), ["demo.outdoor.humidity"])
    assert found["point_key"].unique().to_list() == ["demo.outdoor.humidity"]
    assert history(SEED, start, start).is_empty()
    with pytest.raises(NotFound, match=r"demo\.attic"):
        history(SEED, start, start + KST, ["demo.attic"])
    with pytest.raises(InvalidInput, match="quarter hour"):
        history(SEED, start, start + KST, step_s=7)


@pytest.mark.parametrize("start", [seoul(2026, 8, 13, 8, 45), seoul(2026, 8, 13, 23, 45), seoul(2026, 1, 21, 9)])
def test_live_seconds_average_to_the_history(start: datetime) -> None:
    end = start + timedelta(minutes=15)
    seconds = live(SEED, start, end)
    quarter = history(SEED, start, end)
    assert seconds.schema == quarter.schema
    assert seconds.height == 900 * 120
    both = seconds.group_by("point_key").agg(pl.col("value").mean().alias("mean")).join(quarter, on="point_key")
    off = both.filter((pl.col("mean") - pl.col("value")).abs() > 0.01 * pl.col("value").abs() + 0.05)
    counters = off["point_key"].cast(pl.String).is_in([GAS, WATER, REGISTER])
    assert off.filter(~counters).is_empty(), off


def test_live_seconds_stay_within_limits_and_add_up() -> None:
    start = seoul(2026, 8, 13, 8, 45)
    seconds = live(SEED, start, start + timedelta(minutes=15)).with_columns(pl.col("point_key").cast(pl.String))
    table = seconds.pivot("point_key", index="time_us", values="value")
    for point in describe_office().points:
        values = table[point.key]
        assert point.min_value is None or values.min() >= point.min_value, point.key
        assert point.max_value is None or values.max() <= point.max_value, point.key
    share = table.select(pl.col(MAIN) / pl.sum_horizontal(submeters()))[MAIN]
    assert share.min() > 1.005
    assert share.max() < 1.02
    assert table[REGISTER].diff().drop_nulls().min() >= 0


def test_live_pieces_are_the_same_as_the_whole() -> None:
    start = seoul(2026, 8, 13, 8, 59, 55)
    whole = live(SEED, start, start + timedelta(seconds=10))
    pieces = [live(SEED, start + timedelta(seconds=i), start + timedelta(seconds=i + 1)) for i in range(10)]
    assert pl.concat(pieces).equals(whole)
