"""Users, tokens and sessions."""

from pydantic import AwareDatetime, Field

from ondol.common.access import Scope
from ondol.people import Role
from ondol.web.api.shapes.base import Key, Shape


class UserAnswer(Shape):
    """A user."""

    key: str
    email: str
    role: Role


class UserList(Shape):
    """Users."""

    items: list[UserAnswer]
    next: str | None


class NewUserBody(Shape):
    """A user to create; without a password one is made and returned once."""

    key: str = Field(examples=["kim"])
    email: str
    role: Role = Role.USER
    password: str | None = None
    buildings: list[Key] | None = Field(None, description="keys of the buildings in reach; null for all of them")
    tenants: list[Key] = Field([], description="for the role tenant: whose spaces they see")


class NewUserAnswer(UserAnswer):
    """A new user; `password` is shown here only."""

    password: str | None


class NewTokenBody(Shape):
    """A token to create."""

    key: str = Field(min_length=1, max_length=100, examples=["telegraf"])
    scopes: list[Scope] = Field(min_length=1)
    buildings: list[Key] | None = Field(None, min_length=1)
    register_points: bool = Field(default=False, description="may create unknown points")


class TokenAnswer(Shape):
    """A token without its secret."""

    key: str
    scopes: list[Scope]
    buildings: list[str] | None
    register_points: bool


class NewTokenAnswer(TokenAnswer):
    """A new token; `token` is its secret and shown here only."""

    token: str


class TokenList(Shape):
    """Tokens that are not revoked."""

    items: list[TokenAnswer]
    next: str | None


class SessionQuery(Shape):
    """Whose sessions."""

    user: str | None = None


class SessionAnswer(Shape):
    """A session; `key` names it and opens nothing."""

    key: str
    user: str
    address: str
    browser: str
    login_time: AwareDatetime
    expires_at: AwareDatetime


class SessionList(Shape):
    """Sessions, the newest first."""

    items: list[SessionAnswer]
    next: str | None
