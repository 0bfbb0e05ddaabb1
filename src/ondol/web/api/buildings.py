"""Buildings: create, read, update, list, and the newest readings."""

from dataclasses import asdict

from ondol.common.access import Scope
from ondol.common.quality import quality_name
from ondol.readings import LatestReading
from ondol.sites import Building, BuildingChange, NewBuilding
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.paging import page_of
from ondol.web.api.shapes.base import Key, Page, instant_of
from ondol.web.api.shapes.buildings import (
    BuildingAnswer,
    BuildingChangeBody,
    BuildingList,
    LatestAnswer,
    LatestValue,
    NewBuildingBody,
)
from ondol.web.installation import ondol

PATH = "/api/v1/buildings"


@operation("GET", PATH, tag="buildings", scope=Scope.READ, query=Page, answer=BuildingList)
def list_buildings(call: Call) -> BuildingList:
    """List the buildings."""
    items, following = page_of(ondol().sites.buildings(call.access), call.query)
    return BuildingList(items=[_answer(building) for building in items], next=following)


@operation(
    "POST", PATH, tag="buildings", scope=Scope.WRITE, body=NewBuildingBody,
    answer=Answer(BuildingAnswer, status=201, errors=[409]),
)  # fmt: skip
def add_building(call: Call) -> BuildingAnswer:
    """Create a building."""
    body: NewBuildingBody = call.body
    return _answer(ondol().sites.create_building(call.access, NewBuilding(**body.model_dump())))


@operation("GET", PATH + "/{key}", tag="buildings", scope=Scope.READ, answer=BuildingAnswer)
def read_building(call: Call, key: Key) -> BuildingAnswer:
    """Read a building."""
    return _answer(ondol().sites.building(call.access, key))


@operation("PATCH", PATH + "/{key}", tag="buildings", scope=Scope.WRITE, body=BuildingChangeBody, answer=BuildingAnswer)
def change_building(call: Call, key: Key) -> BuildingAnswer:
    """Change a building."""
    body: BuildingChangeBody = call.body
    change = BuildingChange(**body.model_dump(exclude_unset=True))
    return _answer(ondol().sites.change_building(call.access, key, change))


@operation("GET", PATH + "/{key}/latest", tag="readings", scope=Scope.READ, answer=LatestAnswer)
def read_latest(call: Call, key: Key) -> LatestAnswer:
    """Read the newest value of every point of a building."""
    found = ondol().readings.latest(call.access, key)
    now = ondol().clock().replace(microsecond=0)
    return LatestAnswer(building=key, time=now, points=[_latest(reading) for reading in found])


def _latest(reading: LatestReading) -> LatestValue:
    point = reading.point
    return LatestValue(
        point=point.key, name=point.name, quantity=point.quantity, unit=point.unit, value=reading.value,
        time=instant_of(reading.time_us), quality=quality_name(reading.quality), floor=point.floor, space=point.space,
    )  # fmt: skip


def _answer(building: Building) -> BuildingAnswer:
    fields = asdict(building)
    del fields["id"]
    return BuildingAnswer(**fields)
