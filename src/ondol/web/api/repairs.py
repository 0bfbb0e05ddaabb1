"""Repairs of a point's history."""

from typing import Annotated

from flask import Response
from pydantic import Field

from ondol.common.access import Scope
from ondol.history import NewRepair
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes.base import PointKey
from ondol.web.api.shapes.repairs import (
    FlaggedList,
    FlaggedQuery,
    MadeRepairAnswer,
    RepairBody,
    RepairList,
    RepairQuery,
    flagged_answer,
    made_repair_answer,
    repair_answer,
)
from ondol.web.installation import ondol

PATH = "/api/v1/points/{key}/repairs"
RepairKey = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$", examples=["5d1c0a9b7e42"])]


@operation("POST", PATH, tag="points", scope=Scope.WRITE, query=RepairQuery, body=RepairBody, answer=MadeRepairAnswer)
def repair_point(call: Call, key: PointKey) -> MadeRepairAnswer:
    """Repair a stretch of a point's history.

    Raw readings stay as they are; history, usage and what is computed from them follow. Later repairs lie on earlier ones.
    Readings that arrive late are computed beneath. `dry_run` only says what days and months would come to.
    """
    query: RepairQuery = call.query
    body: RepairBody = call.body
    made = ondol().history.repair(call.access, key, NewRepair(**dict(body)), dry_run=query.dry_run)
    return made_repair_answer(key, made, dry_run=query.dry_run)


@operation("GET", PATH, tag="points", scope=Scope.READ, answer=RepairList)
def list_repairs(call: Call, key: PointKey) -> RepairList:
    """List the repairs of a point."""
    found = ondol().history.repairs(call.access, key)
    return RepairList(items=[repair_answer(key, repair) for repair in found], next=None)


@operation("DELETE", PATH + "/{repair}", tag="points", scope=Scope.WRITE, answer=Answer(status=204))
def undo_repair(call: Call, key: PointKey, repair: RepairKey) -> Response:
    """Undo a repair.

    What it covered is as computed from the readings again, but for what other repairs say.
    """
    ondol().history.undo_repair(call.access, key, repair)
    return Response(status=204)


@operation(
    "GET", "/api/v1/points/{key}/flagged", tag="points", scope=Scope.READ, query=FlaggedQuery, answer=FlaggedList
)
def list_flagged(call: Call, key: PointKey) -> FlaggedList:
    """List what of a point's history is suspect or missing."""
    query: FlaggedQuery = call.query
    found = ondol().history.find_flagged(call.access, key, query.start, query.end)
    return FlaggedList(items=[flagged_answer(stretch) for stretch in found])
