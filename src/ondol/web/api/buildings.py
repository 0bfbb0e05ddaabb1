"""Buildings: create, read, update, list, and the newest readings."""

from dataclasses import asdict

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.common.instants import format_instant
from ondol.common.quality import quality_name
from ondol.sites.create_building import create_building
from ondol.sites.model import Building
from ondol.web.api.operations import Call, answer_json, operation
from ondol.web.api.paging import page_of
from ondol.web.api.shapes.base import Page
from ondol.web.api.shapes.buildings import BuildingAnswer, BuildingChange, BuildingList, LatestAnswer, NewBuilding
from ondol.web.installation import ondol

PATH = "/api/v1/buildings"


@operation("GET", PATH, tag="buildings", scope=Scope.READ, query=Page, answer=BuildingList)
def list_buildings(call: Call) -> BuildingList:
    """List the buildings."""
    reached = [building for building in ondol().buildings() if call.caller.may_reach(building.key)]
    items, following = page_of(reached, call.query)
    return BuildingList(items=[_answer(building) for building in items], next=following)


@operation("POST", PATH, tag="buildings", scope=Scope.WRITE, body=NewBuilding, answer=BuildingAnswer, status=201)
def add_building(call: Call) -> BuildingAnswer:
    """Create a building."""
    call.caller.require_building(call.body.key)
    return _answer(create_building(ondol().directory, call.body.key, **call.body.model_dump(exclude={"key"})))


@operation("GET", PATH + "/{key}", tag="buildings", scope=Scope.READ, answer=BuildingAnswer)
def read_building(call: Call, key: str) -> BuildingAnswer:
    """Read a building."""
    call.caller.require_building(key)
    return _answer(ondol().directory.building(key))


@operation("PATCH", PATH + "/{key}", tag="buildings", scope=Scope.WRITE, body=BuildingChange, answer=BuildingAnswer)
def change_building(call: Call, key: str) -> BuildingAnswer:
    """Change a building."""
    call.caller.require_building(key)
    changes = call.body.model_dump(exclude_unset=True)
    if not changes or any(changes.get(name, "") is None for name in ("name", "address")):
        raise InvalidInput("send at least one field to change; a name and an address cannot be null")
    return _answer(ondol().directory.change_building(key, **changes))


@operation("GET", PATH + "/{key}/latest", tag="readings", scope=Scope.READ, answer=LatestAnswer)
def read_latest(call: Call, key: str) -> Response:
    """Read the newest value of every point of a building."""
    call.caller.require_building(key)
    points = ondol().directory.points(key)
    newest = ondol().live.newest(points)
    found = [
        {
            "point": point.key,
            "name": point.name,
            "quantity": point.quantity,
            "unit": point.unit,
            "value": newest[point.id][1],
            "time": format_instant(newest[point.id][0]),
            "quality": quality_name(newest[point.id][2]),
            "floor": point.floor,
            "space": point.space,
        }
        for point in points
        if point.id in newest
    ]
    now = format_instant(int(ondol().clock().timestamp()) * 1_000_000)
    return answer_json({"building": key, "time": now, "points": found})


def _answer(building: Building) -> BuildingAnswer:
    fields = asdict(building)
    del fields["id"]
    return BuildingAnswer(**fields)
