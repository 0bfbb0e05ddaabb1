"""What was done, for those who look after the installation."""

from collections.abc import Iterator

from ondol.audit.model import AuditQuestion, AuditRecord
from ondol.audit.ports import AuditRecords
from ondol.common.access import Access

PART = 1_000


def list_records(
    access: Access, question: AuditQuestion, before: int | None, limit: int, *, records: AuditRecords
) -> list[AuditRecord]:
    """The newest first, behind the record of number `before`. Raises NotAllowed."""
    access.require_administrator()
    return records.newest(question, before, limit)


def export_records(access: Access, question: AuditQuestion, *, records: AuditRecords) -> Iterator[AuditRecord]:
    """All of them, the newest first, read as they are taken; that they left is itself recorded. Raises NotAllowed."""
    access.require_administrator()
    first = records.newest(question, None, PART)
    records.record(access, "audit exported", _described(question))
    return _all(first, question, records)


def _all(part: list[AuditRecord], question: AuditQuestion, records: AuditRecords) -> Iterator[AuditRecord]:
    while part:
        yield from part
        part = records.newest(question, part[-1].number, PART) if len(part) == PART else []


def _described(question: AuditQuestion) -> str | None:
    parts = [
        question.who,
        question.action,
        question.subject,
        *(t and f"{t:%Y-%m-%d}" for t in (question.start, question.end)),
    ]
    return ", ".join(part for part in parts if part) or None
