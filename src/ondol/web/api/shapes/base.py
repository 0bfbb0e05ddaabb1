"""What all shapes of the API share."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

KEY_PATTERN = r"^[\w.\-]{1,200}$"
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.\-]{0,63}$", examples=["b36"])]
PointKey = Annotated[str, Field(pattern=KEY_PATTERN, examples=["b36.electricity"])]


def _in_range(instant: datetime) -> datetime:
    if not 1970 <= instant.year < 2100:
        raise ValueError("a time lies between 1970 and 2100")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
"""An instant with its offset, as callers send it and as answers give it in UTC."""


def instant_of(time_us: int) -> datetime:
    """Microseconds UTC as an instant."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC) + timedelta(microseconds=time_us % 1_000_000)


class Shape(BaseModel):
    """Base of all: unknown fields are refused, so that a typing error does not pass unseen."""

    model_config = ConfigDict(extra="forbid", ser_json_timedelta="float")


class Problem(BaseModel):
    """An error (RFC 9457). `detail` says what is wrong and what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no building 'b99'; create it with: ondol building create b99 --name NAME"])


class Page(Shape):
    """A part of a list."""

    limit: int = Field(100, ge=1, le=1000, description="most items in the answer")
    cursor: str | None = Field(None, description="`next` of the answer before", max_length=300)
