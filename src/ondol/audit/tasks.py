"""Standing work of the audit."""

from ondol.audit.drop_old_records import drop_old_records
from ondol.audit.ports import AuditRecords
from ondol.common.clock import Clock
from ondol.common.instants import DAY_S
from ondol.common.tasks import Task


def tasks(records: AuditRecords, clock: Clock, days: int) -> list[Task]:
    """Once for all processes of an installation."""
    return [Task("drop old audit records", DAY_S, lambda: drop_old_records(records, clock, days))]
