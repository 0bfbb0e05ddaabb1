"""Raw readings older than the retention go; their intervals stay."""

from ondol.common.access import SYSTEM
from ondol.common.audit import Audit
from ondol.common.clock import Clock
from ondol.common.instants import DAY_US, epoch_us, format_instant
from ondol.common.retention import Retention
from ondol.readings.ports import TimeSeries


def drop_old_readings(timeseries: TimeSeries, clock: Clock, retention: Retention, audit: Audit) -> None:
    """Drop whole days (UTC) only, so that what went is recorded once a day; history is made of quarters of an hour."""
    first_kept_us = retention.from_us(epoch_us(clock())) // DAY_US * DAY_US
    dropped = timeseries.drop_before(first_kept_us)
    if dropped:
        day = format_instant(first_kept_us)[:10]
        audit.record(SYSTEM, "readings dropped", f"{dropped:,} raw readings before {day}")
