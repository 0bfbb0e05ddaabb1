"""Points that are gone: what was noted of them, and where readings of them belong now."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import Connection, select

from ondol.database.upsert import upsert
from ondol.points.model import Joint, MergePlan, Merging
from ondol.readings.ports import Merged
from ondol.sites.model import Point
from ondol.sites.tables import PointRow, RetiredPointRow


def retire(connection: Connection, point: Point, at_s: int, into: int | None, plan: MergePlan) -> None:
    """Note that the point is gone, or on its way."""
    values = {
        "id": point.id, "key": point.key, "stored_as": point.name_in_store, "retired_at_s": at_s, "merged_into": into,
        "factor": plan.factor, "shift": plan.shift, "plan": orjson.dumps(asdict(plan)).decode(), "is_cleared": False,
    }  # fmt: skip
    # A merge that was begun gives way to the deletion of its point.
    upsert(connection, RetiredPointRow, list(values), [tuple(values.values())], ["id"])


def follow(connection: Connection, at: Merged) -> Merged | None:
    """Where the readings ended up in the end, through one merge after another."""
    row = RetiredPointRow
    while (
        found := connection.execute(select(row.merged_into, row.factor, row.shift).where(row.id == at.point_id)).first()
    ) is not None:
        into, factor, shift = found
        if into is None:
            return None
        at = Merged(into, at.factor * factor, at.shift * factor + shift)
        if connection.scalar(select(PointRow.id).where(PointRow.id == into)) is not None:
            return at
    return None


def merging_of(row: Mapping[Any, Any]) -> Merging:
    """A row as `Merging`."""
    plan: dict[str, Any] = orjson.loads(row["plan"])
    stretches = [(low, high) for low, high in plan.get("stretches", [])]
    joints = [Joint(**joint) for joint in plan.get("joints", [])]
    known = MergePlan(stretches, row["factor"], row["shift"], joints, plan.get("made_by", ""), plan.get("made_at_s", 0))
    return Merging(
        row["id"], row["stored_as"], row["retired_at_s"], row["merged_into"], known, is_there=bool(row["is_there"])
    )
