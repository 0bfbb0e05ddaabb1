"""What all shapes of the API share."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from ondol.common import keys
from ondol.common.instants import parse_instant

Key = Annotated[str, Field(pattern=keys.KEY, examples=["b36"])]
PointKey = Annotated[str, Field(pattern=keys.POINT_KEY, examples=["b36.electricity"])]

_DAY = r"(19[7-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+\-]([01][0-9]|2[0-3]):[0-5][0-9])"


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _parsed(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(rf"{_DAY}[Tt ]{_TIME}", value, re.ASCII):
        raise ValueError(
            "write an RFC 3339 time between 1970 and 2100, such as 2026-01-15T10:30:00Z (in a URL + is %2B)"
        )
    return parse_instant(value)


Text = Annotated[str, Field(pattern=keys.WITHOUT_NUL)]

WHOLE = BeforeValidator(_whole)
"""Makes an integer of 5.0, which is one in JSON."""

Instant = Annotated[
    AwareDatetime, BeforeValidator(_parsed), Field(json_schema_extra={"pattern": f"^{_DAY}[Tt]{_TIME}$"})
]
"""An instant with its offset, as callers send it."""


def instant_of(time_us: int) -> datetime:
    """Microseconds UTC as an instant."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC) + timedelta(microseconds=time_us % 1_000_000)


class Shape(BaseModel):
    """Base of all: unknown fields are refused, so that a typing error does not pass unseen."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True)


class Problem(BaseModel):
    """An error (RFC 9457). `detail` says what is wrong and what to do."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=True)

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no building 'b99'; create it with: ondol building create b99 --name NAME"])


class Nothing(Shape):
    """An object without fields: no parameters."""


class Page(Shape):
    """A part of a list."""

    limit: int = Field(100, ge=1, le=1000, description="most items in the answer")
    cursor: Text | None = Field(None, description="`next` of the answer before", max_length=300)
