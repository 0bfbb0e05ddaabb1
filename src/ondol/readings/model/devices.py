"""Names that send readings and are no points yet."""

import hashlib
from dataclasses import dataclass

import polars as pl

from ondol.readings.model.submissions import Sent

WAITING = pl.Schema({"source": pl.String, "time_us": pl.Int64, "value": pl.Float64, "unit": pl.String})
"""Columns of readings that wait, in the unit they were sent in (null without one)."""

MOST_WAITING = 1_000_000
"""Readings of one name that wait; of one that nobody names for long the next ones are refused."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A name that sent readings and waits for somebody to say what it is. `last_us`: stamp of the newest reading."""

    key: str
    building_key: str
    source: str
    sent: Sent
    readings: int
    last_us: int
    last_value: float
    unit: str | None = None


def device_key(source: str) -> str:
    """The key under which a name waits."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]
