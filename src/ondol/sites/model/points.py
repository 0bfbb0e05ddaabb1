"""Points: one measured quantity each, on a meter or a sensor."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ondol.common.instants import QUARTER_S, QUARTER_US
from ondol.common.units import UNITS


class PointKind(StrEnum):
    """How a point's readings are to be understood."""

    MEASUREMENT = "measurement"  # a state at an instant: power, temperature
    TOTAL = "total"  # an amount per interval, stamped with the interval's start
    TOTAL_INCREASING = "total_increasing"  # a register that counts up


class PointRole(StrEnum):
    """What a meter's count is of its building's use. Only the mains add up to it."""

    MAIN = "main"  # what the building draws
    SUBMETER = "submeter"  # a part of it, which a main has counted already
    GENERATION = "generation"  # what solar panels or a generator make
    EXPORT = "export"  # what is fed into the grid
    STORAGE = "storage"  # what a battery takes or gives
    CHECK = "check"  # a second view of what another meter counts: its power, its register


RAW_RESOLUTION_S, RAW_RESOLUTION_US = QUARTER_S, QUARTER_US
"""Length of the intervals that raw readings are aggregated to: the demand interval of 15 minutes."""


@dataclass(frozen=True, slots=True)
class Point:
    """One measured quantity.

    `key` is unique over the installation and stands in URLs. `unit` is a symbol of `common.units`. `interval_s` is the
    length of the interval that one reading of a `total` covers. Values outside `min_value..max_value` are flagged;
    `rollover_at` is the count at which a register starts again at 0; `max_per_hour`
    is the largest plausible amount an hour, in the point's unit. A submeter is one of `submeter_of`, or without that one of the
    building's mains. `from_device`: it came to be because a device sent it, and what is known of it may be set right by what the
    device sends later.
    `sent_unit` is what its device calls the unit, where that is not known. A virtual point has a `formula` (common/formulas/)
    over others of its building, and takes no readings.
    """

    id: int
    key: str
    building_id: int
    building_key: str
    name: str
    quantity: str
    unit: str
    kind: PointKind = PointKind.MEASUREMENT
    interval_s: int | None = None
    space: str | None = None
    floor: str | None = None
    end_use: str | None = None
    brick_class: str | None = None
    submeter_of: str | None = None
    role: PointRole = PointRole.MAIN
    min_value: float | None = None
    max_value: float | None = None
    rollover_at: float | None = None
    max_per_hour: float | None = None
    from_device: bool = False
    sent_unit: str | None = None
    formula: str | None = None
    stored_as: str | None = None

    @property
    def name_in_store(self) -> str:
        """The name under which a store that knows points by name keeps its raw readings: the key, unless another point had it before."""
        return self.stored_as or self.key

    @property
    def dimension(self) -> str:
        """Dimension of the unit, or the unit itself when it is not a known one."""
        unit = UNITS.get(self.unit)
        return unit.dimension if unit else self.unit

    @property
    def is_additive(self) -> bool:
        """Whether values of several intervals add up (energy, volume) rather than average (power, temperature)."""
        return self.kind is not PointKind.MEASUREMENT

    @property
    def usage_unit(self) -> str | None:
        """Unit in which this point contributes to energy usage (`kWh`, `m3`), or None when it is no meter of usage."""
        if self.kind is PointKind.MEASUREMENT:
            return "kWh" if self.dimension == "power" else None
        return {"energy": "kWh", "volume": "m3"}.get(self.dimension)

    @property
    def is_main_meter(self) -> bool:
        """Whether the usage of its building is what this point counts: a meter of usage, and no part or view of another."""
        return self.usage_unit is not None and self.submeter_of is None and self.role is PointRole.MAIN

    @property
    def usage_factor(self) -> float:
        """What turns an interval's value (mean power or amount) into usage: per hour for power, per value for amounts."""
        unit = UNITS.get(self.unit)
        return unit.factor if unit else 1.0


def main_meters(points: Iterable[Point], quantity: str) -> list[Point]:
    """The meters whose sum is the building's usage of the quantity."""
    return [point for point in points if point.quantity == quantity and point.is_main_meter]
