"""Rows of people as `User`, with what they reach; those who were deleted are nobody any more."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from ondol.people.model import Role, User
from ondol.people.tables import AccountLinkRow, UserBuildingRow, UserRow, UserTenantRow, WaitingMailRow
from ondol.sites.tables import BuildingRow, TenantRow


def one_user(connection: Connection, which: ColumnElement[bool]) -> User | None:
    """The person, or None."""
    found = _users(connection, which)
    return found[0] if found else None


def all_users(connection: Connection) -> list[User]:
    """By user name."""
    return _users(connection, UserRow.id > 0)


def forget_user(connection: Connection, user: User, when: datetime) -> None:
    """Drop all that is known of a person but the user name. Sessions are ended by who knows the cache, too."""
    for table in (UserBuildingRow, UserTenantRow, AccountLinkRow):
        connection.execute(delete(table).where(table.user_id == user.id))
    connection.execute(delete(WaitingMailRow).where(WaitingMailRow.email == user.email))
    nothing = {
        "email": f"deleted-{user.id}@invalid", "password_hash": "", "role": Role.USER.value, "language": None,
        "is_active": False, "all_buildings": False, "name": None, "waits": False, "last_sign_in": None,
        "created_at": None, "deleted_at": when,
    }  # fmt: skip
    connection.execute(update(UserRow).where(UserRow.id == user.id).values(nothing))


def _users(connection: Connection, which: ColumnElement[bool]) -> list[User]:
    rows = connection.execute(_USERS.where(which, UserRow.deleted_at.is_(None)).order_by(UserRow.username)).all()
    ids = [row[0] for row in rows]
    buildings = _keys(connection, _BUILDINGS.where(UserBuildingRow.user_id.in_(ids)))
    tenants = _keys(connection, _TENANTS.where(UserTenantRow.user_id.in_(ids)))
    return [_user(row, buildings[row[0]], tenants[row[0]]) for row in rows]


def _keys(connection: Connection, query: Any) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    rows: Sequence[Any] = connection.execute(query).all()
    for user_id, key in rows:
        found[user_id] += (key,)
    return found


def _user(row: Any, buildings: tuple[str, ...], tenants: tuple[str, ...]) -> User:
    user_id, username, email, role, language, is_active, name, waits, last_sign_in, all_buildings = row
    is_free = all_buildings or role == Role.ADMIN.value
    return User(
        user_id, username, email, Role(role), language, is_active, name, waits, last_sign_in,
        None if is_free else buildings, tenants,
    )  # fmt: skip


_USERS = select(
    UserRow.id, UserRow.username, UserRow.email, UserRow.role, UserRow.language, UserRow.is_active, UserRow.name,
    UserRow.waits, UserRow.last_sign_in, UserRow.all_buildings,
)  # fmt: skip
_BUILDINGS = (
    select(UserBuildingRow.user_id, BuildingRow.key)
    .join(BuildingRow, BuildingRow.id == UserBuildingRow.building_id)
    .order_by(BuildingRow.key)
)
_TENANTS = (
    select(UserTenantRow.user_id, TenantRow.key)
    .join(TenantRow, TenantRow.id == UserTenantRow.tenant_id)
    .order_by(TenantRow.key)
)
