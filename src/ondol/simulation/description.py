"""How the synthetic building is described: plain data without database ids."""

from dataclasses import dataclass

from ondol.sites.model import NewPoint, NewSpace, NewTenant


@dataclass(frozen=True, slots=True)
class TenantDescription:
    """Who rents the floors; an invented firm."""

    new: NewTenant
    floors: tuple[str, ...]


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
    spaces: list[NewSpace]
    tenants: list[TenantDescription]
    points: list[NewPoint]
