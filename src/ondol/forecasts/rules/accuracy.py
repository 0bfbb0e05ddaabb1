"""How good forecasts were. Arrays are actual and expected energy of the same hours in one unit; pairs with a NaN do not count.

Formulas: CVRMSE and NMBE as in ASHRAE Guideline 14-2014 (n in the denominator, since a forecast has no fitted parameters of its
own); SMAPE on 0..200 as in the M competitions; pinball loss as in Koenker and Bassett 1978. All in percent of the mean load or
of the value, save where said.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ondol.forecasts.model.scores import Scores
from ondol.forecasts.model.weather import Floats
from ondol.forecasts.rules.calibration import LEVELS

AnyFloats = NDArray[np.floating[Any]]
ASHRAE_14_HOURLY: dict[str, float] = {"cvrmse_pct": 30.0, "nmbe_pct": 10.0}
"""Limits for a model calibrated to hourly data (ASHRAE Guideline 14-2014, 4.3.2.4)."""


def cvrmse_pct(actual: Floats, expected: Floats) -> float | None:
    """Root of the mean squared error in percent of the mean; the NRMSE of BuildingsBench."""
    a, e = _known(actual, expected)
    return _finite(100 * float(np.sqrt(np.mean((a - e) ** 2)) / np.mean(a))) if a.size and np.mean(a) else None


def nmbe_pct(actual: AnyFloats, expected: AnyFloats) -> float | None:
    """Mean error in percent of the mean; positive when less was expected than was used."""
    a, e = _known(actual, expected)
    return _finite(100 * float(np.mean(a - e) / np.mean(a))) if a.size and np.mean(a) else None


def smape_pct(actual: Floats, expected: Floats) -> float | None:
    """Mean of 200 |a - e| / (|a| + |e|); an hour where both are zero counts as right."""
    a, e = _known(actual, expected)
    size = np.abs(a) + np.abs(e)
    errors = np.divide(200 * np.abs(a - e), size, out=np.zeros_like(size), where=size > 0)
    return _finite(float(errors.mean())) if a.size else None


def pinball_pct(actual: Floats, band: Floats) -> float | None:
    """Mean pinball loss over the quantiles LEVELS (last axis of `band`), in percent of the mean load."""
    known = ~(np.isnan(actual) | np.isnan(band).any(axis=-1))
    a, q = actual[known].astype(np.float64), band[known].astype(np.float64)
    if not a.size or not np.mean(a):
        return None
    miss = a[:, None] - q
    levels = np.array(LEVELS)
    return _finite(100 * float(np.maximum(levels * miss, (levels - 1) * miss).mean() / np.mean(a)))


def coverage90(actual: Floats, band: Floats) -> float | None:
    """Share of hours that lay within the band from 5 to 95 %."""
    known = ~(np.isnan(actual) | np.isnan(band).any(axis=-1))
    inside = (actual >= band[..., 0]) & (actual <= band[..., -1])
    return float(inside[known].mean()) if known.any() else None


def daily_peaks(actual: Floats, expected: Floats) -> tuple[float | None, float | None]:
    """Mean absolute error of the highest hour of each day in percent of it, and the share of days whose peak hour was right
    within one hour. `actual` and `expected` are [days, 24]; only days that are known to three quarters count.
    """
    days = (~np.isnan(actual) & ~np.isnan(expected)).sum(axis=1) >= 18
    a, e = actual[days], expected[days]
    if not len(a):
        return None, None
    e = np.where(np.isnan(a), np.nan, e)
    peak, guess = np.nanmax(a, axis=1), np.nanmax(e, axis=1)
    real = np.abs(peak) > 0
    error = 100 * float(np.mean(np.abs(peak - guess)[real] / np.abs(peak)[real])) if real.any() else None
    apart = np.abs(np.nanargmax(a, axis=1) - np.nanargmax(e, axis=1))
    return error, float(np.mean(apart <= 1))


def scores_of(actual: Floats, expected: Floats, band: Floats | None = None, naive: Floats | None = None) -> Scores:
    """All scores of forecasts [forecasts, horizon] of one load, with a band [forecasts, horizon, LEVELS] and a naive forecast beside
    them where there were any.
    """
    whole_days = actual.shape[1] // 24 * 24
    days = [values[:, :whole_days].reshape(-1, 24) for values in (actual, expected)]
    peak_mape, peak_hour = daily_peaks(*days) if whole_days else (None, None)
    return Scores(
        cvrmse_pct(actual, expected),
        nmbe_pct(actual, expected),
        smape_pct(actual, expected),
        None if band is None else pinball_pct(actual, band),
        None if band is None else coverage90(actual, band),
        peak_mape,
        peak_hour,
        None if naive is None else cvrmse_pct(actual, naive),
    )


def _known(actual: AnyFloats, expected: AnyFloats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = ~(np.isnan(actual) | np.isnan(expected))
    return actual[known].astype(np.float64), expected[known].astype(np.float64)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
