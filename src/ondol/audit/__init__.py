"""The audit: who did what to what, when and from where, in a chain that shows what was done to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ondol.audit import tasks
from ondol.audit.list_records import export_records, list_records
from ondol.audit.model import AuditKey, AuditQuestion, AuditRecord, ChainReport, Deed, Fault, Head, TaskFailure
from ondol.audit.ports import AuditRecords, TaskFailures
from ondol.audit.verify_chain import verify_chain
from ondol.audit.watch_tasks import task_failures, watched
from ondol.common.access import Access
from ondol.common.clock import Clock
from ondol.common.tasks import Task

__all__ = [
    "AuditKey",
    "AuditQuestion",
    "AuditRecord",
    "AuditTrail",
    "ChainReport",
    "Deed",
    "Fault",
    "Head",
    "TaskFailure",
]


@dataclass(frozen=True)
class AuditTrail:
    """What was done, for administrators alone. Records are written through `common/audit.py`."""

    kept: AuditRecords
    key: AuditKey | None
    clock: Clock
    days: int
    failures: TaskFailures

    def records(
        self, access: Access, question: AuditQuestion, before: int | None = None, limit: int = 100
    ) -> list[AuditRecord]:
        """See list_records.py."""
        return list_records(access, question, before, limit, records=self.kept)

    def export(self, access: Access, question: AuditQuestion) -> Iterator[AuditRecord]:
        """See list_records.py."""
        return export_records(access, question, records=self.kept)

    def head(self, access: Access) -> Head:
        """The last record, as it is kept beside the records. Raises NotAllowed."""
        access.require_administrator()
        return self.kept.state().last

    def verify(self, access: Access, noted: Head | None = None) -> ChainReport:
        """See verify_chain.py."""
        return verify_chain(access, noted, records=self.kept, key=self.key)

    def task_failures(self, access: Access) -> list[TaskFailure]:
        """See watch_tasks.py."""
        return task_failures(access, self.failures)

    def watched(self, task: Task) -> Task:
        """See watch_tasks.py."""
        return watched(task, self.failures)

    def tasks(self) -> list[Task]:
        """Standing work."""
        return tasks.tasks(self.kept, self.clock, self.days)
