"""Tables of what was sent and is no point yet, and of what is adopted from stores of others."""

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base


class NewDeviceRow(Base):
    """A name that sent readings and waits to become a point. `sent` is JSON of what came along with the name."""

    __tablename__ = "new_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))
    source: Mapped[str] = mapped_column(String(500), unique=True)
    sent: Mapped[str]
    readings: Mapped[int]
    last_us: Mapped[int] = mapped_column(BigInteger)
    last_value: Mapped[float]


class NewDeviceReadingRow(Base):
    """Its readings as they were sent."""

    __tablename__ = "new_device_readings"
    __table_args__ = (UniqueConstraint("device_id", "time_us"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("new_devices.id", ondelete="CASCADE"))
    time_us: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[float]
    unit: Mapped[str | None] = mapped_column(String(50))


class AdoptedSeriesRow(Base):
    """A foreign series that a point takes its readings from. `tags`, `reasons` and `slots` are JSON; see `model.foreign.AdoptedSeries`."""

    __tablename__ = "adopted_series"
    __table_args__ = (UniqueConstraint("origin", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(String(500))
    key: Mapped[str] = mapped_column(String(64))
    measurement: Mapped[str]
    tags: Mapped[str]
    field: Mapped[str]
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))
    multiplier: Mapped[float]
    past_end_us: Mapped[int] = mapped_column(BigInteger)
    past_us: Mapped[int] = mapped_column(BigInteger)
    follow_us: Mapped[int] = mapped_column(BigInteger)
    read: Mapped[int] = mapped_column(BigInteger)
    accepted: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    reasons: Mapped[str]
    slots: Mapped[str]
