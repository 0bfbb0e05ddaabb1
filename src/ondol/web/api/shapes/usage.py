"""Usage of a building."""

from typing import Literal

from pydantic import AwareDatetime, Field

from ondol.history import Resolution
from ondol.web.api.shapes.base import Instant, Shape, Text

UsageResolution = Literal[Resolution.QUARTER_HOUR, Resolution.HOUR, Resolution.DAY, Resolution.MONTH]


class UsageQuery(Shape):
    """Which usage, by what interval."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2027-01-01T00:00:00+09:00"])
    interval: UsageResolution = Field(Resolution.DAY, description="days and months are the building's")


class UsageIntervalAnswer(Shape):
    """Usage of one interval; null when nothing is known."""

    start: AwareDatetime
    end: AwareDatetime
    value: float | None
    measured_share: float
    quality: str


class UsageAnswer(Shape):
    """Usage of a building."""

    building: str
    quantity: str
    unit: str
    interval: Resolution
    total: float
    points: list[str] = Field(description="keys of the main meters that the total is the sum of")
    kwh_per_m3: list[float] = Field(
        description="calorific values that made kWh of volumes of gas; empty where none did"
    )
    intervals: list[UsageIntervalAnswer]
