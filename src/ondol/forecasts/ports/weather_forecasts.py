"""Weather forecasts for buildings, each with the instant it was issued, so that a back-test sees only what was known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import polars as pl

FORECAST_HOURS = pl.Schema(
    {"issued_s": pl.Int64, "valid_s": pl.Int64, "temperature_c": pl.Float64, "humidity_pct": pl.Float64}
)
"""Epoch seconds; `valid_s` is the start of the hour that is forecast. A null is not known."""

WEATHER_FORECASTS = pl.Schema({"building_id": pl.Int32, **FORECAST_HOURS})


class WeatherForecasts(Protocol):
    """Kept for good. The same building, issue and hour replaces."""

    def write(self, forecasts: pl.DataFrame) -> None:
        """Store rows of WEATHER_FORECASTS, all or none."""
        ...

    def read(self, building_ids: Sequence[int], first: datetime, end: datetime) -> pl.DataFrame:
        """Rows of WEATHER_FORECASTS issued in first <= t < end, sorted by building, issue and hour."""
        ...
