"""What a building would have used: an hourly model of a baseline period, for avoided energy (IPMVP option C).

Time of week and temperature (Mathieu et al. 2011, LBNL-4944E): each hour of the week has its own level, and energy is piecewise
linear in the outdoor temperature, apart for hours of working days by day and all others.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ondol.common.day_types import DayType
from ondol.forecasts.model.loads import LocalHours
from ondol.forecasts.model.weather import Floats
from ondol.forecasts.rules.accuracy import nmbe_pct

HOURS_OF_WEEK = 168
TEMPERATURE_KNOTS = 5
LEAST_HOURS = 28 * 24
_OPEN_FROM, _OPEN_UNTIL = 7, 20
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Baseline:
    """A fitted baseline. `cvrmse_pct` and `nmbe_pct` are of the baseline period, with p parameters as in ASHRAE Guideline 14-2014."""

    coefficients: Numbers
    knots_c: Numbers
    hours: int
    cvrmse_pct: float
    nmbe_pct: float

    @property
    def parameters(self) -> int:
        """Coefficients that were fitted."""
        return int(np.count_nonzero(self.coefficients))

    def energy(self, calendar: LocalHours, temperature_c: Floats) -> Floats:
        """What the baseline says for the hours of a calendar; NaN where the temperature is not known."""
        hours = len(temperature_c)
        design = _design(calendar, temperature_c, self.knots_c)
        unknown = np.isnan(temperature_c) if len(self.knots_c) else np.zeros(hours, bool)
        return np.where(unknown, np.nan, design @ self.coefficients).astype(np.float32)


def fit_baseline(energy: Floats, calendar: LocalHours, temperature_c: Floats | None) -> Baseline | None:
    """Fit to hours whose energy (and temperature, where given) is known; None when they are fewer than LEAST_HOURS."""
    warm = np.full(len(energy), np.nan, np.float32) if temperature_c is None else temperature_c
    with_weather = temperature_c is not None and (~np.isnan(warm)).sum() >= LEAST_HOURS
    known = ~np.isnan(energy) & (~np.isnan(warm) if with_weather else True)
    if known.sum() < LEAST_HOURS:
        return None
    knots = (
        np.unique(np.quantile(warm[known], np.linspace(0, 1, TEMPERATURE_KNOTS + 2))) if with_weather else np.zeros(0)
    )
    design = _design(calendar, warm, knots.astype(np.float64))[known]
    actual = energy[known].astype(np.float64)
    coefficients = np.linalg.lstsq(design, actual, rcond=None)[0].astype(np.float64, copy=False)
    fitted = design @ coefficients
    free = max(len(actual) - int(np.linalg.matrix_rank(design)), 1)
    mean = float(actual.mean())
    cvrmse = 100 * float(np.sqrt(((actual - fitted) ** 2).sum() / free)) / mean if mean else 0.0
    return Baseline(coefficients, knots.astype(np.float64), int(known.sum()), cvrmse, nmbe_pct(actual, fitted) or 0.0)


def uncertainty_share(baseline: Baseline, hours: int) -> float:
    """Half the width of the 90 % interval of the energy avoided in so many hours, as a share of their baseline energy:
    ASHRAE Guideline 14-2014, equation 4-13, t = 1.65, with hours taken as independent by day.
    """
    days = max(hours / 24, 1.0)
    return 1.26 * 1.65 * baseline.cvrmse_pct / 100 * float(np.sqrt((1 + 2 / max(baseline.hours / 24, 1.0)) / days))


def _design(calendar: LocalHours, temperature_c: Floats, knots_c: Numbers) -> Numbers:
    """One column an hour of the week, then for open and for other hours one a piece of temperature."""
    hours = len(temperature_c)
    day = calendar.types[calendar.day[:hours]]
    weekday = np.where(day == DayType.SUNDAY_OR_HOLIDAY, 6, calendar.weekday[:hours] - 1)
    week = np.zeros((hours, HOURS_OF_WEEK))
    week[np.arange(hours), weekday * 24 + calendar.hour[:hours]] = 1
    if not len(knots_c):
        return week
    warm = np.where(np.isnan(temperature_c), knots_c[0], temperature_c).astype(np.float64)
    pieces = np.stack([np.clip(warm - low, 0, high - low) for low, high in pairwise(knots_c)], axis=1)
    hour = calendar.hour[:hours]
    is_open = (day == DayType.WORKING_DAY) & (hour >= _OPEN_FROM) & (hour < _OPEN_UNTIL)
    return np.hstack([week, pieces * is_open[:, None], pieces * ~is_open[:, None]])
