"""Records of what was done are kept for a time, and then go; the chain stays whole behind them."""

from datetime import timedelta

import structlog

from ondol.audit.ports import AuditRecords
from ondol.common.access import SYSTEM
from ondol.common.clock import Clock

_log = structlog.get_logger()


def drop_old_records(records: AuditRecords, clock: Clock, days: int) -> None:
    """Drop what is older, and tell the log the head, which then stands where who writes the database does not write."""
    records.drop_before(clock() - timedelta(days=days), SYSTEM)
    _log.info("audit head", head=str(records.state().last))
