"""The audit."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from ondol.web.api.shapes.base import Instant, Shape, Text

Part = Annotated[Text | None, Field(max_length=200)]


class AuditQuery(Shape):
    """Which records; texts are parts of what stands there, in any case of letters."""

    who: Part = Field(None, description="a user's name, `token NAME`, `command:NAME` or `system`", examples=["kim"])
    action: Part = Field(None, examples=["signed in"])
    subject: Part = None
    start: Instant | None = Field(None, description="from this instant on")
    end: Instant | None = Field(None, description="before this instant")
    limit: int = Field(100, ge=1, le=1000, description="most items in the answer")
    cursor: str | None = Field(None, description="`next` of the answer before", pattern="^[1-9][0-9]{0,17}$")


class AuditItem(Shape):
    """A record: who did what to what, when and from where. `hash` is that of the record and of the one before."""

    number: int
    time: AwareDatetime
    who: str
    address: str | None
    action: str
    subject: str | None
    hash: str


class AuditList(Shape):
    """Records, the newest first."""

    items: list[AuditItem]
    next: str | None
