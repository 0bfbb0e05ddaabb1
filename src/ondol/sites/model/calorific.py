"""Calorific values: what makes kWh of a volume of gas."""

from dataclasses import dataclass
from datetime import date

LEAST_KWH_PER_M3, MOST_KWH_PER_M3 = 1.0, 40.0
"""From blast-furnace gas to butane; natural gas has 9 to 13."""


@dataclass(frozen=True, slots=True)
class CalorificValue:
    """From a local day on, a cubic metre of the building's gas as its meter counts it holds so many kWh."""

    valid_from: date
    kwh_per_m3: float
