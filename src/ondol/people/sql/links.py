"""`Links` on the relational database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from ondol.database.engine import Database
from ondol.people.model import Link, Purpose, Role, no_link
from ondol.people.tables import AccountLinkRow, UserRow


class SqlLinks:
    """See the port; secrets are stored only as hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, link: Link, secret_hash: str | None) -> None:
        with self._database.write() as connection:
            user_id = None
            if link.username is not None:
                user_id = connection.scalar(select(UserRow.id).where(UserRow.username == link.username))
            same = func.lower(AccountLinkRow.email) == link.email.lower()
            if user_id is not None:
                same = same | (AccountLinkRow.user_id == user_id)
            connection.execute(delete(AccountLinkRow).where(AccountLinkRow.purpose == link.purpose.value, same))
            connection.execute(insert(AccountLinkRow).values(_columns(link, secret_hash, user_id)))

    def get(self, key: str) -> Link | None:
        with self._database.read() as connection:
            return _one(connection, AccountLinkRow.key == key)

    def seal(self, key: str, secret_hash: str) -> Link | None:
        statement = update(AccountLinkRow).where(AccountLinkRow.key == key).values(secret_hash=secret_hash)
        with self._database.write() as connection:
            connection.execute(statement)
            return _one(connection, AccountLinkRow.key == key)

    def find(self, secret_hash: str, now: datetime) -> Link | None:
        with self._database.read() as connection:
            return _one(connection, (AccountLinkRow.secret_hash == secret_hash) & (AccountLinkRow.expires_at > now))

    def all(self, purpose: Purpose, now: datetime) -> list[Link]:
        query = _LINKS.where(AccountLinkRow.purpose == purpose.value, AccountLinkRow.expires_at > now)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(AccountLinkRow.created_at.desc(), AccountLinkRow.key))
            return [_link(row) for row in rows]

    def remove(self, key: str) -> Link | None:
        with self._database.write() as connection:
            link = _one(connection, AccountLinkRow.key == key)
            gone = connection.execute(delete(AccountLinkRow).where(AccountLinkRow.key == key)).rowcount
        return link if gone else None

    def end_all(self, username: str) -> None:
        whose = select(UserRow.id).where(UserRow.username == username).scalar_subquery()
        with self._database.write() as connection:
            connection.execute(delete(AccountLinkRow).where(AccountLinkRow.user_id == whose))

    def drop_expired(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(delete(AccountLinkRow).where(AccountLinkRow.expires_at <= now))


def use_link(connection: Connection, key: str | None) -> None:
    """Use a link up within the transaction of what it does. Raises NotFound when somebody else did so before."""
    if key is not None and not connection.execute(delete(AccountLinkRow).where(AccountLinkRow.key == key)).rowcount:
        raise no_link()


def _columns(link: Link, secret_hash: str | None, user_id: int | None) -> dict[str, Any]:
    return {
        "key": link.key, "purpose": link.purpose.value, "secret_hash": secret_hash, "email": link.email,
        "user_id": user_id, "role": link.role and link.role.value, "tenants": " ".join(link.tenants),
        "buildings": None if link.buildings is None else " ".join(link.buildings), "language": link.language,
        "made_by": link.made_by[:100], "created_at": link.created_at, "expires_at": link.expires_at,
    }  # fmt: skip


_LINKS = select(
    AccountLinkRow.key, AccountLinkRow.purpose, AccountLinkRow.email, AccountLinkRow.made_by, AccountLinkRow.created_at,
    AccountLinkRow.expires_at, AccountLinkRow.language, UserRow.username, AccountLinkRow.role,
    AccountLinkRow.buildings, AccountLinkRow.tenants,
).outerjoin(UserRow, UserRow.id == AccountLinkRow.user_id)  # fmt: skip


def _one(connection: Connection, which: Any) -> Link | None:
    row = connection.execute(_LINKS.where(which)).first()
    return None if row is None else _link(row)


def _link(row: Any) -> Link:
    key, purpose, email, made_by, created_at, expires_at, language, username, role, buildings, tenants = row
    return Link(
        key=key, purpose=Purpose(purpose), email=email, made_by=made_by, created_at=created_at, expires_at=expires_at,
        language=language, username=username, role=None if role is None else Role(role),
        buildings=None if buildings is None else tuple(buildings.split()), tenants=tuple(tenants.split()),
    )  # fmt: skip
