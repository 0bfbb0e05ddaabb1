"""`Sessions` on the relational database."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ondol.database.engine import Database
from ondol.people.model import Role, Session
from ondol.people.tables import SessionRow, UserRow


class SqlSessions:
    """Sessions of people; an id itself is never stored, only its hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session: Session) -> None:
        columns = {
            "id_hash": session.id_hash,
            "user_id": session.user_id,
            "csrf_token": session.csrf_token,
            "login_time": session.login_time,
            "expires_at": session.expires_at,
            "address": session.address[:64],
            "browser": session.browser[:200],
        }
        with self._database.write() as connection:
            connection.execute(insert(SessionRow).values(columns))

    def find(self, id_hash: str, now: datetime) -> Session | None:
        query = _SESSIONS.where(SessionRow.id_hash == id_hash, SessionRow.expires_at > now)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _session(row)

    def living(self, now: datetime, username: str | None = None) -> list[Session]:
        query = _SESSIONS.where(SessionRow.expires_at > now).order_by(SessionRow.login_time.desc())
        if username is not None:
            query = query.where(UserRow.username == username)
        with self._database.read() as connection:
            return [_session(row) for row in connection.execute(query)]

    def extend(self, id_hash: str, expires_at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(SessionRow).where(SessionRow.id_hash == id_hash).values(expires_at=expires_at))

    def end(self, id_hash: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.id_hash == id_hash))

    def end_all(self, username: str, but: str | None = None) -> list[str]:
        whose = select(UserRow.id).where(UserRow.username == username).scalar_subquery()
        statement = delete(SessionRow).where(SessionRow.user_id == whose, SessionRow.id_hash != (but or ""))
        with self._database.write() as connection:
            return list(connection.scalars(statement.returning(SessionRow.id_hash)))

    def drop_expired(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


_SESSIONS = (
    select(
        SessionRow.id_hash,
        UserRow.id,
        UserRow.username,
        UserRow.role,
        UserRow.language,
        SessionRow.csrf_token,
        SessionRow.login_time,
        SessionRow.expires_at,
        SessionRow.address,
        SessionRow.browser,
    )
    .join(UserRow, UserRow.id == SessionRow.user_id)
    .where(UserRow.is_active)
)


def _session(row: Any) -> Session:
    id_hash, user_id, username, role, *rest = row
    return Session(id_hash, user_id, username, Role(role), *rest)
