"""Performance: what a building would have used, and what was avoided."""

from dataclasses import dataclass

from ondol.common.access import Access
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.rules.accuracy import ASHRAE_14_HOURLY
from ondol.performance.measure_avoided_energy import AvoidedEnergy, Period, measure_avoided_energy

__all__ = ["ASHRAE_14_HOURLY", "AvoidedEnergy", "Performance"]


@dataclass(frozen=True)
class Performance:
    """Measured and verified improvement (IPMVP)."""

    needs: ForecastNeeds

    def measure_avoided_energy(
        self, access: Access, building_key: str, quantity: str, baseline_period: Period, reporting_period: Period
    ) -> AvoidedEnergy:
        """See measure_avoided_energy.py."""
        return measure_avoided_energy(access, building_key, quantity, baseline_period, reporting_period, self.needs)
