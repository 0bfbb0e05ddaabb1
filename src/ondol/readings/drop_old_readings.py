"""Raw readings older than the retention go; their intervals stay."""

from ondol.common.clock import Clock
from ondol.common.instants import DAY_US, epoch_us
from ondol.readings.ports import TimeSeries
from ondol.sites.model import RAW_RESOLUTION_US


def drop_old_readings(timeseries: TimeSeries, clock: Clock, raw_retention_days: int) -> None:
    """Drop whole quarters of an hour only: history is made of those."""
    cutoff_us = epoch_us(clock()) - raw_retention_days * DAY_US
    timeseries.drop_before(cutoff_us // RAW_RESOLUTION_US * RAW_RESOLUTION_US)
