"""`AuditRecords` on the relational database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, inspect, select, update

from ondol.audit.model import NOTHING, AuditKey, AuditQuestion, AuditRecord, ChainState, Deed, Head, TaskFailure
from ondol.audit.rules import (
    DROPPED,
    LONGEST_ACTION,
    LONGEST_ADDRESS,
    LONGEST_SUBJECT,
    LONGEST_WHO,
    cleaned,
    described_drop,
    hash_of,
    moved,
    seal_of,
)
from ondol.audit.tables import AuditChainRow, AuditRow, TaskFailureRow
from ondol.common.access import Access
from ondol.common.clock import Clock
from ondol.common.errors import StoreUnavailable
from ondol.database.engine import Database, wait_for_turn
from ondol.database.upsert import upsert

_ONLY = 1
_STATE = ("id", "last_number", "last_hash", "dropped_number", "dropped_hash", "seal")


class SqlAudit:
    """See the port. Who records waits for who records already: each record needs the hash of the one before."""

    def __init__(self, database: Database, clock: Clock, key: AuditKey | None = None) -> None:
        self._database = database
        self._clock = clock
        self._key = key

    def record(self, access: Access, action: str, subject: str | None = None) -> None:
        deed = self._deed(access, action, subject)
        with self._database.write() as connection:
            wait_for_turn(connection, "audit")
            self._append(connection, _state(connection), deed)

    def state(self) -> ChainState:
        with self._database.read() as connection:
            return _state(connection)

    def highest(self) -> int:
        with self._database.read() as connection:
            return connection.scalar(_HIGHEST) or 0

    def newest(self, question: AuditQuestion, before: int | None, limit: int) -> list[AuditRecord]:
        wanted = [
            column.icontains(part, autoescape=True)
            for column, part in (
                (AuditRow.actor, question.who), (AuditRow.action, question.action), (AuditRow.subject, question.subject),
            )
            if part
        ]  # fmt: skip
        if question.start is not None:
            wanted.append(AuditRow.occurred_at >= question.start)
        if question.end is not None:
            wanted.append(AuditRow.occurred_at < question.end)
        if before is not None:
            wanted.append(AuditRow.number < before)
        with self._database.read() as connection:
            rows = connection.execute(_RECORDS.where(*wanted).order_by(AuditRow.number.desc()).limit(limit))
            return [_record(row) for row in rows]

    def following(self, number: int | None, limit: int) -> list[AuditRecord]:
        try:
            return self._following(number, limit)
        except (StoreUnavailable, ValueError, TypeError, AttributeError):
            if limit > 1:
                return self._following_one(number)
            raise

    def _following_one(self, number: int | None) -> list[AuditRecord]:
        """The next alone; one that cannot be read is given with nothing but its number, which no hash fits."""
        try:
            return self._following(number, 1)
        except (StoreUnavailable, ValueError, TypeError, AttributeError):
            query = select(AuditRow.number).where(_IS_NUMBER).order_by(AuditRow.number).limit(1)
            with self._database.read() as connection:
                found = connection.scalar(query if number is None else query.where(AuditRow.number > number))
            deed = Deed(at=datetime.min.replace(tzinfo=UTC), who="?", address=None, action="?", subject=None)
            return [] if found is None else [AuditRecord(found, deed, "", None)]

    def _following(self, number: int | None, limit: int) -> list[AuditRecord]:
        query = _RECORDS.where(_IS_NUMBER)
        query = query if number is None else query.where(AuditRow.number > number)
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(query.order_by(AuditRow.number).limit(limit))]

    def drop_before(self, time: datetime, access: Access) -> int:
        with self._database.write() as connection:
            wait_for_turn(connection, "audit")
            kept = connection.scalar(select(func.min(AuditRow.number)).where(AuditRow.occurred_at >= time))
            old = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
            cut = connection.execute(old if kept is None else old.where(AuditRow.number < kept)).first()
            if cut is None:
                return 0
            before = _state(connection)
            dropped = connection.execute(delete(AuditRow).where(AuditRow.number <= cut[0])).rowcount
            state = moved(before, before.last, Head(*cut), self._key)
            subject = described_drop(before.dropped.number + 1, Head(*cut), time)
            self._append(connection, state, self._deed(access, DROPPED, subject))
            return dropped

    def _deed(self, access: Access, action: str, subject: str | None) -> Deed:
        return Deed(
            at=self._clock(),
            who=cleaned(access.who, LONGEST_WHO),
            address=access.address and cleaned(access.address, LONGEST_ADDRESS),
            action=cleaned(action, LONGEST_ACTION),
            subject=subject and cleaned(subject, LONGEST_SUBJECT),
        )

    def _append(self, connection: Connection, before: ChainState, deed: Deed) -> None:
        """Records that somebody put behind the last one are left where they are, for `verify_chain` to find."""
        number = max(before.last.number, connection.scalar(_HIGHEST) or 0) + 1
        last = Head(number, hash_of(before.last.hash, number, deed))
        seal = seal_of(self._key, last) if self._key and number >= self._key.first else None
        row = {
            "occurred_at": deed.at, "actor": deed.who, "address": deed.address, "action": deed.action,
            "subject": deed.subject, "number": number, "hash": last.hash, "seal": seal,
        }  # fmt: skip
        connection.execute(insert(AuditRow).values(row))
        after = moved(before, last, before.dropped, self._key)
        values = (_ONLY, last.number, last.hash, after.dropped.number, after.dropped.hash, after.seal)
        upsert(connection, AuditChainRow, _STATE, [values], ["id"])


class SqlTaskFailures:
    """See the port."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def note(self, task: str, reason: str) -> None:
        row = TaskFailureRow
        with self._database.write() as connection:
            before = connection.scalar(select(row.failures).where(row.task == task)) or 0
            values = (task, before + 1, self._clock(), cleaned(reason, _LONGEST_REASON), False)
            upsert(connection, row, ("task", "failures", "last_at", "reason", "is_well"), [values], ["task"])

    def note_well(self, task: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(TaskFailureRow).where(TaskFailureRow.task == task).values(is_well=True))

    def all(self) -> list[TaskFailure]:
        row = TaskFailureRow
        query = select(row.task, row.failures, row.last_at, row.reason, row.is_well).order_by(row.task)
        with self._database.read() as connection:
            # `ondol check` looks at databases that were never upgraded, too.
            is_there = inspect(connection).has_table(row.__tablename__)
            return [TaskFailure(*found) for found in connection.execute(query)] if is_there else []


_LONGEST_REASON = 500
_RECORDS = select(
    AuditRow.number, AuditRow.occurred_at, AuditRow.actor, AuditRow.address, AuditRow.action, AuditRow.subject,
    AuditRow.hash, AuditRow.seal,
)  # fmt: skip
_IS_NUMBER = AuditRow.number.between(-(2**63), 2**63 - 1)
"""SQLite keeps text in any column, and has it greater than all numbers."""
_HIGHEST = select(func.max(AuditRow.number)).where(_IS_NUMBER)


def _state(connection: Connection) -> ChainState:
    row = connection.execute(
        select(
            AuditChainRow.last_number, AuditChainRow.last_hash, AuditChainRow.dropped_number, AuditChainRow.dropped_hash,
            AuditChainRow.seal,
        )
    ).first()  # fmt: skip
    if row is None:
        return ChainState(Head(0, NOTHING), Head(0, NOTHING))
    return ChainState(Head(row[0], row[1]), Head(row[2], row[3]), row[4])


def _record(row: Sequence[Any]) -> AuditRecord:
    number, at, who, address, action, subject, digest, seal = row
    if not all(isinstance(text, str | None) for text in (who, address, action, subject, digest, seal)):
        raise TypeError("a record has something else than text")
    return AuditRecord(number, Deed(at=at, who=who, address=address, action=action, subject=subject), digest, seal)
