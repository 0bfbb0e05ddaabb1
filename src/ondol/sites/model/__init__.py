"""What there is: buildings, their spaces and tenants, and the points that are measured in them."""

from ondol.sites.model.buildings import Building, Space, Tenant
from ondol.sites.model.points import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Point, PointKind, main_meters

__all__ = ["RAW_RESOLUTION_S", "RAW_RESOLUTION_US", "Building", "Point", "PointKind", "Space", "Tenant", "main_meters"]
