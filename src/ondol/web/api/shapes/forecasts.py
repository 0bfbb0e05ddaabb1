"""Forecasts and what is made of them."""

from typing import Literal

from pydantic import Field

from ondol.forecasts.model.scores import Scores
from ondol.forecasts.model.weather import HUMIDITY_RANGE_PCT, TEMPERATURE_RANGE_C
from ondol.forecasts.report_forecast_accuracy import DayScores
from ondol.web.api.shapes.base import Instant, Shape


class ForecastQuery(Shape):
    """Which forecast."""

    quantity: str = Field("electricity", examples=["electricity"])
    horizon: Literal["24h", "168h"] = "24h"


class ForecastHour(Shape):
    """One hour: expected energy, its quantiles, and last week's curve, the naive forecast."""

    start: str
    expected: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    last_week: float | None


class ForecastAnswer(Shape):
    """Energy by the hour, as expected at `issued_at`. `flags` say what a reader should know, none when all is well."""

    building: str
    quantity: str
    unit: str
    horizon: str
    issued_at: str
    start: str
    end: str
    model: str
    version: str
    flags: list[str]
    total: float
    hours: list[ForecastHour]


class ForecastAccuracyAnswer(Shape):
    """How good forecasts were. `better_share` 0.41: errors were 41 % smaller than with last week's curve.

    While no forecast has been scored, `back_test_better_share` says how the model did on the last weeks before it was fitted.
    """

    building: str
    quantity: str
    horizon: str
    since: str
    forecasts: int
    better_share: float | None
    has_fallen_behind: bool
    back_test_better_share: float | None
    scores: Scores
    days: list[DayScores]


class MonthEndQuery(Shape):
    """Of what."""

    quantity: str = Field("electricity", examples=["electricity"])


class MonthEndAnswer(Shape):
    """Usage of the running month: measured so far, and expected by its end; `low` and `high` are cautious bounds."""

    building: str
    quantity: str
    unit: str
    start: str
    end: str
    measured: float
    expected: float
    low: float
    high: float


class DemandForecastAnswer(Shape):
    """Mean power of the next quarter-hour, with quantiles, beside the limit that is warned of: a share of the contract power."""

    building: str
    start: str
    expected_kw: float
    q05_kw: float
    q25_kw: float
    q50_kw: float
    q75_kw: float
    q95_kw: float
    limit_kw: float | None
    contract_power_kw: float | None
    is_near_limit: bool


class AnomalyQuery(Shape):
    """Which hours."""

    quantity: str = Field("electricity", examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2026-01-08T00:00:00+09:00"])


class AnomalyAnswer(Shape):
    """Hours in a row outside the forecast's band; `excess` energy beyond its edge, negative below it."""

    start: str
    end: str
    hours: float
    excess: float
    highest_score: float


class RatedHour(Shape):
    """An hour beside its forecast; a score beyond 1 or -1 lies outside the band."""

    start: str
    actual: float
    expected: float
    low: float
    high: float
    score: float


class AnomaliesAnswer(Shape):
    """What the forecasts did not expect."""

    building: str
    quantity: str
    unit: str
    anomalies: list[AnomalyAnswer]
    hours: list[RatedHour]


class AvoidedEnergyQuery(Shape):
    """The two periods of IPMVP option C, half-open."""

    quantity: str = Field("electricity", examples=["electricity"])
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


class ForecastWeatherHour(Shape):
    """Weather that is forecast for the hour from `time` on."""

    time: Instant
    temperature_c: float | None = Field(None, ge=TEMPERATURE_RANGE_C[0], le=TEMPERATURE_RANGE_C[1])
    humidity_pct: float | None = Field(None, ge=HUMIDITY_RANGE_PCT[0], le=HUMIDITY_RANGE_PCT[1])


class WeatherForecastBody(Shape):
    """A weather forecast as it was issued."""

    issued_at: Instant = Field(examples=["2026-01-15T05:00:00+09:00"])
    hours: list[ForecastWeatherHour] = Field(min_length=1, max_length=1000)


class StoredAnswer(Shape):
    """How many were stored."""

    stored: int
