"""Forecasts that anyone can make without a model: what a model must beat to be worth its place.

Each takes load `rows[k]`, column `origins[k]` and a horizon in hours, and gives kWh [pairs, horizon], NaN where it knows nothing.
"""

import warnings

import numpy as np

from ondol.domain.loads import Loads
from ondol.domain.weather import Floats, Hours


def last_week(loads: Loads, rows: Hours, origins: Hours, horizon_h: int) -> Floats:
    """The same hour a week before."""
    return loads.energy_at(rows, origins[:, None] + np.arange(horizon_h) - 168, origins)


def persistence_ensemble(loads: Loads, rows: Hours, origins: Hours, horizon_h: int) -> Floats:
    """Mean of the same hour over the seven days before the origin (Emami et al. 2023, BuildingsBench)."""
    days = same_hour_of_past_days(loads, rows, origins, np.arange(horizon_h), 7)
    return mean_of_known(days)


def same_hour_of_past_days(loads: Loads, rows: Hours, origins: Hours, leads: Hours, days: int) -> Floats:
    """[days, pairs, leads]: the same hour 0, 1, 2, ... days before the last one that is known at the origin."""
    newest = origins[:, None] + leads - 24 * (leads // 24 + 1)
    return np.stack([loads.energy_at(rows, newest - 24 * back, origins) for back in range(days)])


def mean_of_known(values: Floats) -> Floats:
    """Mean over the first axis of what is not NaN; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=0, dtype=np.float64), np.float32)
