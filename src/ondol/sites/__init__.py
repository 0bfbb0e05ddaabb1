"""Sites: buildings, their spaces and tenants, and the points that are measured in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.audit import Audit
from ondol.common.cache import Cache
from ondol.common.results import Results
from ondol.sites.change_building import change_building
from ondol.sites.change_point import change_point
from ondol.sites.check_formula import kind_of_formula
from ondol.sites.create_building import create_building
from ondol.sites.create_points import create_points
from ondol.sites.create_spaces import create_spaces
from ondol.sites.create_tenants import create_tenants
from ondol.sites.list_buildings import list_buildings
from ondol.sites.model import (
    UNCHANGED,
    Building,
    BuildingChange,
    CalorificValue,
    NewBuilding,
    NewPoint,
    NewSpace,
    NewTenant,
    Point,
    PointChange,
    PointKind,
    PointRole,
    Space,
    Tenant,
)
from ondol.sites.point_index import PointIndex
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_building, reach_point, reach_points, reach_whole_building
from ondol.sites.set_calorific_values import calorific_values, set_calorific_values

__all__ = [
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
    "PointIndex",
    "PointKind",
    "PointRole",
    "Sites",
    "Space",
    "Tenant",
]


@dataclass(frozen=True)
class Sites:
    """What there is, for who may know it. Out of reach is NotFound; a lacking scope is NotAllowed."""

    records: SiteRecords
    cache: Cache | None
    index: PointIndex
    results: Results
    audit: Audit

    def count(self) -> int:
        """How many buildings there are, asked of the database itself. Raises StoreUnavailable while it is away."""
        return len(self.records.buildings())

    def buildings(self, access: Access) -> list[Building]:
        """See list_buildings.py."""
        return list_buildings(access, records=self.records, cache=self.cache)

    def building(self, access: Access, key: str) -> Building:
        """A building of which something is theirs. Raises NotFound."""
        return reach_building(access, key, self.records)

    def create_building(self, access: Access, new: NewBuilding) -> Building:
        """See create_building.py."""
        return create_building(access, new, records=self.records, index=self.index, cache=self.cache, audit=self.audit)

    def change_building(self, access: Access, key: str, change: BuildingChange) -> Building:
        """See change_building.py."""
        return change_building(access, key, change, records=self.records, cache=self.cache, audit=self.audit)

    def points(self, access: Access, building_key: str | None = None) -> list[Point]:
        """Their points of a building, or of all, by key. Raises NotFound."""
        return reach_points(access, building_key, self.records)

    def point(self, access: Access, key: str) -> Point:
        """A point that is theirs. Raises NotFound."""
        return reach_point(access, key, self.records)

    def create_points(self, access: Access, building_key: str, new: Sequence[NewPoint]) -> list[Point]:
        """See create_points.py."""
        return create_points(
            access, building_key, new, records=self.records, index=self.index, results=self.results, audit=self.audit
        )

    def kind_of_formula(self, access: Access, building_key: str, formula: str) -> PointKind:
        """See check_formula.py. Raises NotFound, NotAllowed, InvalidInput."""
        reach_whole_building(access, building_key, self.records)
        return kind_of_formula(access, building_key, formula, self.records)

    def change_point(self, access: Access, key: str, change: PointChange) -> Point:
        """See change_point.py."""
        return change_point(
            access, key, change, records=self.records, index=self.index, results=self.results, audit=self.audit
        )

    def calorific_values(self, access: Access, building_key: str) -> list[CalorificValue]:
        """See set_calorific_values.py."""
        return calorific_values(access, building_key, self.records)

    def set_calorific_values(
        self, access: Access, building_key: str | None, values: Sequence[CalorificValue]
    ) -> list[CalorificValue]:
        """See set_calorific_values.py."""
        return set_calorific_values(
            access, building_key, values, records=self.records, results=self.results, audit=self.audit
        )

    def spaces(self, access: Access, building_key: str) -> list[Space]:
        """Their spaces of a building, by key. Raises NotFound."""
        reach_building(access, building_key, self.records)
        return [s for s in self.records.spaces(building_key) if access.reaches_space(building_key, s.key)]

    def create_spaces(self, access: Access, building_key: str, new: Sequence[NewSpace]) -> list[Space]:
        """See create_spaces.py."""
        return create_spaces(access, building_key, new, records=self.records, audit=self.audit)

    def tenants(self, access: Access, building_key: str) -> list[Tenant]:
        """The tenants of a building that is theirs as a whole. Raises NotFound."""
        reach_whole_building(access, building_key, self.records)
        return self.records.tenants(building_key)

    def create_tenants(self, access: Access, building_key: str, new: Sequence[NewTenant]) -> list[Tenant]:
        """See create_tenants.py."""
        return create_tenants(access, building_key, new, records=self.records, audit=self.audit)
