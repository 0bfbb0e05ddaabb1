"""Where records of what was done are kept."""

from datetime import datetime
from typing import Protocol

from ondol.audit.model import AuditQuestion, AuditRecord, ChainState, TaskFailure
from ondol.common.access import Access
from ondol.common.audit import Audit


class TaskFailures(Protocol):
    """Failures of standing work, told by any process and shown by others."""

    def note(self, task: str, reason: str) -> None:
        """It failed."""
        ...

    def note_well(self, task: str) -> None:
        """It succeeded after it had failed."""
        ...

    def all(self) -> list[TaskFailure]:
        """By task."""
        ...


class AuditRecords(Audit, Protocol):
    """Records in a chain. Guarantee: whoever records at the same time, from any process, the chain has one line and no gaps."""

    def state(self) -> ChainState: ...

    def highest(self) -> int:
        """The highest number that a record has, 0 when there is none."""
        ...

    def newest(self, question: AuditQuestion, before: int | None, limit: int) -> list[AuditRecord]:
        """Records with smaller numbers than `before`, the newest first."""
        ...

    def following(self, number: int | None, limit: int) -> list[AuditRecord]:
        """Records with greater numbers, or all, by number."""
        ...

    def drop_before(self, time: datetime, access: Access) -> int:
        """Drop the records in front of the first that is as young as that, and record it; returns how many."""
        ...
