"""How the synthetic building is described: plain data without database ids."""

from dataclasses import dataclass
from datetime import date

from ondol.sites.model import PointKind


@dataclass(frozen=True, slots=True)
class SpaceDescription:
    """A floor, or a room on the floor `parent`."""

    key: str
    name: str
    kind: str
    parent: str | None
    area_m2: float


@dataclass(frozen=True, slots=True)
class TenantDescription:
    """Who rents the floors; an invented firm."""

    key: str
    name: str
    contact_info: str
    move_in_date: date
    contract_end_date: date
    floors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointDescription:
    """A point as `domain.points.Point` knows it, without database ids."""

    key: str
    name: str
    quantity: str
    unit: str
    kind: PointKind = PointKind.MEASUREMENT
    space: str | None = None
    floor: str | None = None
    end_use: str | None = None
    brick_class: str | None = None
    submeter_of: str | None = None
    min_value: float | None = None
    max_value: float | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A room with sensors: how many people fit in, who uses it and how."""

    key: str
    name: str
    floor: int
    use: str  # office | meeting | lobby | cafe | clinic
    capacity: int
    area_m2: float
    window: float  # how much daylight reaches the sensor, 0..1


@dataclass(frozen=True, slots=True)
class OfficeDescription:
    """The building and everything in it."""

    key: str
    name: str
    address: str
    timezone: str
    building_type: str
    total_area_m2: float
    floors: int
    contract_power_kw: float
    is_synthetic: bool
    spaces: list[SpaceDescription]
    tenants: list[TenantDescription]
    points: list[PointDescription]
