"""Raw readings older than the retention go; their intervals stay."""

from datetime import timedelta

from ondol.common.access import SYSTEM
from ondol.common.audit import Audit
from ondol.common.clock import Clock
from ondol.common.instants import DAY_US, epoch_us
from ondol.readings.ports import TimeSeries


def drop_old_readings(timeseries: TimeSeries, clock: Clock, raw_retention_days: int, audit: Audit) -> None:
    """Drop whole days (UTC) only, so that what went is recorded once a day; history is made of quarters of an hour."""
    oldest = clock() - timedelta(days=raw_retention_days)
    dropped = timeseries.drop_before(epoch_us(oldest) // DAY_US * DAY_US)
    if dropped:
        audit.record(SYSTEM, "readings dropped", f"{dropped:,} raw readings before {oldest:%Y-%m-%d}")
