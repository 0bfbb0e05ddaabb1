"""Points: create, read, update, list, and their series."""

from flask import Response

from ondol.common.access import Scope
from ondol.history import Extreme, Series, SeriesQuestion
from ondol.sites import NewPoint, PointChange, PointKind, PointRole
from ondol.web.api.operations import Answer, Call, answer_json, operation
from ondol.web.api.paging import page_of
from ondol.web.api.point_answers import answer_of, point_answer
from ondol.web.api.series_json import quality_names, times_text
from ondol.web.api.shapes.base import PointKey
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
    kind = body.kind or _usual_kind(call, body)
    new = NewPoint(**body.model_dump(exclude={"building", "role", "kind"}), role=body.role or usual_role, kind=kind)
    (point,) = ondol().sites.create_points(call.access, body.building, [new])
    return answer_of(call.access, point)


def _usual_kind(call: Call, body: NewPointBody) -> PointKind:
    if body.formula is None:
        return PointKind.MEASUREMENT
    return ondol().sites.kind_of_formula(call.access, body.building, body.formula)


@operation("GET", PATH + "/{key}", tag="points", scope=Scope.READ, answer=PointAnswer)
def read_point(call: Call, key: PointKey) -> PointAnswer:
    """Read a point."""
    return answer_of(call.access, ondol().sites.point(call.access, key))


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
    return answer_of(call.access, changed)


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
