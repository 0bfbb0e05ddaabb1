"""Points: create, read, update, list, and their series."""

from flask import Response

from ondol.common.access import Scope
from ondol.history import Extreme, Series, SeriesQuestion
from ondol.sites import NewPoint, Point, PointChange, PointRole
from ondol.web.api.operations import Answer, Call, answer_json, operation
from ondol.web.api.paging import page_of
from ondol.web.api.point_answers import point_answer
from ondol.web.api.series_json import quality_names, times_text
from ondol.web.api.shapes.base import PointKey
from ondol.web.api.shapes.point_changes import (
    AliasBody,
    DeletePointQuery,
    MergeAnswer,
    MergeBody,
    MergeQuery,
    merge_answer,
)
from ondol.web.api.shapes.points import (
    ExtremeAnswer,
    NewPointBody,
    PointAnswer,
    PointChangeBody,
    PointList,
    PointQuery,
    SeriesAnswer,
    SeriesQuery,
    StatisticsAnswer,
    StatisticsQuery,
)
from ondol.web.installation import ondol

PATH = "/api/v1/points"


@operation("GET", PATH, tag="points", scope=Scope.READ, query=PointQuery, answer=Answer(PointList, errors=[404]))
def list_points(call: Call) -> PointList:
    """List the points."""
    query: PointQuery = call.query
    found = ondol().sites.points(call.access, query.building)
    items, following = page_of([point for point in found if query.quantity in (None, point.quantity)], query)
    names = ondol().points.names(call.access, items)
    return PointList(items=[point_answer(point, names.get(point.key, [])) for point in items], next=following)


@operation(
    "POST", PATH, tag="points", scope=Scope.WRITE, body=NewPointBody,
    answer=Answer(PointAnswer, status=201, errors=[404, 409]),
)  # fmt: skip
def add_point(call: Call) -> PointAnswer:
    """Create a point.

    With a `formula` it is a virtual point: its history is reckoned from that of the points in it, now and whenever theirs changes.
    """
    body: NewPointBody = call.body
    usual_role = PointRole.CHECK if body.formula else PointRole.MAIN
    new = NewPoint(**body.model_dump(exclude={"building", "role"}), role=body.role or usual_role)
    (point,) = ondol().sites.create_points(call.access, body.building, [new])
    return _answer(call, point)


@operation("GET", PATH + "/{key}", tag="points", scope=Scope.READ, answer=PointAnswer)
def read_point(call: Call, key: PointKey) -> PointAnswer:
    """Read a point."""
    return _answer(call, ondol().sites.point(call.access, key))


@operation("PATCH", PATH + "/{key}", tag="points", scope=Scope.WRITE, body=PointChangeBody, answer=PointAnswer)
def change_point(call: Call, key: PointKey) -> PointAnswer:
    """Change a point.

    With another quantity, unit or kind its history is made anew from the raw readings, whose values stay as they are. What is older
    than these is kept unless the kind changes: then `forget_older` lets go of it. With another `building` its history goes along, its key
    stays, and its room and floor are those that are sent, or none.
    """
    body: PointChangeBody = call.body
    change = PointChange(**body.model_dump(exclude_unset=True, exclude={"forget_older", "building"}))
    changed = ondol().points.change(
        call.access, key, change, building=body.building or None, forget_older=body.forget_older
    )
    return _answer(call, changed)


@operation(
    "DELETE", PATH + "/{key}", tag="points", scope=Scope.WRITE, query=DeletePointQuery, answer=Answer(status=204, errors=[409])
)  # fmt: skip
def delete_point(call: Call, key: PointKey) -> Response:
    """Delete a point with all that is kept of it.

    Without `confirm`, its key, nothing happens: the answer is 409 and says what would be lost. Its raw readings answer nobody any more, no
    other point ever inherits them, and what its device sends afterwards is a new device's.
    """
    query: DeletePointQuery = call.query
    ondol().points.delete(call.access, key, query.confirm)
    return Response(status=204)


@operation(
    "POST", PATH + "/{key}/merge", tag="points", scope=Scope.WRITE, query=MergeQuery, body=MergeBody, answer=MergeAnswer
)
def merge_point(call: Call, key: PointKey) -> MergeAnswer:
    """Make a point part of another one.

    Its readings, history, repairs and names become those of `into` where that has none; where both have some, that of `into` counts. Both
    have the same building, quantity, dimension and kind. The first is gone afterwards; its key is one more name of `into`. Of two registers
    that are different meters, a swap is noted where the later one begins, as a repair that can be undone.
    """
    query: MergeQuery = call.query
    body: MergeBody = call.body
    done = ondol().points.merge(
        call.access, key, body.into, swap=body.swap, accept_overlap=body.accept_overlap, dry_run=query.dry_run
    )
    return merge_answer(done, dry_run=query.dry_run)


@operation(
    "POST", PATH + "/{key}/aliases", tag="points", scope=Scope.WRITE, body=AliasBody,
    answer=Answer(PointAnswer, status=201, errors=[409]),
)  # fmt: skip
def add_alias(call: Call, key: PointKey) -> PointAnswer:
    """Add a name under which a device sends a point."""
    body: AliasBody = call.body
    return _answer(call, ondol().points.add_name(call.access, key, body.alias))


@operation(
    "DELETE", PATH + "/{key}/aliases", tag="points", scope=Scope.WRITE, query=AliasBody, answer=Answer(status=204)
)
def take_alias(call: Call, key: PointKey) -> Response:
    """Take a name away from a point.

    What comes under it from now on waits as a new device.
    """
    query: AliasBody = call.query
    ondol().points.take_name(call.access, key, query.alias)
    return Response(status=204)


def _answer(call: Call, point: Point) -> PointAnswer:
    return point_answer(point, ondol().points.names(call.access, [point]).get(point.key, []))


@operation("GET", PATH + "/{key}/series", tag="readings", scope=Scope.READ, query=SeriesQuery, answer=SeriesAnswer)
def read_series(call: Call, key: PointKey) -> Response:
    """Read a point over time.

    Amounts are summed and measurements averaged unless `aggregate` says otherwise. A value is null where nothing is known.
    History keeps its own resolution: finer intervals are shared out by time and flagged `estimated`.
    """
    query: SeriesQuery = call.query
    asked = SeriesQuestion(point_key=key, **dict(query))
    return answer_json(_series(ondol().history.look_up_series(call.access, asked)))


@operation(
    "GET", PATH + "/{key}/statistics", tag="readings", scope=Scope.READ, query=StatisticsQuery, answer=StatisticsAnswer
)
def read_statistics(call: Call, key: PointKey) -> StatisticsAnswer:
    """Summarize a point over time.

    Of history at its own resolution: the peak of a year is that of a quarter of an hour, with its time.
    """
    query: StatisticsQuery = call.query
    found = ondol().history.summarize_point(call.access, key, query.start, query.end)
    return StatisticsAnswer(
        point=key, unit=found.point.unit, count=found.count, interval_s=found.interval_s, sum=found.sum, mean=found.mean,
        deviation=found.deviation, minimum=_extreme(found.minimum), maximum=_extreme(found.maximum),
        flagged=found.flagged, flagged_share=found.flagged_share,
    )  # fmt: skip


def _extreme(extreme: Extreme | None) -> ExtremeAnswer | None:
    return extreme and ExtremeAnswer(value=extreme.value, time=extreme.time)


def _series(series: Series) -> dict[str, object]:
    """A `SeriesAnswer` without a Python call for each of its thousands of values."""
    return {
        "point": series.point.key,
        "unit": series.point.unit,
        "interval": series.interval.value,
        "times": times_text(series.times_us),
        "values": series.values.to_list(),
        "quality": quality_names(series.quality),
    }
