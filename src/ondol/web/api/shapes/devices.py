"""Names that sent readings and wait to become points."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from ondol.sites import PointKind
from ondol.web.api.shapes.base import WHOLE, Key, Page, PointKey, Shape, Text


class NewDeviceQuery(Page):
    """Of which building."""

    building: Key


class Suggestion(Shape):
    """What is understood of a name already; null is what has to be said."""

    quantity: str | None
    unit: str | None
    kind: PointKind | None


class NewDeviceAnswer(Shape):
    """A name that sent readings and waits. `unit` is what it calls its unit; its `readings` are kept and follow."""

    key: str
    building: str
    name: str
    measurement: str
    tags: dict[str, str]
    field: str
    unit: str | None
    last_value: float
    last_at: AwareDatetime
    readings: int
    suggestion: Suggestion


class NewDeviceList(Shape):
    """Names that wait, by key."""

    items: list[NewDeviceAnswer]
    next: str | None


class NamingBody(Shape):
    """What a name is. What is suggested may be left out; `point` alone adds the name to a point that exists."""

    quantity: Text | None = Field(None, min_length=1, max_length=50, examples=["electricity"])
    unit: Text | None = Field(None, min_length=1, max_length=20, examples=["kWh"])
    kind: PointKind | None = None
    interval_s: Annotated[int, Field(ge=1, le=86_400), WHOLE] | None = Field(
        None, description="length of the interval that a total covers"
    )
    name: Text | None = Field(None, min_length=1, max_length=200, examples=["주 전력량계"])
    point: PointKey | None = None
