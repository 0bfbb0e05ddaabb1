"""Makes what tests need in an installation, through the same faces as everybody."""

from typing import Any

from ondol.common.access import SYSTEM, Scope
from ondol.history import Aggregate, Resolution, Series, SeriesQuestion, Usage, UsageQuestion
from ondol.installation import Installation
from ondol.people import Credentials, NewToken, NewUser, Role, Session, User
from ondol.sites import Building, NewBuilding, NewPoint, NewSpace, NewTenant, Point, PointKind

PASSWORD = "a-long-enough-password"


def make_building(ondol: Installation, key: str, **fields: Any) -> Building:
    return ondol.sites.create_building(SYSTEM, NewBuilding(key=key, **{"name": key, **fields}))


def make_points(ondol: Installation, building: str, points: list[dict[str, Any]]) -> list[Point]:
    return ondol.sites.create_points(SYSTEM, building, [new_point(point) for point in points])


def new_point(fields: dict[str, Any]) -> NewPoint:
    return NewPoint(**{**fields, "kind": PointKind(fields.get("kind", "measurement"))})


def make_spaces(ondol: Installation, building: str, spaces: list[dict[str, Any]]) -> None:
    ondol.sites.create_spaces(SYSTEM, building, [NewSpace(**space) for space in spaces])


def make_tenants(ondol: Installation, building: str, tenants: list[dict[str, Any]]) -> None:
    ondol.sites.create_tenants(SYSTEM, building, [NewTenant(**tenant) for tenant in tenants])


def make_user(ondol: Installation, name: str, role: Role = Role.USER, password: str = PASSWORD, **fields: Any) -> User:
    new = NewUser(username=name, email=f"{name}@example.com", role=role, password=password, **fields)
    return ondol.people.create_user(SYSTEM, new).user


def make_token(
    ondol: Installation, name: str, *scopes: Scope, buildings: list[str] | None = None, may_register: bool = False
) -> str:
    """The secret of a new token."""
    limits = None if buildings is None else frozenset(buildings)
    new = NewToken(name=name, scopes=frozenset(scopes), buildings=limits, may_register=may_register)
    return ondol.people.create_token(SYSTEM, new)[1]


def sign_in(
    ondol: Installation, name: str, password: str = PASSWORD, address: str = "127.0.0.1"
) -> tuple[str, Session]:
    return ondol.people.sign_in(Credentials(name, password, address))


def usage_of(ondol: Installation, building: str, quantity: str, start: Any, end: Any, interval: Resolution) -> Usage:
    asked = UsageQuestion(building_key=building, quantity=quantity, start=start, end=end, interval=interval)
    return ondol.history.look_up_usage(SYSTEM, asked)


def series_of(
    ondol: Installation, point: str, start: Any, end: Any, interval: Resolution, aggregate: Aggregate | None = None
) -> Series:
    asked = SeriesQuestion(point_key=point, start=start, end=end, interval=interval, aggregate=aggregate)
    return ondol.history.look_up_series(SYSTEM, asked)
