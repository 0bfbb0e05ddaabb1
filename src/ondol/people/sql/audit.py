"""`Audit` on the relational database."""

from sqlalchemy import insert

from ondol.common.access import Access
from ondol.common.clock import Clock
from ondol.database.engine import Database
from ondol.people.tables import AuditRow


class SqlAudit:
    """See the port in common."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def record(self, access: Access, action: str, subject: str | None = None) -> None:
        columns = {
            "occurred_at": self._clock(),
            "actor": _kept(access.who, 100),
            "address": access.address and _kept(access.address, 64),
            "action": action,
            "subject": subject and _kept(subject, 200),
        }
        with self._database.write() as connection:
            connection.execute(insert(AuditRow).values(columns))


def _kept(text: str, most: int) -> str:
    """As much as the column takes; no text column takes a NUL, and what strangers enter must not fail the record of it."""
    return text.replace("\0", " ")[:most]
