"""Readings as they are sent and imported."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from ondol.web.api.shapes.base import Key, Shape


class RefusedLine(Shape):
    """A line that was not stored."""

    line: int
    reason: str


class ReceiptAnswer(Shape):
    """What became of the readings; `errors` names the first 100 bad lines."""

    accepted: int
    rejected: int
    errors: list[RefusedLine]


class Reading(BaseModel):
    """One reading."""

    point: str
    time: str = Field(examples=["2026-01-15T10:30:00Z"])
    value: float = Field(examples=[23.5])
    unit: str | None = None


class ReadingColumn(BaseModel):
    """Readings of one point."""

    point: str
    times: list[str]
    values: list[float]


class Readings(BaseModel):
    """Readings as rows or as columns (the columns are faster)."""

    readings: list[Reading] | None = None
    columns: list[ReadingColumn] | None = None


class WriteQuery(BaseModel):
    """InfluxDB's parameters; others are passed over."""

    bucket: str | None = None
    db: str | None = None
    precision: Literal["ns", "n", "us", "u", "ms", "s", "m", "h"] = "ns"


class ImportQuery(Shape):
    """How to read the file; what is left out is inferred. See `ondol import --help`."""

    building: Key
    name: str = Field(max_length=255, examples=["electricity-2019.csv"])
    point: str | None = None
    quantity: str | None = None
    unit: str | None = None
    kind: Literal["interval", "register", "measurement"] | None = None
    time: str | None = None
    value: str | None = None
    timezone: str | None = None
    date_format: str | None = None
    stamp: Literal["start", "end"] | None = None
    zero_is_missing: bool = False
    decimal_comma: bool | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    mapping: str | None = Field(None, description="text of a mapping file")
    dry_run: bool = False


class ImportAnswer(Shape):
    """What became of a file."""

    file: str
    building: str
    building_created: bool
    rows_read: int
    missing: int
    stored: int
    series: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    notes: list[str]
