"""Where buildings, spaces, tenants and points are kept."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from ondol.sites.model import (
    Building,
    BuildingChange,
    CalorificValue,
    NewBuilding,
    NewPoint,
    NewSpace,
    NewTenant,
    Point,
    PointChange,
    Space,
    Tenant,
)


class GasRecords(Protocol):
    """Calorific values of buildings, and with None of the installation."""

    def calorific_values(self, building_id: int | None) -> list[CalorificValue]:
        """By the day from which they hold."""
        ...

    def set_calorific_values(self, building_id: int | None, values: Sequence[CalorificValue]) -> None:
        """Put these in place of what there was."""
        ...


class KnownPoints(Protocol):
    """What making history of readings asks of the sites."""

    def buildings(self) -> list[Building]:
        """All buildings, by name."""
        ...

    def points_by_id(self, ids: Iterable[int]) -> dict[int, Point]:
        """The points that exist among the ids."""
        ...


class SiteRecords(Protocol):
    """Finds and changes the things that have a key. Unknown keys raise NotFound, taken ones AlreadyExists.

    Guarantees: what is added together is added whole or not at all, and is durable when the call returns.
    """

    gas: GasRecords

    def building(self, key: str) -> Building: ...

    def buildings(self) -> list[Building]:
        """All buildings, by name."""
        ...

    def add_building(self, new: NewBuilding) -> Building: ...

    def change_building(self, key: str, change: BuildingChange) -> Building: ...

    def point(self, key: str) -> Point: ...

    def points(self, building_key: str | None = None) -> list[Point]:
        """Points of a building or of all, by key."""
        ...

    def virtual_points(self) -> list[Point]:
        """The points that have a formula."""
        ...

    def points_by_key(self, keys: Iterable[str]) -> dict[str, Point]:
        """The points that exist among the keys or among the names under which devices send them."""
        ...

    def points_by_id(self, ids: Iterable[int]) -> dict[int, Point]:
        """The points that exist among the ids."""
        ...

    def add_points(self, building_key: str, points: Sequence[NewPoint]) -> list[Point]: ...

    def change_point(self, key: str, change: PointChange) -> Point: ...

    def add_alias(self, key: str, source: str) -> None:
        """Let the point be known by one more name, under which a device sends it. Raises AlreadyExists when that is another point's."""
        ...

    def spaces(self, building_key: str) -> list[Space]:
        """The spaces of a building, by key."""
        ...

    def add_spaces(self, building_key: str, spaces: Sequence[NewSpace]) -> list[Space]: ...

    def tenants(self, building_key: str) -> list[Tenant]:
        """The tenants of a building, by key."""
        ...

    def add_tenants(self, building_key: str, tenants: Sequence[NewTenant]) -> list[Tenant]: ...
