"""`WaitingMails` on the relational database."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from ondol.database.engine import Database
from ondol.database.upsert import upsert
from ondol.people.model import MailKind, WaitingMail
from ondol.people.tables import WaitingMailRow

_COLUMNS = ("kind", "email", "link", "language", "tries", "due_at", "expires_at", "problem")
_MAILS = select(*(getattr(WaitingMailRow, name) for name in _COLUMNS)).order_by(WaitingMailRow.due_at)


class SqlWaitingMails:
    """See the port. No secret of a link stands here: it is made when the mail is sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, mail: WaitingMail) -> None:
        row = (
            mail.kind.value, mail.email, mail.link, mail.language, mail.tries, mail.due_at, mail.expires_at,
            mail.problem and mail.problem[:300],
        )  # fmt: skip
        with self._database.write() as connection:
            upsert(connection, WaitingMailRow, _COLUMNS, [row], ["kind", "email"])

    def due(self, now: datetime) -> list[WaitingMail]:
        with self._database.read() as connection:
            return [_mail(row) for row in connection.execute(_MAILS.where(WaitingMailRow.due_at <= now))]

    def all(self) -> list[WaitingMail]:
        with self._database.read() as connection:
            return [_mail(row) for row in connection.execute(_MAILS)]

    def remove(self, mail: WaitingMail) -> None:
        which = (WaitingMailRow.kind == mail.kind.value, WaitingMailRow.email == mail.email)
        # Another of the kind may have come meanwhile: that one stays.
        with self._database.write() as connection:
            connection.execute(delete(WaitingMailRow).where(*which, WaitingMailRow.due_at == mail.due_at))

    def drop_expired(self, now: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(delete(WaitingMailRow).where(WaitingMailRow.expires_at <= now))


def _mail(row: Any) -> WaitingMail:
    kind, *rest = row
    return WaitingMail(kind=MailKind(kind), **dict(zip(_COLUMNS[1:], rest, strict=True)))
