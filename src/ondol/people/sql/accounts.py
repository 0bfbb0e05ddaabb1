"""`Accounts` on the relational database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ondol.common.access import no_building, scopes_of
from ondol.common.errors import AlreadyExists, NotFound
from ondol.people.model import NewToken, NewUser, Role, Standing, Token, User, UserChange, no_user
from ondol.people.sql.links import use_link
from ondol.people.sql.personal_data import ADMINISTRATORS, SqlPersonalData, last_administrator
from ondol.people.sql.reach import read_standing
from ondol.people.sql.users import all_users, one_user
from ondol.people.tables import ApiTokenRow, UserBuildingRow, UserRow, UserTenantRow
from ondol.sites.model.changes import Unchanged
from ondol.sites.tables import BuildingRow, TenantRow


class SqlAccounts(SqlPersonalData):
    """See the port."""

    def user(self, username: str) -> User | None:
        with self._database.read() as connection:
            return one_user(connection, UserRow.username == username)

    def user_of_address(self, email: str) -> User | None:
        with self._database.read() as connection:
            return one_user(connection, func.lower(UserRow.email) == email.lower())

    def users(self) -> list[User]:
        with self._database.read() as connection:
            return all_users(connection)

    def password_hash(self, username: str) -> str | None:
        query = select(UserRow.password_hash).where(UserRow.username == username, UserRow.is_active)
        with self._database.read() as connection:
            return connection.scalar(query)

    def add_user(self, new: NewUser, password_hash: str, by_link: str | None = None) -> User:
        columns = {
            "username": new.username, "email": new.email, "role": new.role.value, "password_hash": password_hash,
            "all_buildings": new.buildings is None, "must_change_password": not new.password,
            "name": new.name, "language": new.language, "waits": new.waits, "is_active": not new.waits,
        }  # fmt: skip
        try:
            with self._database.write() as connection:
                use_link(connection, by_link)
                user_id = connection.execute(insert(UserRow).values(columns).returning(UserRow.id)).scalar_one()
                _add_buildings(connection, user_id, new.buildings)
                _add_tenants(connection, user_id, new.tenants)
        except IntegrityError as error:
            raise AlreadyExists(
                f"the name {new.username!r} or the address {new.email!r} is taken; choose another"
            ) from error
        return User(
            user_id, new.username, new.email, new.role, new.language, not new.waits, new.name, new.waits,
            buildings=new.buildings, tenants=new.tenants,
        )  # fmt: skip

    def change_user(self, username: str, change: UserChange) -> User:
        with self._database.write() as connection:
            administrators = set(connection.scalars(ADMINISTRATORS.with_for_update()))
            found = one_user(connection, UserRow.username == username)
            if found is None:
                raise no_user(username)
            user = _changed(found, change)
            if administrators == {user.id} and not (user.is_active and user.role is Role.ADMIN):
                raise last_administrator(username)
            columns: dict[str, Any] = {"role": user.role.value, "is_active": user.is_active, "waits": user.waits}
            if not isinstance(change.buildings, Unchanged):
                columns["all_buildings"] = change.buildings is None
                connection.execute(delete(UserBuildingRow).where(UserBuildingRow.user_id == user.id))
                _add_buildings(connection, user.id, change.buildings)
            if not isinstance(change.tenants, Unchanged):
                connection.execute(delete(UserTenantRow).where(UserTenantRow.user_id == user.id))
                _add_tenants(connection, user.id, change.tenants)
            connection.execute(update(UserRow).where(UserRow.id == user.id).values(columns))
        return user

    def set_password(self, username: str, password_hash: str, *, must_change: bool, by_link: str | None = None) -> None:
        statement = update(UserRow).where(UserRow.username == username, UserRow.deleted_at.is_(None))
        with self._database.write() as connection:
            use_link(connection, by_link)
            found = connection.execute(statement.values(password_hash=password_hash, must_change_password=must_change))
            if not found.rowcount:
                raise no_user(username)

    def standing(self, id_hash: str) -> Standing | None:
        with self._database.read() as connection:
            return read_standing(connection, id_hash)

    def token(self, token_hash: str) -> Token | None:
        with self._database.read() as connection:
            row = connection.execute(_TOKENS.where(ApiTokenRow.token_hash == token_hash)).first()
        return None if row is None else _token(row)

    def tokens(self) -> list[Token]:
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(_TOKENS.order_by(ApiTokenRow.name))]

    def add_token(self, new: NewToken, token_hash: str) -> Token:
        columns = {
            "name": new.name,
            "token_hash": token_hash,
            "scopes": " ".join(sorted(new.scopes)),
            "buildings": None if new.buildings is None else " ".join(sorted(new.buildings)),
            "may_register": new.may_register,
        }
        statement = insert(ApiTokenRow).values(columns).returning(ApiTokenRow.id)
        try:
            with self._database.write() as connection:
                token_id = connection.execute(statement).scalar_one()
        except IntegrityError as error:
            raise AlreadyExists(f"a token {new.name!r} exists already; choose another name") from error
        return Token(token_id, new.name, new.scopes, new.buildings, new.may_register)

    def revoke_token(self, name: str, when: datetime) -> None:
        statement = update(ApiTokenRow).where(ApiTokenRow.name == name, ApiTokenRow.revoked_at.is_(None))
        with self._database.write() as connection:
            if not connection.execute(statement.values(revoked_at=when)).rowcount:
                raise NotFound(f"there is no token {name!r}; GET /api/v1/tokens lists those that exist")


_TOKENS = select(
    ApiTokenRow.id, ApiTokenRow.name, ApiTokenRow.scopes, ApiTokenRow.buildings, ApiTokenRow.may_register
).where(ApiTokenRow.revoked_at.is_(None))


def _changed(user: User, change: UserChange) -> User:
    is_active = user.is_active if change.is_active is None else change.is_active
    return replace(
        user,
        role=change.role or user.role,
        is_active=is_active,
        waits=user.waits and not is_active,
        buildings=user.buildings if isinstance(change.buildings, Unchanged) else change.buildings,
        tenants=user.tenants if isinstance(change.tenants, Unchanged) else change.tenants,
    )


def _add_buildings(connection: Connection, user_id: int, keys: tuple[str, ...] | None) -> None:
    for key in dict.fromkeys(keys or ()):
        building_id = connection.scalar(select(BuildingRow.id).where(BuildingRow.key == key))
        if building_id is None:
            raise no_building(key)
        connection.execute(insert(UserBuildingRow).values(user_id=user_id, building_id=building_id))


def _add_tenants(connection: Connection, user_id: int, keys: tuple[str, ...]) -> None:
    for key in dict.fromkeys(keys):
        tenant_id = connection.scalar(select(TenantRow.id).where(TenantRow.key == key))
        if tenant_id is None:
            raise NotFound(f"there is no tenant {key!r}; GET /api/v1/tenants?building=KEY lists those of a building")
        connection.execute(insert(UserTenantRow).values(user_id=user_id, tenant_id=tenant_id))


def _token(row: Sequence[Any]) -> Token:
    buildings = None if row[3] is None else frozenset(row[3].split())
    return Token(row[0], row[1], scopes_of(row[2].split()), buildings, row[4])
