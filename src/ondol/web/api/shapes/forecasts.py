"""Forecasts and what is made of them."""

from dataclasses import asdict
from datetime import timedelta
from typing import Literal

import polars as pl
from pydantic import AwareDatetime, Field

from ondol.forecasts import (
    FORECAST_HOURS,
    HUMIDITY_RANGE_PCT,
    TEMPERATURE_RANGE_C,
    AnomalyReport,
    DayScores,
    DemandForecast,
    Forecast,
    ForecastAccuracy,
    Scores,
)
from ondol.web.api.shapes.base import Instant, Shape, Text


class ForecastQuery(Shape):
    """Which forecast."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])
    horizon: Literal["24h", "168h"] = "24h"

    @property
    def hours(self) -> int:
        """The horizon as a number of hours."""
        return int(self.horizon[:-1])


class ForecastHour(Shape):
    """One hour: expected energy, its quantiles, and last week's curve, the naive forecast."""

    start: AwareDatetime
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
    issued_at: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime
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
    since: AwareDatetime
    forecasts: int
    better_share: float | None
    has_fallen_behind: bool
    back_test_better_share: float | None
    scores: Scores
    days: list[DayScores]


class MonthEndQuery(Shape):
    """Of what."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])


class MonthEndAnswer(Shape):
    """Usage of the running month: measured up to `measured_until`, and expected by its end; `low` and `high` are cautious bounds."""

    building: str
    quantity: str
    unit: str
    start: AwareDatetime
    end: AwareDatetime
    measured: float
    measured_until: AwareDatetime
    expected: float
    low: float
    high: float


class DemandForecastAnswer(Shape):
    """Mean power of the next quarter-hour, with quantiles, beside the limit that is warned of: a share of the contract power."""

    building: str
    start: AwareDatetime
    expected_kw: float
    q05_kw: float
    q25_kw: float
    q50_kw: float
    q75_kw: float
    q95_kw: float
    limit_kw: float | None
    contract_power_kw: float | None
    is_near_limit: bool


class NotificationAnswer(Shape):
    """What a building's people should know: a sentence in the caller's language, its key and the values in it."""

    building: str
    type: str | None = None
    key: str | None = None
    values: dict[str, str | float] = Field(default_factory=dict[str, str | float])
    message: str | None = None
    timestamp: AwareDatetime | None = None


class AnomalyQuery(Shape):
    """Which hours."""

    quantity: Text = Field("electricity", max_length=50, examples=["electricity"])
    start: Instant = Field(examples=["2026-01-01T00:00:00+09:00"])
    end: Instant = Field(examples=["2026-01-08T00:00:00+09:00"])


class AnomalyAnswer(Shape):
    """Hours in a row outside the forecast's band; `excess` energy beyond its edge, negative below it."""

    start: AwareDatetime
    end: AwareDatetime
    hours: float
    excess: float
    highest_score: float


class RatedHour(Shape):
    """An hour beside its forecast; a score beyond 1 or -1 lies outside the band."""

    start: AwareDatetime
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


class ForecastWeatherHour(Shape):
    """Weather that is forecast for the hour from `time` on."""

    time: Instant
    temperature_c: float | None = Field(None, ge=TEMPERATURE_RANGE_C[0], le=TEMPERATURE_RANGE_C[1])
    humidity_pct: float | None = Field(None, ge=HUMIDITY_RANGE_PCT[0], le=HUMIDITY_RANGE_PCT[1])


class WeatherForecastBody(Shape):
    """A weather forecast as it was issued."""

    issued_at: Instant = Field(examples=["2026-01-15T05:00:00+09:00"])
    hours: list[ForecastWeatherHour] = Field(min_length=1, max_length=1000)

    def frame(self) -> pl.DataFrame:
        """The hours as FORECAST_HOURS."""
        issued_s = int(self.issued_at.timestamp())
        rows = [
            (issued_s, int(hour.time.timestamp()) // 3600 * 3600, hour.temperature_c, hour.humidity_pct)
            for hour in self.hours
        ]
        return pl.DataFrame(rows, schema=FORECAST_HOURS, orient="row")


class StoredAnswer(Shape):
    """How many were stored."""

    stored: int


def forecast_answer(building_key: str, forecast: Forecast, horizon: str) -> ForecastAnswer:
    """A forecast in the API's shape."""
    rows = zip(forecast.expected, forecast.band, forecast.last_week, strict=True)
    hours = [
        ForecastHour(
            start=forecast.start + timedelta(hours=n), expected=expected, last_week=last_week,
            q05=band[0], q25=band[1], q50=band[2], q75=band[3], q95=band[4],
        )
        for n, (expected, band, last_week) in enumerate(rows)
    ]  # fmt: skip
    return ForecastAnswer(
        building=building_key, quantity=forecast.quantity, unit=forecast.unit, horizon=horizon,
        issued_at=forecast.issued_at.replace(microsecond=0), start=forecast.start, end=forecast.end,
        model=forecast.model, version=forecast.version, flags=forecast.flags.names, total=sum(forecast.expected),
        hours=hours,
    )  # fmt: skip


def accuracy_answer(report: ForecastAccuracy, horizon: str) -> ForecastAccuracyAnswer:
    """How good forecasts were, in the API's shape."""
    return ForecastAccuracyAnswer(
        building=report.building.key, quantity=report.quantity, horizon=horizon, since=report.since.replace(microsecond=0),
        forecasts=report.forecasts, better_share=report.better_share, has_fallen_behind=report.has_fallen_behind,
        back_test_better_share=report.back_test_better_share, scores=report.scores,
        days=report.days,
    )  # fmt: skip


def demand_answer(building_key: str, demand: DemandForecast) -> DemandForecastAnswer:
    """The next quarter-hour in the API's shape."""
    q05, q25, q50, q75, q95 = demand.band_kw
    return DemandForecastAnswer(
        building=building_key, start=demand.start, expected_kw=demand.expected_kw, q05_kw=q05, q25_kw=q25, q50_kw=q50,
        q75_kw=q75, q95_kw=q95, limit_kw=demand.limit_kw, contract_power_kw=demand.contract_power_kw,
        is_near_limit=demand.is_near_limit,
    )  # fmt: skip


def anomalies_answer(building_key: str, quantity: str, report: AnomalyReport) -> AnomaliesAnswer:
    """What the forecasts did not expect, in the API's shape."""
    found = [
        AnomalyAnswer(**asdict(anomaly), hours=(anomaly.end - anomaly.start) / timedelta(hours=1))
        for anomaly in report.anomalies
    ]
    hours = [RatedHour(**asdict(rating)) for rating in report.hours]
    return AnomaliesAnswer(building=building_key, quantity=quantity, unit=report.unit, anomalies=found, hours=hours)
