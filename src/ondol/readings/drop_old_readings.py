"""Raw readings older than the retention go; their intervals stay."""

from ondol.common.clock import Clock
from ondol.readings.ports import TimeSeries

_WINDOW_US = 900 * 1_000_000
_DAY_US = 86_400 * 1_000_000


def drop_old_readings(timeseries: TimeSeries, clock: Clock, raw_retention_days: int) -> None:
    """Drop whole quarters of an hour only: history is made of those."""
    cutoff_us = int(clock().timestamp() * 1_000_000) - raw_retention_days * _DAY_US
    timeseries.drop_before(cutoff_us // _WINDOW_US * _WINDOW_US)
