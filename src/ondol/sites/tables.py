"""Tables of buildings and what is in them; `buildings` and `tenants` have the guide's column names."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base


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
    """Points; see `Point`."""

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
    role: Mapped[str] = mapped_column(String(20), server_default="main")
    interval_s: Mapped[int | None]
    floor: Mapped[str | None] = mapped_column(String(20))
    end_use: Mapped[str | None] = mapped_column(String(40))
    brick_class: Mapped[str | None] = mapped_column(String(80))
    min_value: Mapped[float | None]
    max_value: Mapped[float | None]
    rollover_at: Mapped[float | None]
    max_per_hour: Mapped[float | None]
    from_device: Mapped[bool] = mapped_column(Boolean, server_default="0")
    sent_unit: Mapped[str | None] = mapped_column(String(50))
    formula: Mapped[str | None] = mapped_column(String(500))
    history_due: Mapped[bool] = mapped_column(Boolean, server_default="0")
    stored_as: Mapped[str | None] = mapped_column(String(220))
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())


class FormulaInputRow(Base):
    """A point that a virtual point's formula reads."""

    __tablename__ = "formula_inputs"

    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)
    input_id: Mapped[int] = mapped_column(ForeignKey("points.id"), primary_key=True)


class CalorificValueRow(Base):
    """What a cubic metre of gas holds from a day on: of a building, or without one of the installation."""

    __tablename__ = "calorific_values"
    __table_args__ = (UniqueConstraint("building_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    valid_from: Mapped[date]
    kwh_per_m3: Mapped[float]


class PointAliasRow(Base):
    """The name under which a device sends a point: line-protocol measurement, tags and field."""

    __tablename__ = "point_aliases"

    source: Mapped[str] = mapped_column(String(500), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("points.id"))


class RetiredPointRow(Base):
    """Points that are gone. Their ids are never given again, since raw readings on their way name a point by its id.

    `merged_into` is the point whose readings theirs became, times `factor` plus `shift`; `plan` (JSON) says which, so that a merge that
    was cut off can be finished: until then the point is still there. `is_cleared`: the store of raw readings has let go of them.
    """

    __tablename__ = "retired_points"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(200), index=True)
    stored_as: Mapped[str] = mapped_column(String(220))
    retired_at_s: Mapped[int] = mapped_column(BigInteger)
    merged_into: Mapped[int | None]
    factor: Mapped[float] = mapped_column(server_default="1")
    shift: Mapped[float] = mapped_column(server_default="0")
    plan: Mapped[str] = mapped_column(server_default="{}")
    is_cleared: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)


class ReleasedNameRow(Base):
    """Names that were taken from a point: what they send waits for somebody to say what it is."""

    __tablename__ = "released_names"

    source: Mapped[str] = mapped_column(String(500), primary_key=True)


class SystemSettingRow(Base):
    """Settings that people change in the running system, as JSON text."""

    __tablename__ = "system_settings"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str]
    updated_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())
