"""Names of points, points that become one, and points that are deleted."""

from flask import Response

from ondol.common.access import Scope
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.point_answers import answer_of
from ondol.web.api.shapes.base import PointKey
from ondol.web.api.shapes.point_changes import (
    AliasBody,
    DeletePointQuery,
    MergeAnswer,
    MergeBody,
    MergeQuery,
    merge_answer,
)
from ondol.web.api.shapes.points import PointAnswer
from ondol.web.installation import ondol

PATH = "/api/v1/points/{key}"


@operation(
    "DELETE", PATH + "", tag="points", scope=Scope.WRITE, query=DeletePointQuery, answer=Answer(status=204, errors=[409])
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
    "POST", PATH + "/merge", tag="points", scope=Scope.WRITE, query=MergeQuery, body=MergeBody, answer=MergeAnswer
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
    "POST", PATH + "/aliases", tag="points", scope=Scope.WRITE, body=AliasBody,
    answer=Answer(PointAnswer, status=201, errors=[409]),
)  # fmt: skip
def add_alias(call: Call, key: PointKey) -> PointAnswer:
    """Add a name under which a device sends a point."""
    body: AliasBody = call.body
    return answer_of(call.access, ondol().points.add_name(call.access, key, body.alias))


@operation("DELETE", PATH + "/aliases", tag="points", scope=Scope.WRITE, query=AliasBody, answer=Answer(status=204))
def take_alias(call: Call, key: PointKey) -> Response:
    """Take a name away from a point.

    What comes under it from now on waits as a new device.
    """
    query: AliasBody = call.query
    ondol().points.take_name(call.access, key, query.alias)
    return Response(status=204)
