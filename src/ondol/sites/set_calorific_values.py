"""What the gas of a building, or of the installation, holds: volumes become kWh by nothing else."""

from collections.abc import Sequence

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.errors import InvalidInput
from ondol.common.results import Results
from ondol.sites.model.calorific import LEAST_KWH_PER_M3, MOST_KWH_PER_M3, CalorificValue
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_whole_building


def calorific_values(access: Access, building_key: str, records: SiteRecords) -> list[CalorificValue]:
    """The building's own values by day, or those of the installation where it has none. Raises NotFound."""
    building = reach_building(access, building_key, records)
    return records.gas.calorific_values(building.id) or records.gas.calorific_values(None)


def set_calorific_values(
    access: Access, building_key: str | None, values: Sequence[CalorificValue], *, records: SiteRecords,
    results: Results, audit: Audit,
) -> list[CalorificValue]:  # fmt: skip
    """Put these in place of a building's values, or with None of the installation's; an empty list takes them away.

    Raises NotFound, NotAllowed for the installation's without the whole of it, InvalidInput.
    """
    if building_key is None:
        access.require_administrator()
    building = None if building_key is None else reach_whole_building(access, building_key, records, Scope.WRITE)
    if len({value.valid_from for value in values}) < len(values):
        raise InvalidInput("two values begin on the same day; give each day one")
    for value in values:
        if not LEAST_KWH_PER_M3 <= value.kwh_per_m3 <= MOST_KWH_PER_M3:
            raise InvalidInput(
                f"{value.kwh_per_m3:g} kWh/m3 is no calorific value of a gas ({LEAST_KWH_PER_M3:g} to {MOST_KWH_PER_M3:g}); "
                "divide MJ/m3 by 3.6"
            )
    records.gas.set_calorific_values(building.id if building else None, values)
    for key in [building.id] if building else [other.id for other in records.buildings()]:
        results.forget("usage", str(key))
    told = ", ".join(f"{value.kwh_per_m3:g} from {value.valid_from}" for value in values) or "none"
    audit.record(access, "calorific values set", f"{building_key or 'all buildings'}: {told}"[:200])
    return sorted(values, key=lambda value: value.valid_from)
