"""What improvements are worth."""

from pydantic import Field

from ondol.web.api.shapes.base import Instant, Shape, Text


class AvoidedEnergyQuery(Shape):
    """The two periods of IPMVP option C, half-open."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])
    baseline_start: Instant = Field(examples=["2024-01-01T00:00:00+09:00"])
    baseline_end: Instant = Field(examples=["2025-01-01T00:00:00+09:00"])
    reporting_start: Instant = Field(examples=["2025-03-01T00:00:00+09:00"])
    reporting_end: Instant = Field(examples=["2026-03-01T00:00:00+09:00"])


class AvoidedEnergyAnswer(Shape):
    """Avoided energy: the baseline adjusted to the reporting period's weather and calendar, less what was measured.

    `limits` are ASHRAE Guideline 14's for hourly models.
    """

    building: str
    quantity: str
    unit: str
    baseline: float
    measured: float
    avoided: float
    avoided_share: float | None
    uncertainty: float
    hours: int
    cvrmse_pct: float
    nmbe_pct: float
    limits: dict[str, float]
    meets_ashrae_14: bool
    with_weather: bool
