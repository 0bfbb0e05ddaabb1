"""What every model promises (`ports.forecaster`), and that meters of every sort get a sensible, flagged forecast."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest
from tests.conftest import lacking

from ondol.common.day_types import DayType, day_type
from ondol.forecasters.seasonal import Seasonal
from ondol.forecasts.back_test_forecasts import PROTOCOLS, back_test
from ondol.forecasts.model.forecasts import Forecast, ForecastFlag, ForecastTarget
from ondol.forecasts.model.loads import Loads, loads_of
from ondol.forecasts.model.weather import IssuedWeather, PerfectWeather
from ondol.forecasts.ports.forecaster import Forecaster, MissingLibrary
from ondol.forecasts.predict_loads import predict_loads
from ondol.forecasts.train_forecasters import fit_and_test
from ondol.sites.model import Building

START_H = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()) // 3600


@cache
def models() -> list[Forecaster]:
    """Trees, and the seasonal mean."""
    try:
        from ondol.forecasters.lightgbm import LightGBM
    except MissingLibrary as missing:
        lacking(str(missing))
    return [LightGBM(), Seasonal()]


def office(hours: int, seed: int = 1, level: float = 100.0, start_h: int = START_H) -> np.ndarray:
    """Energy of an office in Seoul by the hour: working days 9 to 18, some noise."""
    chance, energy = np.random.default_rng(seed), []
    for n in range(hours):
        local = (start_h + n + 9) % 24
        day = datetime.fromtimestamp((start_h + n + 9) * 3600, UTC).date()
        busy = day_type(day, "KR") is DayType.WORKING_DAY and 9 <= local < 18
        energy.append(level * (1.0 if busy else 0.35) * (1 + 0.05 * chance.standard_normal()))
    return np.array(energy, np.float32)


def loads_from(*rows: np.ndarray, weather: PerfectWeather | IssuedWeather | None = None) -> Loads:
    return loads_of([f"b{n}" for n in range(len(rows))], START_H, np.stack(rows), ["Asia/Seoul"] * len(rows), weather)


@pytest.fixture(params=["lightgbm", "seasonal"])
def model(request: pytest.FixtureRequest) -> Forecaster:
    return Seasonal() if request.param == "seasonal" else models()[0]


@pytest.mark.parametrize("horizon_h", [24, 168])
def test_a_forecast_follows_the_shape_of_the_load(model: Forecaster, horizon_h: int):
    loads = loads_from(office(70 * 24 + horizon_h), office(70 * 24 + horizon_h, seed=2, level=3))
    known = loads.before(70 * 24)
    expected = model.fit(known, horizon_h, 1).predict(known, np.arange(2), np.full(2, 70 * 24))
    actual = loads.energy[:, 70 * 24 :]
    assert expected.shape == (2, horizon_h)
    assert np.abs(expected - actual).mean() / actual.mean() < 0.1


def test_nothing_from_the_origin_on_is_looked_at(model: Forecaster):
    past, weather = 60 * 24, np.zeros((1, 70 * 24), np.float32)
    calm = loads_from(office(70 * 24), weather=IssuedWeather(weather, weather, *_nothing_issued()))
    changed = calm.energy.copy()
    changed[:, past:] *= 1000
    heat = replace(calm.weather, temperature_c=np.where(np.arange(70 * 24) >= past, 45, 0)[None].astype(np.float32))
    wild = replace(calm, energy=changed, weather=heat)
    origins = np.array([past - 30, past])
    fitted = model.fit(calm.before(past), 24, 1)
    rows = np.zeros(2, np.int64)
    assert np.array_equal(fitted.predict(calm, rows, origins), fitted.predict(wild, rows, origins))


def test_what_was_learnt_can_be_kept_and_gives_the_same_again(model: Forecaster):
    loads = loads_from(office(60 * 24), office(60 * 24, 2))
    rows, origins = np.arange(2), np.full(2, loads.hours)
    first, second = model.fit(loads, 24, 7), model.fit(loads, 24, 7)
    kept = model.from_bytes(first.to_bytes())
    assert first.to_bytes() == second.to_bytes()
    assert np.array_equal(first.predict(loads, rows, origins), kept.predict(loads, rows, origins))


def test_a_load_that_the_model_has_not_seen_is_answered(model: Forecaster):
    fitted = model.fit(loads_from(office(60 * 24)), 24, 1)
    others = loads_of(["new"], START_H, office(20 * 24)[None], ["Asia/Seoul"])
    assert np.isfinite(fitted.predict(others, np.zeros(1, np.int64), np.array([others.hours]))).all()


def test_a_back_test_does_not_move_when_the_future_does():
    loads = loads_from(office(100 * 24), office(100 * 24, 2))
    changed = loads.energy.copy()
    changed[:, 90 * 24 :] = 1e6
    tests = [
        back_test(each, PROTOCOLS["day"], models(), 80 * 24, 100 * 24)
        for each in (loads, replace(loads, energy=changed))
    ]
    until = tests[0].origins <= 90 * 24
    assert until.sum() == 11
    for name in ("expected", "band"):
        mine, other = (getattr(test, name)[:, until] for test in tests)
        assert np.array_equal(mine, other)


def test_the_same_history_and_seed_give_the_same_archive():
    loads = loads_from(office(60 * 24), office(60 * 24, 2))
    first, second = (fit_and_test(loads, 24, models(), 3).archive for _ in range(2))
    assert first.content == second.content
    assert first.version == second.version


def ten_days(hours: int) -> np.ndarray:
    row = office(hours)
    row[: hours - 240] = np.nan
    return row


def with_gaps(hours: int) -> np.ndarray:
    row = office(hours)
    row[np.random.default_rng(5).random(hours) < 0.4] = np.nan
    return row


def always_zero(hours: int) -> np.ndarray:
    return np.zeros(hours, np.float32)


def after_a_retrofit(hours: int) -> np.ndarray:
    row = office(hours)
    row[-10 * 24 :] *= 0.5
    return row


def with_a_spike(hours: int) -> np.ndarray:
    row = office(hours)
    row[-50] *= 1e6
    return row


@pytest.mark.parametrize(("alone", "horizon_h"), [(True, 24), (False, 168)])
@pytest.mark.parametrize(
    ("make", "flag", "lowest", "highest"),
    [
        (ten_days, ForecastFlag.SHORT_HISTORY, 30, 100),
        (with_gaps, ForecastFlag.GAPS, 30, 100),
        (always_zero, ForecastFlag.ALL_ZERO, 0, 0),
        (after_a_retrofit, ForecastFlag.LEVEL_CHANGED, 15, 45),
        (with_a_spike, ForecastFlag.SPIKES_LEFT_OUT, 30, 100),
    ],
)
def test_odd_meters_get_a_sensible_flagged_forecast(
    make: Callable[[int], np.ndarray], flag: ForecastFlag, lowest: float, highest: float, alone: bool, horizon_h: int
):
    hours = 70 * 24
    rows = [make(hours)] if alone else [make(hours), office(hours, 2)]
    (forecast, *_) = issued(loads_from(*rows), horizon_h)
    assert flag in forecast.flags
    assert lowest <= np.mean(forecast.expected) <= highest
    assert np.isfinite(forecast.band).all()
    assert all(list(hour) == sorted(hour) for hour in forecast.band)
    assert min(min(hour) for hour in forecast.band) >= 0
    assert max(max(hour) for hour in forecast.band) < 10 * max(highest, 1e-9)


def test_a_good_meter_has_no_flag():
    (forecast,) = issued(loads_from(office(90 * 24)), 24)
    assert forecast.flags == ForecastFlag.GOOD


def test_a_meter_without_any_history_has_no_forecast():
    silent = np.full(40 * 24, np.nan, np.float32)
    assert len(issued(loads_from(silent, office(40 * 24)), 24)) == 1


def test_the_naive_takes_over_where_the_model_fell_behind():
    loads = loads_from(office(60 * 24))
    (forecast,) = issued(loads, 24, overtaken=frozenset(["b0"]))
    assert ForecastFlag.NAIVE in forecast.flags
    assert forecast.expected == forecast.last_week


def issued(loads: Loads, horizon_h: int, **more: frozenset[str]) -> list[Forecast]:
    archive = fit_and_test(loads, horizon_h, models(), 1).archive
    buildings = [Building(n, name, name, "") for n, name in enumerate(loads.names)]
    return predict_loads(
        buildings,
        loads,
        ForecastTarget("electricity", horizon_h),
        archive,
        models(),
        loads.instant(loads.hours),
        **more,
    )


def _nothing_issued() -> tuple[np.ndarray, ...]:
    none, empty = np.zeros(0, np.int64), np.zeros((0, 1), np.float32)
    return none, none, empty, empty
