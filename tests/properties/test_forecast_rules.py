"""Rules of accuracy, bands, weather as it was known, demand and anomalies."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ondol.forecasts.model.forecasts import Forecast, ForecastFlag
from ondol.forecasts.model.loads import spike_limits
from ondol.forecasts.model.model_archive import ModelArchive
from ondol.forecasts.model.weather import IssuedWeather, discomfort_index
from ondol.forecasts.rate_anomalies import anomalies, rate_hours
from ondol.forecasts.rules.accuracy import cvrmse_pct, daily_peaks, nmbe_pct, pinball_pct, scores_of, smape_pct
from ondol.forecasts.rules.calibration import LEVELS, RollingCalibration, band_around
from ondol.forecasts.warn_of_peak_demand import QUARTERS_A_DAY, next_demand_kw

energies = arrays(np.float32, (3, 24), elements=st.floats(0, 1e4, width=32))


def test_scores_of_a_known_case():
    actual, expected = np.array([[10, 20, 30, 40]], np.float32), np.array([[12, 18, 33, 40]], np.float32)
    assert cvrmse_pct(actual, expected) == pytest.approx(100 * np.sqrt(17 / 4) / 25)
    assert nmbe_pct(actual, expected) == pytest.approx(100 * (-3 / 4) / 25)
    assert smape_pct(actual, expected) == pytest.approx((400 / 22 + 400 / 38 + 600 / 63) / 4)


def test_pinball_and_coverage_of_a_known_case():
    actual = np.array([[10.0, 10.0]], np.float32)
    band = np.array([[[8, 9, 10, 11, 12], [11, 12, 13, 14, 15]]], np.float32)
    losses = [0.05 * 2, 0.25 * 1, 0, 0.25 * 1, 0.05 * 2, 0.95 * 1, 0.75 * 2, 0.5 * 3, 0.25 * 4, 0.05 * 5]
    assert pinball_pct(actual, band) == pytest.approx(100 * sum(losses) / 10 / 10)
    assert scores_of(actual, band[..., 2], band).coverage90 == 0.5


def test_peaks_count_days_and_hours():
    actual, expected = np.ones((2, 24), np.float32), np.ones((2, 24), np.float32)
    actual[0, 10], expected[0, 11] = 10, 8
    actual[1, 10], expected[1, 15] = 10, 12
    assert daily_peaks(actual, expected) == (pytest.approx(20), 0.5)


@given(energies, energies)
def test_scores_are_bounded_and_zero_when_right(actual: np.ndarray, expected: np.ndarray):
    score = smape_pct(actual, expected)
    assert score is not None
    assert 0 <= score <= 200 + 1e-6
    assert smape_pct(actual, actual) == 0
    assert (cvrmse_pct(actual, actual) or 0) == 0


@given(energies, st.integers(0, 500_000))
def test_a_band_never_falls_and_a_missing_truth_teaches_nothing(expected: np.ndarray, first_h: int):
    calibration = RollingCalibration(3, 24)
    unknown = np.full((3, 24), np.nan, np.float32)
    before = calibration.band(expected, first_h)
    calibration.learn(expected, before, unknown, first_h)
    assert (np.diff(before, axis=-1) >= 0).all()
    assert np.array_equal(calibration.band(expected, first_h), before)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.02, 0.5))
def test_the_band_holds_what_it_promises(seed: int, noise: float):
    chance = np.random.default_rng(seed)
    calibration, inside, shape = RollingCalibration(4, 24), [], (4, 24)
    for day in range(100):
        expected = (50 + 40 * np.sin(np.arange(24) / 4)[None] * np.ones((4, 1))).astype(np.float32)
        actual = (expected * (1 + noise * chance.standard_normal(shape))).astype(np.float32)
        band = calibration.band(expected, day * 24)
        if day >= 50:
            inside.append((actual >= band[..., 0]) & (actual <= band[..., -1]))
        calibration.learn(expected, band, actual, day * 24)
    assert 0.86 <= np.mean(inside) <= 0.94


def test_ratios_of_nothing_are_wide():
    band = band_around(np.full((1, 24), 10, np.float32), RollingCalibration(1, 24).ratios(), 0)
    assert band.shape == (1, 24, len(LEVELS))
    assert band[0, 0].tolist() == [0, 5, 10, 15, 20]


@given(st.integers(0, 199), st.integers(0, 47))
def test_weather_is_only_what_had_been_issued(origin: int, issued_at: int):
    measured = np.arange(200, dtype=np.float32)[None]
    issued = IssuedWeather(
        measured, measured, np.array([0]), np.array([issued_at]), np.full((1, 168), -1, np.float32), np.full((1, 168), -2, np.float32)
    )  # fmt: skip
    temperature, humidity = issued.known(np.array([0]), np.array([origin]), 24, 24)
    ahead = temperature[0, 24:]
    if issued_at > origin:
        assert np.isnan(ahead).all()
    else:
        known = origin + np.arange(24) - issued_at < 168
        assert (ahead[known] == -1).all()
        assert np.isnan(ahead[~known]).all()
        assert (humidity[0, 24:][known] == -2).all()
    assert np.nanmax(np.append(temperature[0, :24], -1)) < max(origin, 0)


def test_discomfort_is_that_of_the_weather_service():
    # 30 degC and 70 %: 81.1, "most people feel discomfort", from KMA's table.
    assert discomfort_index(np.float32(30), np.float32(70)) == pytest.approx(81.38, abs=0.05)


def test_a_spike_is_no_load_and_growth_is():
    row = np.full((1, 2000), 10, np.float32)
    row[0, 1000] = 1e7
    assert spike_limits(row)[0] == pytest.approx(500)
    row[0, 1000], row[0, -15:] = 10, 600
    assert np.isinf(spike_limits(row)[0])


@given(st.floats(1, 1000), st.floats(0.5, 2))
def test_demand_follows_the_day_and_what_the_last_hour_was_off(level: float, shift: float):
    day = [level * (1 + (n % QUARTERS_A_DAY) / 96) for n in range(21 * QUARTERS_A_DAY)]
    extra = [value + shift for value in day[-4:]]
    expected = next_demand_kw([*day[:-4], *extra])
    assert expected == pytest.approx(day[0] + shift, rel=1e-6)


def test_an_archive_keeps_how_its_models_did():
    errors = np.array([[60, 100], [0, 0]], np.float32)
    ratios = np.zeros((2, 24, len(LEVELS)), np.float32)
    archive = ModelArchive(("a", "b"), ("seasonal", "seasonal"), ratios, {"seasonal": b"model"}, errors)
    again = ModelArchive.read(archive.content)
    assert again.better_share("a") == pytest.approx(0.4)
    assert (again.better_share("b"), again.better_share("c")) == (None, None)
    assert again.sha256 == archive.sha256


def test_hours_outside_their_band_are_told_together():
    start = datetime(2026, 11, 2, tzinfo=UTC)
    band = tuple((8.0, 9.0, 10.0, 11.0, 12.0) for _ in range(24))
    forecast = Forecast(
        1, "electricity", "kWh", 24, start, start, "seasonal", "", ForecastFlag.GOOD, (10.0,) * 24, band, (None,) * 24
    )  # fmt: skip
    hour = timedelta(hours=1)
    actual = {start + n * hour: 10.0 for n in range(24)} | {
        start + 3 * hour: 14.0,
        start + 4 * hour: 15.0,
        start + 9 * hour: 6.0,
        start + 15 * hour: 12.1,  # a hundredth of an hour's energy beyond the band: not worth a line
    }
    ratings = rate_hours([forecast], actual)
    assert sum(abs(rating.score) > 1 for rating in ratings) == 4
    high, low = anomalies(ratings)
    assert (high.start, high.end, high.excess) == (start + 3 * hour, start + 5 * hour, 5.0)
    assert high.highest_score == 2.5
    assert (low.start, low.excess) == (start + 9 * hour, -2.0)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.none() | st.floats(0, 1e4), min_size=1, max_size=1000), st.integers(0, 999), st.floats(0, 1e4))
def test_demand_that_is_expected_knows_nothing_of_what_follows(demand_kw: list[float | None], known: int, later: float):
    known = min(known, len(demand_kw))
    changed = [*demand_kw[:known], *([later] * (len(demand_kw) - known))]
    assert next_demand_kw(demand_kw, known) == next_demand_kw(changed, known) == next_demand_kw(demand_kw[:known])
