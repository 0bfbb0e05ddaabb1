"""Series that others keep in a store of theirs, and what is adopted of them."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

FOREIGN = pl.Schema({"time_us": pl.Int64, "value": pl.Float64, "unit": pl.String})
"""Columns of a series' readings as they stand there: UTC microseconds, finite values, the unit beside a value or null."""

SLOT_US = 900_000_000
"""Readings that came late are noticed by their number in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class ForeignSeries:
    """One field of one measurement with one set of tags."""

    measurement: str
    tags: Mapping[str, str]
    field: str

    @property
    def text(self) -> str:
        """As line protocol writes it, tags sorted: `sensor_readings,building_id=b1,room=101 value`. It names the series."""
        tags = "".join(f",{_escaped(name)}={_escaped(value)}" for name, value in sorted(self.tags.items()))
        return f"{_escaped(self.measurement, ', ')}{tags} {_escaped(self.field)}"


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """A series with its number of readings, the times of its first and last and the value of that.

    `texts` are the newest text fields beside it that tell what it is (TELLING_TEXTS). `may_be_own`: it is in the form in which
    Ondol stores readings, in a database that an Ondol stores in.
    """

    series: ForeignSeries
    readings: int
    first_us: int
    last_us: int
    last_value: float
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    may_be_own: bool = False


@dataclass(frozen=True, slots=True)
class AdoptedSeries:
    """A series that a point takes its readings from, and how far that has come.

    The past, until `past_end_us`, is taken before `past_us`: `read` values there, of which so many were accepted and refused, by
    reason. What is newer is followed; all before `follow_us` was taken when it was looked at last. `slots` are the readings that
    were seen in recent quarters of an hour, by their start. Values are multiplied before they are recorded.
    """

    id: int
    origin: str
    series: ForeignSeries
    point_key: str
    building_key: str
    multiplier: float
    past_end_us: int
    past_us: int
    follow_us: int
    read: int = 0
    accepted: int = 0
    refused: int = 0
    reasons: Mapping[str, int] = dataclasses.field(default_factory=dict[str, int])
    slots: Mapping[int, int] = dataclasses.field(default_factory=dict[int, int])

    @property
    def has_past(self) -> bool:
        """Whether all of its past is taken."""
        return self.past_us >= self.past_end_us


@dataclass(frozen=True, slots=True)
class NewAdoption:
    """A series that is to be adopted: its past lies in `first_us <= time < past_end_us`."""

    series: ForeignSeries
    point_key: str
    multiplier: float
    first_us: int
    past_end_us: int


@dataclass(frozen=True, slots=True)
class TakenSlice:
    """What became of the readings of one slice of a series' past; `slots` are those of recent quarters of an hour."""

    read: int
    accepted: int
    refused: int
    reasons: Mapping[str, int]
    slots: Mapping[int, int]


def _escaped(text: str, signs: str = ",= ") -> str:
    return re.sub(f"([{signs}])", r"\\\1", text)
