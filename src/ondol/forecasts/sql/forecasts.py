"""`ForecastRecords` on the relational database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import delete, select, update

from ondol.database.engine import Database
from ondol.database.upsert import upsert
from ondol.forecasts.model.forecasts import Forecast, ForecastFlag, ForecastScore, ModelRecord, ScoredForecast
from ondol.forecasts.model.scores import SCORE_NAMES, Scores
from ondol.forecasts.tables import ForecastModelRow, ForecastRow

_ISSUE = ("building_id", "quantity", "horizon_h", "issued_at")
_COLUMNS = (*_ISSUE, "unit", "start_at", "end_at", "model", "version", "flags", "expected", "band", "last_week")
_ERRORS = ("hours", "error", "naive_error")
_SCORES = (*_ERRORS, *SCORE_NAMES)
_MODEL = (
    "quantity", "horizon_h", "version", "sha256", "object_key", "trained_at", "data_from", "data_until", "loads", "seed",
    "features", "scores",
)  # fmt: skip


class SqlForecasts:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, forecasts: Sequence[Forecast]) -> None:
        # A forecast that replaces another has no score yet.
        rows = [(*_row(forecast), None, *(None for _ in _SCORES)) for forecast in forecasts]
        with self._database.write() as connection:
            upsert(connection, ForecastRow, [*_COLUMNS, "scored_at", *_SCORES], rows, _ISSUE)

    def drop_open(self, building_ids: Sequence[int], quantity: str) -> None:
        """Let go of forecasts that are not scored yet: the buildings have other meters now."""
        row = ForecastRow
        of_them = row.building_id.in_(building_ids), row.quantity == quantity, row.scored_at.is_(None)
        with self._database.write() as connection:
            connection.execute(delete(row).where(*of_them))

    def newest(self, building_id: int, quantity: str, horizon_h: int) -> Forecast | None:
        query = (
            _FORECASTS.where(
                ForecastRow.building_id == building_id,
                ForecastRow.quantity == quantity,
                ForecastRow.horizon_h == horizon_h,
            )
            .order_by(ForecastRow.issued_at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _forecast(row)

    def issued(
        self, building_ids: Sequence[int], quantity: str, horizon_h: int, first: datetime, end: datetime
    ) -> list[Forecast]:
        query = _FORECASTS.where(
            ForecastRow.building_id.in_(building_ids),
            ForecastRow.quantity == quantity,
            ForecastRow.horizon_h == horizon_h,
            ForecastRow.start_at >= first,
            ForecastRow.start_at < end,
        ).order_by(ForecastRow.issued_at)
        with self._database.read() as connection:
            return [_forecast(row) for row in connection.execute(query)]

    def last_issue(self) -> datetime | None:
        newest = select(ForecastRow.issued_at).order_by(ForecastRow.id.desc()).limit(1)
        with self._database.read() as connection:
            return connection.scalar(newest)

    def unscored(self, ended_before: datetime, most: int) -> list[Forecast]:
        query = (
            _FORECASTS.where(ForecastRow.scored_at.is_(None), ForecastRow.end_at <= ended_before)
            .order_by(ForecastRow.end_at)
            .limit(most)
        )
        with self._database.read() as connection:
            return [_forecast(row) for row in connection.execute(query)]

    def score(self, scores: Sequence[tuple[Forecast, ForecastScore]]) -> None:
        with self._database.write() as connection:
            for forecast, score in scores:
                issue = [getattr(ForecastRow, name) == getattr(forecast, name) for name in _ISSUE]
                values = {name: getattr(score, name) for name in _ERRORS} | asdict(score.scores)
                connection.execute(update(ForecastRow).where(*issue).values(scored_at=datetime.now(UTC), **values))

    def scored(self, building_ids: Sequence[int], quantity: str, since: datetime) -> list[ScoredForecast]:
        names = (*_ISSUE, "start_at", "model", "version", *_SCORES)
        query = (
            select(*(getattr(ForecastRow, name) for name in names))
            .where(
                ForecastRow.building_id.in_(building_ids),
                ForecastRow.quantity == quantity,
                ForecastRow.start_at >= since,
                ForecastRow.scored_at.is_not(None),
            )
            .order_by(ForecastRow.issued_at)
        )
        with self._database.read() as connection:
            return [_scored(row) for row in connection.execute(query)]

    def add_model(self, model: ModelRecord) -> None:
        values = {name: getattr(model, name) for name in _MODEL}
        values |= {name: orjson.dumps(values[name]).decode() for name in ("features", "scores")}
        key = ("quantity", "horizon_h", "version")
        with self._database.write() as connection:
            upsert(connection, ForecastModelRow, _MODEL, [tuple(values[name] for name in _MODEL)], key)

    def models(self, quantity: str | None = None, horizon_h: int | None = None) -> list[ModelRecord]:
        query = select(*(getattr(ForecastModelRow, name) for name in _MODEL)).order_by(
            ForecastModelRow.trained_at.desc(), ForecastModelRow.id.desc()
        )
        if quantity is not None:
            query = query.where(ForecastModelRow.quantity == quantity)
        if horizon_h is not None:
            query = query.where(ForecastModelRow.horizon_h == horizon_h)
        with self._database.read() as connection:
            return [_model(row) for row in connection.execute(query)]


_FORECASTS = select(*(getattr(ForecastRow, name) for name in _COLUMNS))


def _row(forecast: Forecast) -> tuple[Any, ...]:
    curves = (forecast.expected, forecast.band, forecast.last_week)
    return (
        *(getattr(forecast, name) for name in _ISSUE),
        forecast.unit, forecast.start, forecast.end, forecast.model, forecast.version, int(forecast.flags),
        *(orjson.dumps(curve).decode() for curve in curves),
    )  # fmt: skip


def _forecast(row: Any) -> Forecast:
    building_id, quantity, horizon_h, issued_at, unit, start_at, _, model, version, flags, *curves = row
    expected, band, last_week = (orjson.loads(curve) for curve in curves)
    return Forecast(
        building_id, quantity, unit, horizon_h, issued_at, start_at, model, version, ForecastFlag(flags), tuple(expected),
        tuple(tuple(hour) for hour in band), tuple(last_week),
    )  # fmt: skip


def _scored(row: Any) -> ScoredForecast:
    about, errors, scores = row[:7], row[7:10], row[10:]
    return ScoredForecast(*about, score=ForecastScore(*errors, scores=Scores(*scores)))


def _model(row: Any) -> ModelRecord:
    *plain, features, kept = row
    scores = orjson.loads(kept)
    # A score that another release knew, or did not know yet, is no reason to lose the model.
    known = Scores(**{name: scores.get(name) for name in SCORE_NAMES})
    return ModelRecord(*plain, features=tuple(orjson.loads(features)), scores=known)
