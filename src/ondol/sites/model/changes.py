"""What is to be created or changed: the words of `Building`, `Space`, `Tenant` and `Point` without ids."""

from dataclasses import dataclass, fields
from datetime import date
from enum import Enum, auto
from typing import Any

from ondol.sites.model.points import PointKind, PointRole


class Unchanged(Enum):
    """The one value that leaves a field as it is: None is a value that people set."""

    UNCHANGED = auto()


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """A building to create."""

    key: str
    name: str
    address: str = ""
    timezone: str = "Asia/Seoul"
    building_type: str | None = None
    total_area_m2: float | None = None
    floors: int | None = None
    contract_power_kw: float | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingChange:
    """Fields of a building to change."""

    name: str | Unchanged = UNCHANGED
    address: str | Unchanged = UNCHANGED
    building_type: str | Unchanged | None = UNCHANGED
    total_area_m2: float | Unchanged | None = UNCHANGED
    floors: int | Unchanged | None = UNCHANGED
    contract_power_kw: float | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSpace:
    """A floor, room or zone to create; `parent` and `tenant` are keys of what exists or was created before it."""

    key: str
    name: str
    kind: str = "room"
    parent: str | None = None
    tenant: str | None = None
    area_m2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTenant:
    """A tenant to create."""

    key: str
    name: str
    contact_info: str | None = None
    move_in_date: date | None = None
    contract_end_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPoint:
    """A point to create; `alias` is the name under which a device sends it, where that is not the key."""

    key: str
    name: str
    quantity: str
    unit: str = ""
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
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChange:
    """Fields of a point to change."""

    name: str | Unchanged = UNCHANGED
    quantity: str | Unchanged = UNCHANGED
    unit: str | Unchanged = UNCHANGED
    kind: PointKind | Unchanged = UNCHANGED
    interval_s: int | Unchanged | None = UNCHANGED
    space: str | Unchanged | None = UNCHANGED
    floor: str | Unchanged | None = UNCHANGED
    end_use: str | Unchanged | None = UNCHANGED
    brick_class: str | Unchanged | None = UNCHANGED
    submeter_of: str | Unchanged | None = UNCHANGED
    role: PointRole | Unchanged = UNCHANGED
    min_value: float | Unchanged | None = UNCHANGED
    max_value: float | Unchanged | None = UNCHANGED
    rollover_at: float | Unchanged | None = UNCHANGED
    max_per_hour: float | Unchanged | None = UNCHANGED
    formula: str | Unchanged = UNCHANGED


def changed_fields(change: BuildingChange | PointChange) -> dict[str, Any]:
    """The fields that change, by name."""
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {name: value for name, value in values.items() if value is not UNCHANGED}
