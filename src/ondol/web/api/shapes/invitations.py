"""Invitations and links."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from ondol.common import keys
from ondol.people import Role
from ondol.web.api.shapes.accounts import REACH
from ondol.web.api.shapes.base import Key, Shape

InvitationKey = Annotated[str, Field(pattern="^[0-9a-f]{16}$", examples=["0123456789abcdef"])]


class NewInvitationBody(Shape):
    """Whom to invite, and what they will be."""

    model_config = ConfigDict(json_schema_extra={"allOf": REACH})

    email: str = Field(max_length=100, pattern=keys.EMAIL, examples=["kim@example.com"])
    role: Role = Role.USER
    buildings: list[Key] | None = Field(None, description="keys of the buildings in reach; null for all of them")
    tenants: list[Key] = Field([], description="for the role tenant: whose spaces they see")
    language: Literal["ko", "en"] | None = Field(None, description="of the mail; null for that of the installation")


class _Invitation(Shape):
    key: str = Field(description="names it and opens nothing")
    email: str
    role: Role
    buildings: list[str] | None
    tenants: list[str]
    invited_by: str
    expires_at: AwareDatetime


class InvitationAnswer(_Invitation):
    """An invitation that nobody took up yet."""

    mail_waits: bool = Field(description="its mail is not sent yet")
    mail_problem: str | None = Field(description="why the last try to send it failed")


class InvitationList(Shape):
    """Invitations, the newest first."""

    items: list[InvitationAnswer]
    next: str | None


class NewInvitationAnswer(_Invitation):
    """A new invitation; `link` is shown here only."""

    mailed: bool = Field(description="the link goes by mail")
    link: str | None = Field(description="to be handed over, where there is no mail server")


class MadeLinkAnswer(Shape):
    """A new link; `link` is shown here only."""

    expires_at: AwareDatetime
    mailed: bool = Field(description="the link goes by mail")
    link: str | None = Field(description="to be handed over, where there is no mail server")
