"""An entity of Home Assistant is the same one in whatever unit it is shown: its measurement, and so its name, changes with the unit."""

from ondol.common.units import UNITS, find_unit
from ondol.readings.model import Sent

_AS_SHOWN = ("m³", "ft³", "°C", "°F")


def names_in_other_units(name: str, sent: Sent) -> list[str]:
    """The names by which an entity may be known already; `name` ends with what was sent."""
    unit = find_unit(sent.measurement)
    if not sent.is_home_assistant or unit is None:
        return []
    before, measurement, behind = name.partition(f"{sent.measurement},")
    if not measurement:
        return []
    alike = [it for it in (*UNITS, *_AS_SHOWN) if (found := find_unit(it)) and found.dimension == unit.dimension]
    return [f"{before}{it},{behind}" for it in alike if it != sent.measurement]
