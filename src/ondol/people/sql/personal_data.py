"""The part of `Accounts` that is about the person: what they are called, when they came, and that they go."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ondol.common.errors import AlreadyExists, NotAllowed
from ondol.common.messages import said
from ondol.database.engine import Database
from ondol.people.model import Role, no_user
from ondol.people.sql.links import use_link
from ondol.people.sql.users import forget_user, one_user
from ondol.people.tables import UserRow


class SqlPersonalData:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken_names(self) -> list[str]:
        with self._database.read() as connection:
            return list(connection.scalars(select(UserRow.username)))

    def describe(self, username: str, name: str | None, language: str | None) -> None:
        statement = update(UserRow).where(UserRow.username == username, UserRow.deleted_at.is_(None))
        with self._database.write() as connection:
            if not connection.execute(statement.values(name=name, language=language)).rowcount:
                raise no_user(username)

    def set_address(self, username: str, email: str, by_link: str) -> None:
        statement = update(UserRow).where(UserRow.username == username, UserRow.is_active)
        try:
            with self._database.write() as connection:
                use_link(connection, by_link)
                if not connection.execute(statement.values(email=email)).rowcount:
                    raise no_user(username)
        except IntegrityError as error:
            raise AlreadyExists("another account has this address; choose another") from error

    def note_sign_in(self, user_id: int, when: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(UserRow).where(UserRow.id == user_id).values(last_sign_in=when))

    def delete_user(self, username: str, when: datetime) -> None:
        with self._database.write() as connection:
            administrators = set(connection.scalars(ADMINISTRATORS.with_for_update()))
            user = one_user(connection, UserRow.username == username)
            if user is None:
                raise no_user(username)
            if administrators == {user.id}:
                raise last_administrator(username)
            forget_user(connection, user, when)


ADMINISTRATORS = select(UserRow.id).where(UserRow.role == Role.ADMIN.value, UserRow.is_active).order_by(UserRow.id)


def last_administrator(username: str) -> NotAllowed:
    return NotAllowed(said("%(user)s is the last administrator; make somebody else one first", user=repr(username)))
