"""Forecasts that anyone can make without a model: what a model must beat to be worth its place.

Each takes load `rows[k]`, column `origins[k]` and a horizon in hours, and gives kWh [pairs, horizon], NaN where it knows nothing.
"""

import numpy as np

from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.past_days import mean_of_known, same_hour_of_past_days
from ondol.forecasts.model.weather import Floats, Indices


def last_week(loads: Loads, rows: Indices, origins: Indices, horizon_h: int) -> Floats:
    """The same hour a week before."""
    return loads.energy_at(rows, origins[:, None] + np.arange(horizon_h) - 168, origins)


def persistence_ensemble(loads: Loads, rows: Indices, origins: Indices, horizon_h: int) -> Floats:
    """Mean of the same hour over the seven days before the origin (Emami et al. 2023, BuildingsBench)."""
    days = same_hour_of_past_days(loads, rows, origins, np.arange(horizon_h), 7)
    return mean_of_known(days)
