"""Usage of a building."""

from pydantic import AwareDatetime, Field

from ondol.history import Resolution
from ondol.web.api.shapes.base import Instant, Shape


class UsageQuery(Shape):
    """Which usage, by what interval."""

    quantity: str = Field("electricity", examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2027-01-01T00:00:00+09:00"])
    interval: Resolution = Field(Resolution.DAY, description="15m, 1h, 1d or 1mo; days and months are the building's")


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
    intervals: list[UsageIntervalAnswer]
