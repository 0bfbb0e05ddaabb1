"""Tables of forecasts, models and weather forecasts."""

from datetime import datetime

from sqlalchemy import Double, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base
from ondol.database.types import BigKey, EpochSeconds
from ondol.forecasts.model.scores import SCORE_NAMES


class ForecastRow(Base):
    """Forecasts and, once the truth is known, their scores, a column for each of `Scores`. The curves are JSON lists by hour."""

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("building_id", "quantity", "horizon_h", "issued_at", name="uq_forecasts_issue"),
        Index("idx_forecasts_start_at", "start_at"),
        Index("idx_forecasts_scored_at", "scored_at", "end_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    quantity: Mapped[str] = mapped_column(String(50))
    unit: Mapped[str] = mapped_column(String(20))
    horizon_h: Mapped[int]
    issued_at: Mapped[datetime]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(50))
    version: Mapped[str] = mapped_column(String(64))
    flags: Mapped[int] = mapped_column(SmallInteger)
    expected: Mapped[str]
    band: Mapped[str]
    last_week: Mapped[str]
    scored_at: Mapped[datetime | None]
    hours: Mapped[int | None]
    error: Mapped[float | None]
    naive_error: Mapped[float | None]


for _name in SCORE_NAMES:
    setattr(ForecastRow, _name, mapped_column(Double))


class ForecastModelRow(Base):
    """Models that were fitted; see `ModelRecord`. `features` and `scores` are JSON."""

    __tablename__ = "forecast_models"
    __table_args__ = (UniqueConstraint("quantity", "horizon_h", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quantity: Mapped[str] = mapped_column(String(50))
    horizon_h: Mapped[int]
    version: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(300))
    trained_at: Mapped[datetime]
    data_from: Mapped[datetime]
    data_until: Mapped[datetime]
    loads: Mapped[int]
    seed: Mapped[int]
    features: Mapped[str]
    scores: Mapped[str]


class WeatherForecastRow(Base):
    """Weather as it was forecast for the hour that begins at `valid_at`."""

    __tablename__ = "weather_forecasts"
    __table_args__ = (UniqueConstraint("building_id", "issued_at", "valid_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    issued_at: Mapped[int] = mapped_column(EpochSeconds)
    valid_at: Mapped[int] = mapped_column(EpochSeconds)
    temperature_c: Mapped[float | None]
    humidity_pct: Mapped[float | None]
