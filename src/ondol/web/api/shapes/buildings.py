"""Buildings, their tenants and what they show now."""

from datetime import date

from pydantic import AwareDatetime, Field

from ondol.web.api.shapes.base import Key, Shape


class BuildingFields(Shape):
    """What can be said of a building."""

    name: str = Field(min_length=1, max_length=100, examples=["본관"])
    address: str = Field("", examples=["서울특별시 중구 세종대로 110"])
    timezone: str = Field("Asia/Seoul", examples=["Asia/Seoul"])
    building_type: str | None = Field(None, max_length=50, examples=["office"])
    total_area_m2: float | None = Field(None, ge=0, lt=1e8, examples=[9800.0])
    floors: int | None = Field(None, ge=-20, le=300, examples=[8])
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7, examples=[600.0])


class NewBuildingBody(BuildingFields):
    """A building to create."""

    key: Key


class BuildingChangeBody(Shape):
    """Fields of a building to change; the others stay."""

    name: str | None = Field(None, min_length=1, max_length=100)
    address: str | None = None
    building_type: str | None = Field(None, max_length=50)
    total_area_m2: float | None = Field(None, ge=0, lt=1e8)
    floors: int | None = Field(None, ge=-20, le=300)
    contract_power_kw: float | None = Field(None, ge=0, lt=1e7)


class BuildingAnswer(BuildingFields):
    """A building."""

    key: str
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


class LiveQuery(Shape):
    """Which building to watch."""

    building: str


class TenantFields(Shape):
    """A tenant."""

    key: Key
    building: Key
    name: str = Field(min_length=1, max_length=100)
    contact_info: str | None = Field(None, max_length=100)
    move_in_date: date | None = None
    contract_end_date: date | None = None


class TenantList(Shape):
    """Tenants of a building."""

    items: list[TenantFields]
    next: str | None


class TenantQuery(Shape):
    """Of which building."""

    building: str
