"""Buildings, their spaces and equipment, and the people who rent them."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Building:
    """A building. `total_area_m2` is the gross floor area; calendar days follow `timezone` (IANA name)."""

    id: int
    key: str
    name: str
    address: str
    timezone: str = "Asia/Seoul"
    building_type: str | None = None
    total_area_m2: float | None = None
    floors: int | None = None
    contract_power_kw: float | None = None
    is_synthetic: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose calendar the building lives by."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Space:
    """A floor, room or zone; `parent` is the key of the space around it."""

    id: int
    key: str
    building_id: int
    name: str
    kind: str = "room"
    parent: str | None = None
    area_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who rents space in a building; dates are local calendar days, both ends included."""

    id: int
    key: str
    building_id: int
    name: str
    contact_info: str | None = None
    move_in_date: date | None = None
    contract_end_date: date | None = None
