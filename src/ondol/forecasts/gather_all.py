"""Which loads there are to forecast, and all that is known of some."""

from collections.abc import Sequence

from ondol.common.access import Access
from ondol.common.errors import InvalidInput
from ondol.common.instants import HOUR_S
from ondol.forecasts.gather_loads import gather_loads
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.needs import ForecastNeeds
from ondol.sites.model import Building, main_meters
from ondol.sites.reach import reach_whole_building


def buildings_by_quantity(needs: ForecastNeeds) -> dict[str, list[Building]]:
    """What can be forecast, and of which buildings."""
    buildings = {building.key: building for building in needs.sites.buildings()}
    found: dict[str, dict[str, Building]] = {}
    for point in needs.sites.points():
        if point.is_main_meter:
            found.setdefault(point.quantity, {})[point.building_key] = buildings[point.building_key]
    return {quantity: list(found[quantity].values()) for quantity in sorted(found)}


def recent_loads(buildings: Sequence[Building], quantity: str, hours: int, needs: ForecastNeeds) -> Loads:
    """Loads of the last full hours."""
    end_h = needs.now_h
    return gather_loads(
        buildings, quantity, end_h - hours, end_h,
        sites=needs.sites, history=needs.history, forecasts=needs.weather,
    )  # fmt: skip


def imported_loads(access: Access, keys: Sequence[str], quantity: str, needs: ForecastNeeds) -> Loads:
    """Loads of buildings over all that is known of them. Raises NotFound, InvalidInput when nothing is."""
    buildings = [reach_whole_building(access, key, needs.sites) for key in keys]
    meters = [meter.id for b in buildings for meter in main_meters(needs.sites.points(b.key), quantity)]
    extent = needs.history.extent(meters).values()
    if not extent:
        raise InvalidInput(f"no main meter of {quantity!r} in {', '.join(keys)} has any history; import some first")
    start_h, end_h = min(first for first, _ in extent) // HOUR_S, -(-max(end for _, end in extent) // HOUR_S)
    return gather_loads(
        buildings, quantity, start_h, end_h, sites=needs.sites, history=needs.history, forecasts=needs.weather
    )
