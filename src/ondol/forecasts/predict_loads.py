"""What fitted models say of loads: expected energy, bands around it, and what a reader should know about both."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from ondol.forecasts.model.forecasts import Forecast, ForecastFlag, ForecastTarget
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.model_archive import ModelArchive
from ondol.forecasts.model.weather import Floats, Indices
from ondol.forecasts.ports.forecaster import Forecaster
from ondol.forecasts.rules.calibration import RollingCalibration, band_around
from ondol.forecasts.rules.naive_forecasts import last_week
from ondol.sites.model import Building

_MONTH_H = 672


def predict_loads(
    buildings: Sequence[Building], loads: Loads, target: ForecastTarget, archive: ModelArchive | None,
    forecasters: Sequence[Forecaster], issued_at: datetime, *, overtaken: frozenset[str] = frozenset(),
) -> list[Forecast]:  # fmt: skip
    """Forecasts for the hours behind the loads' end. `loads` has a row a building; one without any known hour has no forecast.

    Without an archive the last, simplest of the forecasters answers. `overtaken` names loads whose model fell behind its naive.
    """
    horizon_h = target.horizon_h
    clean, spikes = loads.without_spikes(loads.hours)
    rows: Indices = np.flatnonzero(~np.isnan(clean.energy).all(axis=1))
    origins = np.full(len(rows), loads.hours)
    names = tuple(loads.names[row] for row in rows)
    expected, models = _expected(clean, rows, names, horizon_h, archive, forecasters)
    curve = last_week(clean, rows, origins, horizon_h)
    for n, name in enumerate(names):
        if name in overtaken and not np.isnan(curve[n]).any():
            expected[n], models[n] = curve[n], "last_week"
    ratios = archive.ratios_of(names) if archive else RollingCalibration(len(rows), horizon_h).ratios()
    band = band_around(expected, ratios, loads.start_h + loads.hours)
    flags = _flags(clean, spikes)
    return [
        Forecast(
            buildings[row].id, target.quantity, loads.units[row], horizon_h, issued_at, loads.instant(loads.hours), models[n],
            archive.version if archive else "", flags[row] | (ForecastFlag.NAIVE if models[n] == "last_week" else 0),
            tuple(_rounded(expected[n])), tuple(map(tuple, _not_below_zero(band[n], clean.energy[row]))),
            tuple(None if np.isnan(value) else value for value in _rounded(curve[n])),
        )
        for n, row in enumerate(rows)
    ]  # fmt: skip


def _expected(
    loads: Loads, rows: np.ndarray, names: tuple[str, ...], horizon_h: int, archive: ModelArchive | None,
    forecasters: Sequence[Forecaster],
) -> tuple[Floats, list[str]]:  # fmt: skip
    """What each load's model says [rows, horizon], and the models' names."""
    simplest = forecasters[-1]
    by_name = {forecaster.name: forecaster for forecaster in forecasters}
    archived = archive.models if archive else {}
    usual = next((name for name in by_name if name in archived), simplest.name)
    models = [(archive.choice(name) if archive else None) or usual for name in names]
    models = [model if model in archived and model in by_name else simplest.name for model in models]
    expected = np.full((len(rows), horizon_h), np.nan, np.float32)
    for model in set(models):
        fitted = by_name[model].from_bytes(archived[model]) if model in archived else simplest.fit(loads, horizon_h, 0)
        of_model = np.array([each == model for each in models])
        expected[of_model] = fitted.predict(loads, rows[of_model], np.full(int(of_model.sum()), loads.hours))
    return expected, models


def _flags(loads: Loads, spikes: np.ndarray) -> list[ForecastFlag]:
    month = loads.energy[:, -_MONTH_H:]
    known = ~np.isnan(month)
    length = loads.hours - np.argmax(~np.isnan(loads.energy), axis=1)
    lacking = 1 - known.sum(axis=1) / np.maximum(np.minimum(length, _MONTH_H), 1)
    is_zero = np.nansum(np.abs(month), axis=1) == 0
    changed, dark = _level_changed(month), _lacks_weather(loads)
    return [
        (ForecastFlag.SHORT_HISTORY if length[n] < _MONTH_H else ForecastFlag.GOOD)
        | (ForecastFlag.GAPS if lacking[n] > 0.1 else 0)
        | (ForecastFlag.ALL_ZERO if is_zero[n] else 0)
        | (ForecastFlag.SPIKES_LEFT_OUT if spikes[n] else 0)
        | (ForecastFlag.LEVEL_CHANGED if changed[n] else 0)
        | (ForecastFlag.NO_WEATHER if dark[n] else 0)
        for n in range(len(loads.names))
    ]


def _lacks_weather(loads: Loads) -> np.ndarray:
    """Whether the weather is measured and nothing is known of the next day's."""
    rows = np.arange(len(loads.names))
    if loads.weather is None:
        return np.zeros(len(rows), bool)
    temperature_c, _ = loads.weather.known(rows, np.full(len(rows), loads.hours), 24, 24)
    known = ~np.isnan(temperature_c)
    return np.asarray(known[:, :24].any(axis=1) & ~known[:, 24:].any(axis=1))


def _level_changed(month: Floats) -> np.ndarray:
    """Whether the last week's mean is more than a quarter away from that of the three weeks before."""
    if month.shape[1] < _MONTH_H:
        return np.zeros(len(month), bool)
    weeks = month.reshape(len(month), 4, 168)
    known = (~np.isnan(weeks)).sum(axis=2)
    means = np.where(known >= 84, np.nansum(weeks, axis=2) / np.maximum(known, 1), np.nan)
    before = np.nanmean(np.where(np.isnan(means[:, :3]).all(axis=1, keepdims=True), 0, means[:, :3]), axis=1)
    apart = np.abs(means[:, 3] - before) > 0.25 * np.abs(before)
    return np.where(np.isnan(means[:, 3]) | (before == 0), False, apart)


def _not_below_zero(band: Floats, history: Floats) -> list[list[float]]:
    """A load that never fed in cannot be expected to."""
    low = 0.0 if np.nanmin(history) >= 0 else -np.inf
    return [_rounded(hour) for hour in np.maximum(band, low)]


def _rounded(values: Floats) -> list[float]:
    """Six significant digits: more than any meter knows."""
    return [float(f"{value:.6g}") for value in values.tolist()]
