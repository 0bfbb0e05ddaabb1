"""Points and their series."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from ondol.history import Aggregate, Resolution
from ondol.sites import PointKind, PointRole
from ondol.web.api.shapes.base import WHOLE, Instant, Key, Page, PointKey, Shape, Text

_LONGEST_PERIOD_S = 400 * 86_400
"""A bill may cover a year and some days."""


FormulaText = Annotated[Text, Field(max_length=500)]


class NewPointBody(Shape):
    """A point to create."""

    key: PointKey
    building: Key
    name: Text = Field(min_length=1, max_length=200, examples=["주 전력량계"])
    quantity: Text = Field(min_length=1, max_length=50, examples=["electricity"])
    unit: Text = Field("", max_length=20, examples=["kWh"])
    kind: PointKind | None = Field(None, description="measurement where none is said, of a formula what it gives")
    interval_s: Annotated[int, Field(ge=1, le=_LONGEST_PERIOD_S), WHOLE] | None = Field(
        None, description="length of the interval that a total covers", examples=[900]
    )
    space: Text | None = Field(None, max_length=64)
    floor: Text | None = Field(None, max_length=20)
    end_use: Text | None = Field(None, max_length=40)
    brick_class: Text | None = Field(None, max_length=80, examples=["Electrical_Meter"])
    submeter_of: PointKey | None = None
    role: PointRole | None = Field(
        None,
        description="what its count is of the building's use: mains add up to it; main where none is said, check with a formula",
    )
    min_value: float | None = None
    max_value: float | None = None
    rollover_at: float | None = Field(None, gt=0, description="count at which a register starts again at 0")
    max_per_hour: float | None = Field(None, gt=0, description="largest plausible amount an hour")
    formula: FormulaText | None = Field(
        None,
        description="makes it a virtual point, reckoned from others of its building",
        examples=["[hall.main] - [hall.pv]"],
    )


class PointChangeBody(Shape):
    """Fields of a point to change, at least one; the others stay."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: Text = Field(default_factory=str, min_length=1, max_length=200)
    quantity: Text = Field(default_factory=str, min_length=1, max_length=50)
    unit: Text = Field(default_factory=str, min_length=1, max_length=20)
    kind: PointKind = Field(default_factory=lambda: PointKind.MEASUREMENT)
    interval_s: Annotated[int, Field(ge=1, le=86_400), WHOLE] | None = None
    building: Key = Field(
        default_factory=str, description="it belongs to this building from now on, with all of its history"
    )
    space: Text | None = Field(None, max_length=64)
    forget_older: bool = Field(default=False, description="let go of history whose raw readings are gone")
    floor: Text | None = Field(None, max_length=20)
    end_use: Text | None = Field(None, max_length=40)
    brick_class: Text | None = Field(None, max_length=80)
    submeter_of: PointKey | None = None
    role: PointRole = PointRole.MAIN
    min_value: float | None = None
    max_value: float | None = None
    rollover_at: float | None = Field(None, gt=0)
    max_per_hour: float | None = Field(None, gt=0)
    formula: FormulaText = Field(default_factory=str, min_length=1)


class PointAnswer(Shape):
    """A point."""

    key: str
    building: str
    name: str
    quantity: str
    unit: str
    kind: PointKind
    interval_s: int | None
    space: str | None
    floor: str | None
    end_use: str | None
    brick_class: str | None
    submeter_of: str | None
    role: PointRole
    min_value: float | None
    max_value: float | None
    rollover_at: float | None
    max_per_hour: float | None
    formula: str | None
    aliases: list[str] = Field(description="names beside the key under which devices send it")


class PointList(Shape):
    """Points by key."""

    items: list[PointAnswer]
    next: str | None


class PointQuery(Page):
    """Which points."""

    building: Key | None = Field(None, description="only those of this building")
    quantity: Text | None = Field(None, max_length=50, description="only those of this quantity")


class SeriesQuery(Shape):
    """Which part of a series, and how fine."""

    start: Instant = Field(description="first instant", examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(description="end, not included", examples=["2026-02-01T00:00:00+09:00"])
    interval: Resolution = Field(
        Resolution.QUARTER_HOUR, description="resolution; coarser where there would be too many values"
    )
    aggregate: Aggregate | None = Field(None, description="default: sum of amounts, mean of measurements")
    max_points: int = Field(2000, ge=1, le=100_000)


class StatisticsQuery(Shape):
    """Which part of history."""

    start: Instant = Field(description="first instant", examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(description="end, not included", examples=["2027-01-01T00:00:00+09:00"])


class ExtremeAnswer(Shape):
    """A value and the start of the interval that has it."""

    value: float
    time: AwareDatetime


class StatisticsAnswer(Shape):
    """Figures of `count` intervals of history, most of them `interval_s` long, whatever a chart draws.

    `sum` is of amounts alone. `flagged` intervals carry any flag; `flagged_share` is their part of `count`.
    """

    point: str
    unit: str
    count: int
    interval_s: int | None
    sum: float | None
    mean: float | None
    deviation: float | None
    minimum: ExtremeAnswer | None
    maximum: ExtremeAnswer | None
    flagged: int
    flagged_share: float | None


class SeriesAnswer(Shape):
    """Values of a point; lists of equal length. `interval` is the resolution that was used."""

    point: str
    unit: str
    interval: Resolution
    times: list[AwareDatetime] = Field(examples=[["2026-01-15T10:30:00Z"]])
    values: list[float | None] = Field(examples=[[23.5]])
    quality: list[str] = Field(examples=[["good"]])
