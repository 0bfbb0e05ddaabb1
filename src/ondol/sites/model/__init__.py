"""What there is: buildings, their spaces and tenants, and the points that are measured in them."""

from ondol.sites.model.buildings import Building, Space, Tenant
from ondol.sites.model.calorific import CalorificValue
from ondol.sites.model.changes import (
    UNCHANGED,
    BuildingChange,
    NewBuilding,
    NewPoint,
    NewSpace,
    NewTenant,
    PointChange,
    changed_fields,
)
from ondol.sites.model.points import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind, PointRole, main_meters

__all__ = [
    "RAW_RESOLUTION_S",
    "RAW_RESOLUTION_US",
    "UNCHANGED",
    "Building",
    "BuildingChange",
    "CalorificValue",
    "NewBuilding",
    "NewPoint",
    "NewSpace",
    "NewTenant",
    "Point",
    "PointChange",
    "PointKind",
    "PointRole",
    "Space",
    "Tenant",
    "changed_fields",
    "main_meters",
]
