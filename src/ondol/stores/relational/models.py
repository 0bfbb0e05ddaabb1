"""The tables. The guide's four (`users`, `buildings`, `tenants`, `sensor_data`) have its column names and indexes."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    Date,
    Double,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ondol.stores.relational.types import BigKey, EpochSeconds, UtcDateTime, present_second


class Base(DeclarativeBase):
    """All tables; constraints have names, so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "idx_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, float: Double, str: Text}  # noqa: RUF012


class UserRow(Base):
    """People who sign in. `role` is `user`, `tenant`, `installer`, `manager` or `admin`."""

    __tablename__ = "users"
    __table_args__ = (Index("idx_users_email", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(50), unique=True)
    email: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str | None] = mapped_column(String(20), server_default="user", default="user")
    language: Mapped[str | None] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(Boolean, server_default="1", default=True)
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class SessionRow(Base):
    """Who is signed in; see `domain.people.Session`."""

    __tablename__ = "sessions"
    __table_args__ = (Index("idx_sessions_user_id", "user_id"),)

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    csrf_token: Mapped[str] = mapped_column(String(64))
    login_time: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


class BuildingRow(Base):
    """Buildings. `timezone` is an IANA name; its calendar cuts days and months."""

    __tablename__ = "buildings"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str]
    total_area: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    floors: Mapped[int | None]
    building_type: Mapped[str | None] = mapped_column(String(50))
    timezone: Mapped[str] = mapped_column(String(64), server_default="Asia/Seoul", default="Asia/Seoul")
    contract_power_kw: Mapped[float | None]
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class SpaceRow(Base):
    """Floors, rooms and zones: a tree within a building."""

    __tablename__ = "spaces"
    __table_args__ = (UniqueConstraint("building_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("tenants.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default="room", server_default="room")
    area_m2: Mapped[float | None]


class EquipmentRow(Base):
    """Machines and meters that points belong to."""

    __tablename__ = "equipment"
    __table_args__ = (UniqueConstraint("building_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    brick_class: Mapped[str | None] = mapped_column(String(80))


class TenantRow(Base):
    """Who rents space."""

    __tablename__ = "tenants"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    key: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    contact_info: Mapped[str | None] = mapped_column(String(100))
    move_in_date: Mapped[date | None]
    contract_end_date: Mapped[date | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class PointRow(Base):
    """Points; see `domain.points.Point`."""

    __tablename__ = "points"
    __table_args__ = (Index("idx_points_building_id", "building_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    space_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"))
    equipment_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    submeter_of: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[str] = mapped_column(String(50))
    unit: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="measurement")
    interval_s: Mapped[int | None]
    floor: Mapped[str | None] = mapped_column(String(20))
    end_use: Mapped[str | None] = mapped_column(String(40))
    brick_class: Mapped[str | None] = mapped_column(String(80))
    min_value: Mapped[float | None]
    max_value: Mapped[float | None]
    rollover_at: Mapped[float | None]
    max_per_hour: Mapped[float | None]
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class PointAliasRow(Base):
    """The name under which a device sends a point: line-protocol measurement, tags and field."""

    __tablename__ = "point_aliases"

    source: Mapped[str] = mapped_column(String(500), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))


class SensorDataRow(Base):
    """History by interval: the guide's table, with the interval's length, quality and spread.

    `recorded_at` is the interval's start. For a point `id` is `point_id * 2**32 + recorded_at` in seconds: a point's
    history lies together and a repeated interval finds its row (docs/decisions/0003-history-rows.md).
    """

    __tablename__ = "sensor_data"
    __table_args__ = (Index("idx_sensor_data_building_time", "building_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    sensor_type: Mapped[str] = mapped_column(String(50))
    value: Mapped[float]
    unit: Mapped[str | None] = mapped_column(String(20))
    recorded_at: Mapped[int | None] = mapped_column(EpochSeconds, server_default=present_second())
    point_id: Mapped[int | None] = mapped_column(ForeignKey("points.id"))
    duration_s: Mapped[int | None]
    quality: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    measured_share: Mapped[float | None]
    value_min: Mapped[float | None]
    value_max: Mapped[float | None]
    value_last: Mapped[float | None]


class EnergyUsageRow(Base):
    """Usage of a point per local calendar day and month. `period` is `day` or `month`; `period_start` its first day."""

    __tablename__ = "energy_usage"
    __table_args__ = (
        UniqueConstraint("point_id", "period", "period_start"),
        Index("idx_energy_usage_building_period", "building_id", "quantity", "period", "period_start"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    quantity: Mapped[str] = mapped_column(String(50))
    period: Mapped[str] = mapped_column(String(5))
    period_start: Mapped[date] = mapped_column(Date)
    usage: Mapped[float]
    unit: Mapped[str] = mapped_column(String(20))
    measured_s: Mapped[float]
    quality: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)


class SystemSettingRow(Base):
    """Settings that people change in the running system, as JSON text."""

    __tablename__ = "system_settings"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str]
    updated_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class ApiTokenRow(Base):
    """API tokens; only a SHA-256 of the token is kept. `scopes` and `buildings` are space-separated."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(100))
    buildings: Mapped[str | None]
    may_register: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())
    revoked_at: Mapped[datetime | None]


class AuditRow(Base):
    """Who did what to what, from where."""

    __tablename__ = "audit"
    __table_args__ = (Index("idx_audit_occurred_at", "occurred_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    occurred_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str | None] = mapped_column(String(200))


class ForecastRow(Base):
    """Forecasts and, once the truth is known, their scores; see `domain.forecasts`. The curves are JSON lists by hour."""

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("building_id", "quantity", "horizon_h", "issued_at", name="uq_forecasts_issue"),
        Index("idx_forecasts_start_at", "start_at"),
        Index("idx_forecasts_scored_at", "scored_at", "end_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    quantity: Mapped[str] = mapped_column(String(50))
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
    cvrmse_pct: Mapped[float | None]
    nmbe_pct: Mapped[float | None]
    smape_pct: Mapped[float | None]
    pinball_pct: Mapped[float | None]
    coverage90: Mapped[float | None]
    peak_mape_pct: Mapped[float | None]
    peak_hour_share: Mapped[float | None]
    naive_cvrmse_pct: Mapped[float | None]


class ForecastModelRow(Base):
    """Models that were fitted; see `domain.forecasts.ModelRecord`. `features` and `scores` are JSON."""

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
