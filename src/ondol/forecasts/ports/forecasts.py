"""Forecasts that were issued, how they came out, and the models that made them: all kept for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ondol.forecasts.model.forecasts import Forecast, ForecastScore, ModelRecord, ScoredForecast


class ForecastRecords(Protocol):
    """Guarantees: a write is stored whole or not at all; the same building, quantity, horizon and issue replaces."""

    def add(self, forecasts: Sequence[Forecast]) -> None:
        """Keep forecasts."""
        ...

    def newest(self, building_id: int, quantity: str, horizon_h: int) -> Forecast | None:
        """The forecast that was issued last."""
        ...

    def issued(
        self, building_ids: Sequence[int], quantity: str, horizon_h: int, first: datetime, end: datetime
    ) -> list[Forecast]:
        """Forecasts that begin in first <= start < end, oldest issue first."""
        ...

    def last_issue(self) -> datetime | None:
        """When any forecast was issued last."""
        ...

    def unscored(self, ended_before: datetime, most: int) -> list[Forecast]:
        """Forecasts without a score whose last hour ended before then, the oldest first."""
        ...

    def score(self, scores: Sequence[tuple[Forecast, ForecastScore]]) -> None:
        """Keep how forecasts came out."""
        ...

    def scored(self, building_ids: Sequence[int], quantity: str, since: datetime) -> list[ScoredForecast]:
        """Scores of forecasts that began since then, oldest first."""
        ...

    def add_model(self, model: ModelRecord) -> None:
        """Note a model that was fitted; the same quantity, horizon and version replaces."""
        ...

    def models(self, quantity: str | None = None, horizon_h: int | None = None) -> list[ModelRecord]:
        """Models that were fitted, the newest first."""
        ...
