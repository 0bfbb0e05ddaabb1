"""Buildings, their tenants and what they show now."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, Json, RootModel

from ondol.web.api.shapes.base import WHOLE, Key, Nothing, Shape, Text

Floors = Annotated[int, Field(ge=-20, le=300), WHOLE]
LARGEST_AREA_M2 = 99_999_999.99


class NewBuildingBody(Shape):
    """A building to create."""

    key: Key
    name: Text = Field(min_length=1, max_length=100, examples=["본관"])
    address: Text = Field("", max_length=500, examples=["서울특별시 중구 세종대로 110"])
    timezone: Text = Field("Asia/Seoul", max_length=64, examples=["Asia/Seoul"])
    building_type: Text | None = Field(None, max_length=50, examples=["office"])
    total_area_m2: float | None = Field(None, ge=0, le=LARGEST_AREA_M2, examples=[9800.0])
    floors: Floors | None = Field(None, examples=[8])
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7, examples=[600.0])


class BuildingChangeBody(Shape):
    """Fields of a building to change, at least one; the others stay."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: Text = Field(default_factory=str, min_length=1, max_length=100)
    address: Text = Field(default_factory=str, max_length=500)
    building_type: Text | None = Field(None, max_length=50)
    total_area_m2: float | None = Field(None, ge=0, le=LARGEST_AREA_M2)
    floors: Floors | None = None
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7)


class BuildingAnswer(Shape):
    """A building."""

    key: str
    name: str
    address: str
    timezone: str
    building_type: str | None
    total_area_m2: float | None
    floors: int | None
    contract_power_kw: float | None
    is_synthetic: bool


class BuildingList(Shape):
    """Buildings by key; `next` is the cursor of the following part, or null."""

    items: list[BuildingAnswer]
    next: str | None


class LatestValue(Shape):
    """The newest reading of a point."""

    point: str
    name: str
    quantity: str
    unit: str
    value: float
    time: AwareDatetime
    quality: str
    floor: str | None
    space: str | None


class LatestAnswer(Shape):
    """The newest readings of a building."""

    building: str
    time: AwareDatetime
    points: list[LatestValue]


class LiveReading(Shape):
    """A reading that has just arrived."""

    point: str
    time: AwareDatetime
    value: float
    quality: str


class LiveReadings(Shape):
    """The newest reading of each point that something arrived of."""

    readings: list[LiveReading]


class LiveReadingsEvent(Shape):
    """Readings arrived."""

    event: Literal["readings"]
    data: Json[LiveReadings]


class LivePingEvent(Shape):
    """The connection lives."""

    event: Literal["ping"]
    data: Json[Nothing]


class LiveEvent(RootModel[LiveReadingsEvent | LivePingEvent]):
    """A server-sent event."""


class LiveQuery(Shape):
    """Which building to watch."""

    building: Key


class NewTenantBody(Shape):
    """A tenant to create."""

    key: Key = Field(examples=["cafe"])
    building: Key
    name: Text = Field(min_length=1, max_length=100, examples=["Café"])
    contact_info: Text | None = Field(None, max_length=100)
    move_in_date: date | None = None
    contract_end_date: date | None = None


class TenantAnswer(Shape):
    """A tenant."""

    key: str
    building: str
    name: str
    contact_info: str | None
    move_in_date: date | None
    contract_end_date: date | None


class TenantList(Shape):
    """Tenants of a building."""

    items: list[TenantAnswer]
    next: str | None


class TenantQuery(Shape):
    """Of which building."""

    building: Key
