"""Readings as they are sent and imported."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel

from ondol.readings import LARGEST_VALUE
from ondol.web.api.shapes.base import Instant, Shape

Value = Annotated[float, Field(gt=-LARGEST_VALUE, lt=LARGEST_VALUE, examples=[23.5])]


class RefusedLine(Shape):
    """A line that was not stored."""

    line: int
    reason: str


class ReceiptAnswer(Shape):
    """What became of the readings; `errors` names the first 100 bad lines."""

    accepted: int
    rejected: int
    errors: list[RefusedLine]


class WriteRefusal(ReceiptAnswer):
    """The same with what clients of InfluxDB log: `message` (2.x) and `error` (1.x)."""

    code: str = Field(examples=["invalid"])
    message: str
    error: str


class ReadingBody(BaseModel):
    """One reading."""

    point: str = Field(min_length=1, examples=["b36.electricity"])
    time: Instant = Field(examples=["2026-01-15T10:30:00Z"])
    value: Value
    unit: str | None = None


class ReadingColumn(BaseModel):
    """Readings of one point; `times` and `values` have equal length."""

    point: str = Field(min_length=1, examples=["b36.electricity"])
    times: list[Instant] = Field(examples=[["2026-01-15T10:30:00Z"]])
    values: list[Value] = Field(examples=[[23.5]])


class ReadingRows(BaseModel):
    """Readings one by one."""

    readings: list[ReadingBody] = Field(min_length=1)


class ReadingColumns(BaseModel):
    """Readings by point, which is faster."""

    columns: list[ReadingColumn] = Field(min_length=1)


class ReadingsBody(RootModel[ReadingRows | ReadingColumns]):
    """Readings as rows or as columns."""


class WriteQuery(BaseModel):
    """InfluxDB's parameters; others are passed over."""

    bucket: str | None = None
    db: str | None = None
    precision: Literal["ns", "n", "us", "u", "ms", "s", "m", "h"] = "ns"
