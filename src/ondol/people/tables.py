"""Tables of people and what they may reach."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from ondol.database.base import Base


class UserRow(Base):
    """People who sign in; `role` is one of `Role`. `all_buildings`: they reach every building, else those of `user_buildings`.
    `must_change_password`: the present one was made for them. `waits`: signed up, for an administrator to approve. Of who was
    deleted the user name alone is left, which the audit knows and nobody gets again.
    """

    __tablename__ = "users"
    __table_args__ = (Index("idx_users_email", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(50), unique=True)
    email: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str | None] = mapped_column(String(20), server_default="user", default="user")
    language: Mapped[str | None] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(Boolean, server_default="1", default=True)
    all_buildings: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)
    must_change_password: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)
    created_at: Mapped[datetime | None] = mapped_column(server_default=func.current_timestamp())
    name: Mapped[str | None] = mapped_column(String(100))
    waits: Mapped[bool] = mapped_column(Boolean, server_default="0", default=False)
    last_sign_in: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class SessionRow(Base):
    """Who is signed in; see `Session`."""

    __tablename__ = "sessions"
    __table_args__ = (Index("idx_sessions_user_id", "user_id"),)

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    csrf_token: Mapped[str] = mapped_column(String(64))
    login_time: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


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


class UserBuildingRow(Base):
    """A building that a person may reach as a whole."""

    __tablename__ = "user_buildings"
    __table_args__ = (
        UniqueConstraint("user_id", "building_id"),
        Index("idx_user_buildings_building_id", "building_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("buildings.id"))


class UserTenantRow(Base):
    """A tenant whose spaces a person of the role `tenant` may see."""

    __tablename__ = "user_tenants"
    __table_args__ = (UniqueConstraint("user_id", "tenant_id"), Index("idx_user_tenants_tenant_id", "tenant_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id"))


class AccountLinkRow(Base):
    """A link that was sent or handed over and not used yet; see `Link`. Only the SHA-256 of its secret is kept, none before it is
    sent. `buildings` (None: all) and `tenants` are space-separated.
    """

    __tablename__ = "account_links"
    __table_args__ = (Index("idx_account_links_user_id", "user_id"),)

    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str | None] = mapped_column(String(20))
    buildings: Mapped[str | None]
    tenants: Mapped[str] = mapped_column(server_default="", default="")
    language: Mapped[str | None] = mapped_column(String(5))
    made_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WaitingMailRow(Base):
    """A mail that is not sent yet, one a kind and address; see `WaitingMail`."""

    __tablename__ = "waiting_mails"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    email: Mapped[str] = mapped_column(String(100), primary_key=True)
    link: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(5))
    tries: Mapped[int]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    problem: Mapped[str | None] = mapped_column(String(300))
