"""Tables of what was done."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base
from ondol.database.types import BigKey


class AuditRow(Base):
    """Who did what to what, from where; see `AuditRecord`."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("number"), Index("idx_audit_occurred_at", "occurred_at"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    occurred_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(64))


class TaskFailureRow(Base):
    """Standing work that failed: how often, and the last time with its reason; see `TaskFailure`."""

    __tablename__ = "task_failures"

    task: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    is_well: Mapped[bool] = mapped_column(Boolean, server_default="0")


class AuditChainRow(Base):
    """One row, once there is a record: the end of the chain, and where retention has cut it; see `ChainState`."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(BigInteger)
    last_hash: Mapped[str] = mapped_column(String(64))
    dropped_number: Mapped[int] = mapped_column(BigInteger)
    dropped_hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(64))
