"""Loads of earlier days, as models and naive forecasts look at them."""

import warnings

import numpy as np

from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.weather import Floats, Indices


def same_hour_of_past_days(loads: Loads, rows: Indices, origins: Indices, leads: Indices, days: int) -> Floats:
    """[days, pairs, leads]: the same hour 0, 1, 2, ... days before the last one that is known at the origin."""
    newest = origins[:, None] + leads - 24 * (leads // 24 + 1)
    return np.stack([loads.energy_at(rows, newest - 24 * back, origins) for back in range(days)])


def mean_of_known(values: Floats) -> Floats:
    """Mean over the first axis of what is not NaN; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=0, dtype=np.float64), np.float32)
