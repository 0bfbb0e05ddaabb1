"""Forecasts of the past, each from what was known then: how good a model is before anyone relies on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.past_days import mean_of_known
from ondol.forecasts.model.weather import Floats, Indices
from ondol.forecasts.ports.forecaster import Forecaster, TooLittleData
from ondol.forecasts.rules.calibration import LEVELS, WINDOW_DAYS, RollingCalibration
from ondol.forecasts.rules.naive_forecasts import last_week, persistence_ensemble

REFIT_EVERY_DAYS = 56
CHOICE_WINDOW_DAYS = 56

Naive = Callable[[Loads, Indices, Indices, int], Floats]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class BackTestRules:
    """A way of testing: forecasts of `horizon_h` hours every `horizon_h` hours, beside a naive forecast."""

    name: str
    horizon_h: int
    naive: Naive


PROTOCOLS = {
    "day": BackTestRules("day", 24, persistence_ensemble),
    "week": BackTestRules("week", 168, last_week),
}


@dataclass(frozen=True)
class BackTest:
    """Forecasts of the past, [loads, origins, horizon]; `band` has the quantiles as last axis. `origins` are columns of the loads.

    `chosen` [loads, origins] is the index of the model in `models` that each forecast is of.
    """

    loads: Loads
    origins: Indices
    expected: Floats
    band: Floats
    naive: Floats
    actual: Floats
    models: tuple[str, ...]
    chosen: Indices


def back_test(
    loads: Loads,
    rules: BackTestRules,
    forecasters: Sequence[Forecaster],
    first: int,
    end: int,
    seed: int = 1,
    progress: Progress = lambda _: None,
) -> BackTest:
    """Rolling origins from column `first` on, as long as the horizon ends by column `end`.

    Models are fitted anew every REFIT_EVERY_DAYS on what lies before; the model of a load is the one that was best over its
    forecasts of the last CHOICE_WINDOW_DAYS; bands are calibrated on errors that were known at the origin. For that,
    forecasts begin up to WINDOW_DAYS before `first`, where the history allows.
    """
    horizon = rules.horizon_h
    warm_up = min(WINDOW_DAYS * 24, max(first - 28 * 24, 0)) // horizon * horizon
    origins = np.arange(first - warm_up, end - horizon + 1, horizon)
    loads, _ = loads.without_spikes(first)
    candidates = _candidates(loads, forecasters, origins, first, horizon, seed, progress)
    rows = np.arange(len(loads.names))
    pairs = np.repeat(rows, len(origins)), np.tile(origins, len(rows))
    shape = (len(rows), len(origins), horizon)
    actual = loads.energy_at(*_columns(pairs, horizon), np.full(len(pairs[0]), loads.hours)).reshape(shape)
    naive = rules.naive(loads, *pairs, horizon).reshape(shape)
    chosen = _choose(candidates, actual, horizon)
    expected = np.take_along_axis(candidates, chosen[None, :, :, None], axis=0)[0]
    _, band = calibrate(expected, actual, loads.start_h + origins)
    tested = origins >= first
    return BackTest(
        loads, origins[tested], expected[:, tested], band[:, tested], naive[:, tested], actual[:, tested],
        tuple(forecaster.name for forecaster in forecasters), chosen[:, tested],
    )  # fmt: skip


def _candidates(
    loads: Loads,
    forecasters: Sequence[Forecaster],
    origins: Indices,
    first: int,
    horizon: int,
    seed: int,
    progress: Progress,
) -> Floats:
    """What each model predicts [models, loads, origins, horizon]; NaN where it could not be fitted."""
    predicted = np.full((len(forecasters), len(loads.names), len(origins), horizon), np.nan, np.float32)
    fits = [int(origins[0]), *range(first, int(origins[-1]) + 1, REFIT_EVERY_DAYS * 24)]
    for number, (begin, until) in enumerate(zip(fits, [*fits[1:], int(origins[-1]) + 1], strict=True)):
        progress(number / len(fits))
        in_fold = (origins >= begin) & (origins < until)
        rows, columns = np.meshgrid(np.arange(len(loads.names)), origins[in_fold], indexing="ij")
        for n, forecaster in enumerate(forecasters):
            try:
                fitted = forecaster.fit(loads.before(begin), horizon, seed, phase_h=begin % 24)
            except TooLittleData:
                continue
            of_fold = fitted.predict(loads, rows.reshape(-1), columns.reshape(-1))
            predicted[n][:, in_fold] = of_fold.reshape(len(loads.names), -1, horizon)
    progress(1.0)
    return predicted


def _choose(candidates: Floats, actual: Floats, horizon: int) -> Indices:
    """Index of the model with the smallest mean absolute error over the past window [loads, origins]; at first the last model
    that says anything.
    """
    models, loads, origins, _ = candidates.shape
    has_answer = np.asarray(~np.isnan(candidates).any(axis=-1))
    error = mean_of_known(np.moveaxis(np.abs(candidates - actual), -1, 0))
    window = max(CHOICE_WINDOW_DAYS * 24 // horizon, 1)
    chosen = np.zeros((loads, origins), np.int64)
    for k in range(origins):
        past = error[:, :, max(k - window, 0) : k]
        known = (~np.isnan(past)).sum(axis=-1)
        mean = np.where(np.isnan(past), 0, past).sum(axis=-1) / np.maximum(known, 1)
        # A model that has not shown itself yet stands behind none by its order alone.
        rank = np.where(known > 0, mean, np.where(np.arange(models)[:, None] == models - 1, 0.0, np.inf))
        chosen[:, k] = np.argmin(np.where(has_answer[..., k], rank, np.inf), axis=0)
    return chosen


def calibrate(expected: Floats, actual: Floats, first_hours: NDArray[np.int64]) -> tuple[RollingCalibration, Floats]:
    """Bands of forecasts [loads, origins, horizon] that begin at ascending hours, each from the errors known by then; and what is
    known of the errors at the end.
    """
    loads, _, horizon = expected.shape
    calibration, bands, learnt = (
        RollingCalibration(loads, horizon),
        np.empty((*expected.shape, len(LEVELS)), np.float32),
        0,
    )
    for k, first_h in enumerate([*first_hours.tolist(), None]):
        while learnt < k and (first_h is None or first_hours[learnt] + horizon <= first_h):
            calibration.learn(expected[:, learnt], bands[:, learnt], actual[:, learnt], int(first_hours[learnt]))
            learnt += 1
        if first_h is not None:
            bands[:, k] = calibration.band(expected[:, k], first_h)
    return calibration, bands


def _columns(pairs: tuple[Indices, Indices], horizon: int) -> tuple[Indices, Indices]:
    return pairs[0], pairs[1][:, None] + np.arange(horizon)
