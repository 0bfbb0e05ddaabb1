"""Tables of history; `sensor_data` has the guide's column names and index."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base
from ondol.database.types import BigKey, EpochSeconds, present_second


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


class RegisterRow(Base):
    """What is known of a register beside its readings; see `RegisterMemory`."""

    __tablename__ = "registers"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    fastest_per_hour: Mapped[float | None]
    last_us: Mapped[int] = mapped_column(BigInteger)
    last_value: Mapped[float]


class RepairRow(Base):
    """Repairs in the order in which they were made; see `Repair`. Instants are epoch seconds."""

    __tablename__ = "repairs"
    __table_args__ = (Index("idx_repairs_point_id", "point_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    action: Mapped[str] = mapped_column(String(20))
    start_s: Mapped[int] = mapped_column(BigInteger)
    end_s: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float | None]
    last_value: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at_s: Mapped[int] = mapped_column(BigInteger)
    covers_start_s: Mapped[int] = mapped_column(BigInteger)
    covers_end_s: Mapped[int] = mapped_column(BigInteger)
    undone_by: Mapped[str | None] = mapped_column(String(200))
    undone_at_s: Mapped[int | None] = mapped_column(BigInteger)


class ComputedIntervalRow(Base):
    """What was computed from readings for the stretches that repairs cover; `id` is that of `sensor_data`."""

    __tablename__ = "computed_intervals"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    duration_s: Mapped[int]
    value: Mapped[float]
    quality: Mapped[int] = mapped_column(SmallInteger)
    measured_share: Mapped[float | None]
    value_min: Mapped[float | None]
    value_max: Mapped[float | None]
    value_last: Mapped[float | None]
