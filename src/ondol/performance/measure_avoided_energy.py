"""Energy that was avoided since a change to a building: IPMVP option C, by the hour."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.forecasts.gather_all import imported_loads
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.rules.accuracy import ASHRAE_14_HOURLY
from ondol.performance.rules import LEAST_HOURS, fit_baseline, uncertainty_share

Period = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class AvoidedEnergy:
    """Avoided = adjusted baseline - measured, over the hours of the reporting period that are known.

    Energies are in `unit` (kWh or m3); `uncertainty` is half the width of the 90 % interval of what was avoided. `cvrmse_pct` and
    `nmbe_pct` are the baseline model's; `meets_ashrae_14` says whether both are within ASHRAE Guideline 14's limits for hourly models.
    """

    unit: str
    baseline: float
    measured: float
    avoided: float
    avoided_share: float | None
    uncertainty: float
    hours: int
    cvrmse_pct: float
    nmbe_pct: float
    meets_ashrae_14: bool
    with_weather: bool


def measure_avoided_energy(
    access: Access, building_key: str, quantity: str, baseline_period: Period, reporting_period: Period,
    needs: ForecastNeeds,
) -> AvoidedEnergy:  # fmt: skip
    """Of a whole building, half-open periods. Raises NotFound, and InvalidInput as `avoided_energy` does."""
    loads = imported_loads(access, [building_key], quantity, needs)
    return avoided_energy(loads, baseline_period, reporting_period)


def avoided_energy(
    loads: Loads, baseline_period: tuple[datetime, datetime], reporting_period: tuple[datetime, datetime]
) -> AvoidedEnergy:
    """`loads` holds one load over both periods, half-open instants. Raises InvalidInput when the baseline is too short or a period
    holds nothing.
    """
    loads, _ = loads.without_spikes(loads.hours)
    energy, (_, (calendar,)) = loads.energy[0], loads.calendars
    column = np.arange(loads.hours)
    in_baseline, in_report = (_within(loads, column, period) for period in (baseline_period, reporting_period))
    temperature = None
    if loads.weather is not None:
        outdoor_c, _ = loads.weather.known(np.zeros(1, np.int64), np.array([loads.hours]), loads.hours, 0)
        temperature = outdoor_c[0]
    baseline = fit_baseline(np.where(in_baseline, energy, np.float32(np.nan)), calendar, temperature)
    if baseline is None:
        raise InvalidInput(
            f"the baseline period has {int((in_baseline & ~np.isnan(energy)).sum())} known hours; at least {LEAST_HOURS} are needed "
            "(a year is best): choose a longer one"
        )
    warm = temperature if temperature is not None else np.full(loads.hours, np.nan, np.float32)
    expected = baseline.energy(calendar, warm)
    known = in_report & ~np.isnan(energy) & ~np.isnan(expected)
    if not known.any():
        raise InvalidInput("nothing is known of the reporting period; choose one that the meters cover")
    adjusted, measured = float(expected[known].sum()), float(energy[known].sum())
    limits = ASHRAE_14_HOURLY
    return AvoidedEnergy(
        loads.units[0],
        adjusted,
        measured,
        adjusted - measured,
        (adjusted - measured) / adjusted if adjusted > 0 else None,
        abs(adjusted) * uncertainty_share(baseline, int(known.sum())),
        int(known.sum()),
        baseline.cvrmse_pct,
        baseline.nmbe_pct,
        baseline.cvrmse_pct <= limits["cvrmse_pct"] and abs(baseline.nmbe_pct) <= limits["nmbe_pct"],
        bool(len(baseline.knots_c)),
    )


def _within(loads: Loads, column: np.ndarray, period: tuple[datetime, datetime]) -> np.ndarray:
    first, end = (loads.column(instant) for instant in period)
    return (column >= first) & (column < end)
