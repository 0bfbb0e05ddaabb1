"""Points: create, read, update, list, and their series."""

from dataclasses import asdict

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.history.look_up_series import Series
from ondol.sites.model import Point
from ondol.web.api.operations import Call, answer_json, operation
from ondol.web.api.paging import page_of
from ondol.web.api.series_json import quality_names, times_text
from ondol.web.api.shapes.points import (
    NewPoint,
    PointAnswer,
    PointChange,
    PointList,
    PointQuery,
    SeriesAnswer,
    SeriesQuery,
)
from ondol.web.installation import ondol

PATH = "/api/v1/points"


@operation("GET", PATH, tag="points", scope=Scope.READ, query=PointQuery, answer=PointList)
def list_points(call: Call) -> PointList:
    """List the points."""
    found = ondol().directory.points(call.query.building)
    wanted = [
        point
        for point in found
        if call.caller.may_reach(point.building_key) and call.query.quantity in (None, point.quantity)
    ]
    items, following = page_of(wanted, call.query)
    return PointList(items=[_answer(point) for point in items], next=following)


@operation("POST", PATH, tag="points", scope=Scope.WRITE, body=NewPoint, answer=PointAnswer, status=201)
def add_point(call: Call) -> PointAnswer:
    """Create a point."""
    call.caller.require_building(call.body.building)
    (point,) = ondol().directory.add_points(
        call.body.building, [call.body.model_dump(exclude={"building"}, mode="json")]
    )
    ondol().points.forget()
    return _answer(point)


@operation("GET", PATH + "/{key}", tag="points", scope=Scope.READ, answer=PointAnswer)
def read_point(call: Call, key: str) -> PointAnswer:
    """Read a point."""
    point = ondol().directory.point(key)
    call.caller.require_building(point.building_key)
    return _answer(point)


@operation("PATCH", PATH + "/{key}", tag="points", scope=Scope.WRITE, body=PointChange, answer=PointAnswer)
def change_point(call: Call, key: str) -> PointAnswer:
    """Change a point."""
    call.caller.require_building(ondol().directory.point(key).building_key)
    changes = call.body.model_dump(exclude_unset=True)
    if not changes or changes.get("name", "") is None:
        raise InvalidInput("send at least one field to change; a name cannot be null")
    if changes.get("submeter_of") == key:
        raise InvalidInput("a point cannot be a submeter of itself; name the meter in front of it, or null")
    point = ondol().directory.change_point(key, **changes)
    ondol().points.forget()
    return _answer(point)


@operation("GET", PATH + "/{key}/series", tag="readings", scope=Scope.READ, query=SeriesQuery, answer=SeriesAnswer)
def read_series(call: Call, key: str) -> Response:
    """Read a point over time.

    Amounts are summed and measurements averaged unless `aggregate` says otherwise. A value is null where nothing is known.
    History keeps its own resolution: finer intervals are shared out by time and flagged `estimated`.
    """
    query: SeriesQuery = call.query
    series = ondol().look_up_series(key, query.start, query.end, query.interval, query.aggregate, query.max_points)
    call.caller.require_building(series.point.building_key)
    return answer_json(_series(series))


def _series(series: Series) -> dict[str, object]:
    return {
        "point": series.point.key,
        "unit": series.point.unit,
        "interval": series.interval.value,
        "times": times_text(series.times_us),
        "values": series.values.to_list(),
        "quality": quality_names(series.quality),
    }


def _answer(point: Point) -> PointAnswer:
    fields = asdict(point)
    building = fields.pop("building_key")
    del fields["id"], fields["building_id"]
    return PointAnswer(building=building, **fields)
