"""What there is: buildings, spaces, tenants and points."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from ondol.sites.model import Building, Point, Space, Tenant


class Directory(Protocol):
    """Finds and changes the things that have a key. Unknown keys raise NotFound, taken ones AlreadyExists."""

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call `tell` after each building that this process adds or changes."""
        ...

    def building(self, key: str) -> Building: ...

    def buildings(self) -> list[Building]:
        """All buildings, by name."""
        ...

    def add_building(self, key: str, **fields: Any) -> Building:
        """Register a building; `name` is needed, the other fields of `Building` have its defaults."""
        ...

    def change_building(self, key: str, **fields: Any) -> Building: ...

    def point(self, key: str) -> Point: ...

    def points(self, building_key: str | None = None) -> list[Point]:
        """Points of a building or of all, by key."""
        ...

    def points_by_key(self, keys: Iterable[str]) -> dict[str, Point]:
        """The points that exist among the keys or among the names under which devices send them."""
        ...

    def points_by_id(self, ids: Iterable[int]) -> dict[int, Point]:
        """The points that exist among the ids."""
        ...

    def add_points(self, building_key: str, points: Sequence[Mapping[str, Any]]) -> list[Point]:
        """Register points in one transaction; a mapping has the fields of `Point` and may have `alias`."""
        ...

    def change_point(self, key: str, **fields: Any) -> Point: ...

    def add_spaces(self, building_key: str, spaces: Sequence[Mapping[str, Any]]) -> list[Space]: ...

    def add_tenants(self, building_key: str, tenants: Sequence[Mapping[str, Any]]) -> list[Tenant]: ...

    def tenants(self, building_key: str) -> list[Tenant]: ...
