"""Users, tokens and sessions."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from ondol.common import keys
from ondol.common.access import Scope
from ondol.people import LONGEST_PASSWORD, RESERVED_NAMES, SHORTEST_PASSWORD, Role
from ondol.web.api.shapes.base import Key, Shape, Text

TokenName = Annotated[str, Field(pattern=keys.TOKEN_NAME, examples=["telegraf"])]
UserName = Annotated[str, Field(pattern=keys.USER_NAME, examples=["kim"])]
_NOT_OURS: JsonDict = {"not": {"enum": [*sorted(RESERVED_NAMES)]}}
"""Names that stand for Ondol itself, in whatever case."""
SessionKey = Annotated[str, Field(pattern="^[0-9a-f]{16}$", examples=["0123456789abcdef"])]


class UserAnswer(Shape):
    """A user."""

    key: str
    email: str
    role: Role
    active: bool = Field(description="false for a closed account: nobody signs in with it, its name stays taken")
    waits: bool = Field(description="signed up, and waits for approval: active=true with role and buildings approves")
    name: str | None = Field(description="how the person is called")
    buildings: list[str] | None = Field(description="keys of the buildings in reach; null for all of them")
    tenants: list[str]
    last_sign_in: AwareDatetime | None


class UserList(Shape):
    """Users."""

    items: list[UserAnswer]
    next: str | None


_NO_BUILDINGS: JsonDict = {"properties": {"buildings": {"type": "null"}}}
_NO_TENANTS: JsonDict = {"properties": {"tenants": {"maxItems": 0}}}
REACH: list[JsonValue] = [
    {"if": {"properties": {"role": {"enum": ["admin", "tenant"]}}, "required": ["role"]}, "then": _NO_BUILDINGS},
    {"if": {"properties": {"role": {"const": "tenant"}}, "required": ["role"]}, "else": _NO_TENANTS},
]
"""An administrator reaches every building; only a tenant is limited to tenants."""


_REACH_WHEN_CHANGED: list[JsonValue] = [
    REACH[0],
    {
        "if": {"properties": {"role": {"enum": ["user", "installer", "manager", "admin"]}}, "required": ["role"]},
        "then": _NO_TENANTS,
    },
]


class DeletionQuery(Shape):
    """Whether it is meant."""

    confirm: UserName | None = Field(None, description="the user name; without it nothing is deleted")


class NewUserBody(Shape):
    """A user to create; without a password one is made and returned once."""

    model_config = ConfigDict(json_schema_extra={"allOf": REACH})

    key: UserName = Field(json_schema_extra=_NOT_OURS)
    email: str = Field(max_length=100, pattern=keys.EMAIL, examples=["kim@example.com"])
    role: Role = Role.USER
    password: str | None = Field(None, min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)
    buildings: list[Key] | None = Field(None, description="keys of the buildings in reach; null for all of them")
    tenants: list[Key] = Field([], description="for the role tenant: whose spaces they see")


class UserChangeBody(Shape):
    """What changes of an account, at least one; the rest stays."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "allOf": _REACH_WHEN_CHANGED})

    role: Role = Role.USER
    buildings: list[Key] | None = Field(None, description="keys of the buildings in reach; null for all of them")
    tenants: list[Key] = Field([], description="for the role tenant: whose spaces they see")
    active: bool = Field(default=True, description="false closes the account and ends its sessions")


class PasswordBody(Shape):
    """The own password, as it is and as it shall be."""

    present: str = Field(max_length=1000)
    new: str = Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)


class NewUserAnswer(UserAnswer):
    """A new user; `password` is shown here only."""

    password: str | None


class NewTokenBody(Shape):
    """A token to create."""

    key: TokenName = Field(json_schema_extra=_NOT_OURS)
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

    user: Text | None = Field(None, max_length=50)


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
