"""Fitting models: from history to an archive in the object store, with its scores in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ondol.common.objects import Objects
from ondol.forecasts.back_test_forecasts import calibrate
from ondol.forecasts.model.forecasts import ForecastTarget, ModelRecord
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.model_archive import ModelArchive
from ondol.forecasts.model.scores import Scores, mean_scores
from ondol.forecasts.model.weather import Floats, Indices
from ondol.forecasts.ports.forecaster import Forecaster, TooLittleData
from ondol.forecasts.ports.forecasts import ForecastRecords
from ondol.forecasts.rules.accuracy import scores_of
from ondol.forecasts.rules.naive_forecasts import last_week

BACK_TEST_DAYS = 28
LEAST_HISTORY_H = 14 * 24


@dataclass(frozen=True)
class Trained:
    """An archive and how its models did in the back-test; scores are means over the loads."""

    archive: ModelArchive
    features: tuple[str, ...]
    scores: Scores


def train_forecasters(
    loads: Loads, target: ForecastTarget, forecasters: Sequence[Forecaster], seed: int, now: datetime, *,
    objects: Objects, forecasts: ForecastRecords,
) -> ModelRecord:  # fmt: skip
    """Fit the models to the loads, keep them, and note where."""
    trained = fit_and_test(loads, target.horizon_h, forecasters, seed)
    archive = trained.archive
    key = f"forecasts/models/{target.quantity}/{target.horizon_h}h/{archive.version}.npz"
    objects.put(key, archive.content)
    record = ModelRecord(
        target.quantity, target.horizon_h, archive.version, archive.sha256, key, now, loads.instant(0), loads.instant(loads.hours),
        len(loads.names), seed, trained.features, trained.scores,
    )  # fmt: skip
    forecasts.add_model(record)
    return record


def fit_and_test(loads: Loads, horizon_h: int, forecasters: Sequence[Forecaster], seed: int) -> Trained:
    """Fit twice: on what lies before the last weeks, to see on them which model is best for a load and how wrong it is; then on
    everything.
    """
    loads, _ = loads.without_spikes(loads.hours)
    origins = _origins(loads.hours, horizon_h)
    rows = np.arange(len(loads.names))
    predicted = _predicted_before(loads, origins, horizon_h, forecasters, seed)
    actual = _hours_of(loads, rows, origins, horizon_h)
    naive = _naive(loads, rows, origins, horizon_h)
    with np.errstate(invalid="ignore"):
        errors = np.stack([_mean_error(each, actual) for each in predicted])
    best = np.argmin(np.where(np.isnan(errors), np.inf, errors), axis=0)
    # Where nothing could be tested the simplest model, which comes last, needs no test.
    best = np.where(np.isnan(errors).all(axis=0), len(forecasters) - 1, best)
    expected = np.take_along_axis(predicted, best[None, :, None, None], axis=0)[0]
    calibration, band = calibrate(expected, actual, loads.start_h + origins)
    models, features = _fitted(loads, horizon_h, forecasters, seed)
    chosen = tuple(forecasters[n].name if forecasters[n].name in models else forecasters[-1].name for n in best)
    archive = ModelArchive(
        loads.names, chosen, calibration.ratios().astype(np.float32), models, _errors(expected, naive, actual)
    )
    return Trained(archive, features, _scores(expected, actual, band, naive))


def _origins(hours: int, horizon_h: int) -> Indices:
    """A day apart, over the last weeks or the last third of a short history; none when it is shorter than two weeks."""
    span = min(BACK_TEST_DAYS * 24, hours // 3)
    first = hours - horizon_h - (span - horizon_h) // 24 * 24 if span >= horizon_h else hours - horizon_h
    return np.arange(first, hours - horizon_h + 1, 24) if first >= LEAST_HISTORY_H else np.zeros(0, np.int64)


def _predicted_before(
    loads: Loads, origins: Indices, horizon_h: int, forecasters: Sequence[Forecaster], seed: int
) -> Floats:
    """What each model, fitted before the first origin, predicts [models, loads, origins, horizon]."""
    predicted = np.full((len(forecasters), len(loads.names), len(origins), horizon_h), np.nan, np.float32)
    rows, columns = np.repeat(np.arange(len(loads.names)), len(origins)), np.tile(origins, len(loads.names))
    for n, forecaster in enumerate(forecasters if len(origins) else ()):
        try:
            fitted = forecaster.fit(loads.before(int(origins[0])), horizon_h, seed)
        except TooLittleData:
            continue
        predicted[n] = fitted.predict(loads, rows, columns).reshape(predicted.shape[1:])
    return predicted


def _fitted(
    loads: Loads, horizon_h: int, forecasters: Sequence[Forecaster], seed: int
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    models: dict[str, bytes] = {}
    features: list[str] = []
    for forecaster in forecasters:
        try:
            fitted = forecaster.fit(loads, horizon_h, seed)
        except TooLittleData:
            continue
        models[forecaster.name] = fitted.to_bytes()
        features += [name for name in fitted.features if name not in features]
    return models, tuple(features)


def _hours_of(loads: Loads, rows: Indices, origins: Indices, horizon_h: int) -> Floats:
    columns = (origins[:, None] + np.arange(horizon_h)).reshape(-1)
    return loads.energy[rows][:, columns].reshape(len(rows), len(origins), horizon_h)


def _naive(loads: Loads, rows: Indices, origins: Indices, horizon_h: int) -> Floats:
    pairs = np.repeat(rows, len(origins)), np.tile(origins, len(rows))
    return last_week(loads, *pairs, horizon_h).reshape(len(rows), len(origins), horizon_h)


def _errors(expected: Floats, naive: Floats, actual: Floats) -> Floats:
    """Sums of absolute errors [loads, 2], of both over the hours that both speak of."""
    missed = np.abs(np.stack([expected, naive], axis=-1) - actual[..., None]).reshape(len(actual), -1, 2)
    known = ~np.isnan(missed).any(axis=-1, keepdims=True)
    return np.where(known, missed, 0).sum(axis=1).astype(np.float32)


def _mean_error(expected: Floats, actual: Floats) -> Floats:
    missed = np.abs(expected - actual).reshape(len(actual), -1)
    known = ~np.isnan(missed)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, missed, 0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _scores(expected: Floats, actual: Floats, band: Floats, naive: Floats) -> Scores:
    of_loads = [scores_of(actual[n], expected[n], band[n], naive[n]) for n in range(len(actual))]
    return mean_scores(of_loads).rounded(4)
