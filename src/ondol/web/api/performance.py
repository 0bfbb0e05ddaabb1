"""What a building's improvements are worth."""

from ondol.common.access import Scope
from ondol.performance import ASHRAE_14_HOURLY
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.base import Key
from ondol.web.api.shapes.performance import AvoidedEnergyAnswer, AvoidedEnergyQuery
from ondol.web.installation import ondol


@operation(
    "GET", "/api/v1/buildings/{key}/avoided-energy", tag="forecasts", scope=Scope.READ, query=AvoidedEnergyQuery,
    answer=AvoidedEnergyAnswer,
)  # fmt: skip
def read_avoided_energy(call: Call, key: Key) -> AvoidedEnergyAnswer:
    """Measure the energy avoided since a change (IPMVP option C, hourly)."""
    query: AvoidedEnergyQuery = call.query
    found = ondol().performance.measure_avoided_energy(
        call.access, key, query.quantity, (query.baseline_start, query.baseline_end),
        (query.reporting_start, query.reporting_end),
    )  # fmt: skip
    return AvoidedEnergyAnswer(
        building=key, quantity=query.quantity, unit=found.unit, baseline=found.baseline, measured=found.measured,
        avoided=found.avoided, avoided_share=found.avoided_share, uncertainty=found.uncertainty, hours=found.hours,
        cvrmse_pct=found.cvrmse_pct, nmbe_pct=found.nmbe_pct, limits=ASHRAE_14_HOURLY,
        meets_ashrae_14=found.meets_ashrae_14, with_weather=found.with_weather,
    )  # fmt: skip
