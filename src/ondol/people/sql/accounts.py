"""`ports.accounts.Accounts` on the relational database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from ondol.common.access import Scope
from ondol.common.errors import AlreadyExists, NotFound
from ondol.database.engine import Database
from ondol.people.model import Role, Token, User
from ondol.people.tables import ApiTokenRow, AuditRow, UserRow


class RelationalAccounts:
    """Users, tokens and the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def user(self, username: str) -> User | None:
        with self._database.read() as connection:
            row = connection.execute(_USERS.where(UserRow.username == username)).first()
        return None if row is None else _user(row)

    def users(self) -> list[User]:
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(_USERS.order_by(UserRow.username))]

    def password_hash(self, username: str) -> str | None:
        query = select(UserRow.password_hash).where(UserRow.username == username, UserRow.is_active)
        with self._database.read() as connection:
            return connection.scalar(query)

    def add_user(self, username: str, email: str, role: Role, password_hash: str, language: str | None = None) -> User:
        columns = {
            "username": username,
            "email": email,
            "role": role.value,
            "password_hash": password_hash,
            "language": language,
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(UserRow).values(columns))
        except IntegrityError as error:
            raise AlreadyExists(f"the name {username!r} or the address {email!r} is taken; choose another") from error
        user = self.user(username)
        assert user is not None
        return user

    def change_user(self, username: str, *, language: str | None = None, password_hash: str | None = None) -> None:
        changes = {"language": language, "password_hash": password_hash}
        with self._database.write() as connection:
            values = {name: value for name, value in changes.items() if value is not None}
            connection.execute(update(UserRow).where(UserRow.username == username).values(values))

    def token(self, token_hash: str) -> Token | None:
        with self._database.read() as connection:
            row = connection.execute(_TOKENS.where(ApiTokenRow.token_hash == token_hash)).first()
        return None if row is None else _token(row)

    def tokens(self) -> list[Token]:
        with self._database.read() as connection:
            return [_token(row) for row in connection.execute(_TOKENS.order_by(ApiTokenRow.name))]

    def add_token(
        self,
        name: str,
        token_hash: str,
        scopes: Sequence[Scope],
        buildings: Sequence[str] | None,
        *,
        may_register: bool,
    ) -> Token:
        columns = {
            "name": name,
            "token_hash": token_hash,
            "scopes": " ".join(scopes),
            "buildings": " ".join(buildings) if buildings else None,
            "may_register": may_register,
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(ApiTokenRow).values(columns))
        except IntegrityError as error:
            raise AlreadyExists(f"a token {name!r} exists already; choose another name") from error
        token = self.token(token_hash)
        assert token is not None
        return token

    def revoke_token(self, name: str, when: datetime) -> None:
        statement = update(ApiTokenRow).where(ApiTokenRow.name == name, ApiTokenRow.revoked_at.is_(None))
        with self._database.write() as connection:
            if not connection.execute(statement.values(revoked_at=when)).rowcount:
                raise NotFound(f"there is no token {name!r}; GET /api/v1/tokens lists those that exist")

    def record(
        self, when: datetime, actor: str, action: str, subject: str | None = None, address: str | None = None
    ) -> None:
        columns = {"occurred_at": when, "actor": actor, "action": action, "subject": subject, "address": address}
        with self._database.write() as connection:
            connection.execute(insert(AuditRow).values(columns))


_USERS = select(UserRow.id, UserRow.username, UserRow.email, UserRow.role, UserRow.language, UserRow.is_active)
_TOKENS = select(
    ApiTokenRow.id, ApiTokenRow.name, ApiTokenRow.scopes, ApiTokenRow.buildings, ApiTokenRow.may_register
).where(ApiTokenRow.revoked_at.is_(None))


def _user(row: Sequence[Any]) -> User:
    return User(row[0], row[1], row[2], Role(row[3]), row[4], row[5])


def _token(row: Sequence[Any]) -> Token:
    scopes = frozenset(Scope(name) for name in row[2].split())
    return Token(row[0], row[1], scopes, frozenset(row[3].split()) if row[3] else None, row[4])
