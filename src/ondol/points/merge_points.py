"""One point becomes part of another: its readings, history, repairs and names, where the other has none.

Durable in steps: the plan is noted, readings are copied, then one transaction does the rest. What is cut off in between is
finished by standing work, or by asking again; copying again changes nothing.
"""

import polars as pl

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_US, SECOND_US
from ondol.history.aggregate_readings import aggregate_readings
from ondol.history.repair_history import compared_by_period
from ondol.history.rules.stretches import END, Stretch
from ondol.points.change_point import check_not_read, check_without, require_whole
from ondol.points.model import MergeOutcome, MergePlan, Merging
from ondol.points.needs import PointNeeds
from ondol.points.plan_merge import check_alike, plan_merge
from ondol.points.rules import SMALL_SHARE, converted, left_over, overlap
from ondol.readings.model import LATEST_US, READINGS
from ondol.sites.model import Building, Point
from ondol.sites.reach import reach_point

_ALL_S = LATEST_US // SECOND_US


def merge_points(
    access: Access, key: str, into: str, needs: PointNeeds, *, swap: bool | None = None, accept_overlap: bool = False,
    dry_run: bool = False,
) -> MergeOutcome:  # fmt: skip
    """Make the point part of `into`, whose own readings and history count where it has some. A dry run only says what would be.

    `swap` says of registers whether `into` is another meter, where that cannot be told. Raises NotFound, and InvalidInput with what to
    change first, or where both say different things for longer than a small share and `accept_overlap` is not given.
    """
    point = reach_point(access, key, needs.sites, Scope.WRITE)
    other = reach_point(access, into, needs.sites, Scope.WRITE)
    building = require_whole(access, point, needs)
    check_alike(point, other, needs)
    check_not_read(point, "is merged", needs)
    check_without(point, other.key, needs)
    begun = next((it for it in needs.records.retired() if it.point_id == point.id), None)
    if begun is not None and begun.into not in needs.sites.points_by_id([begun.into or 0]):
        begun = None  # the other one was deleted meanwhile
    if begun is not None and begun.into != other.id:
        raise InvalidInput(f"{point.key!r} is on its way into another point; wait a minute until that is done")
    if not dry_run:
        aggregate_readings(needs.timeseries, needs.history, needs.sites)
    plan = begun.plan if begun else plan_merge(access, point, other, swap, needs)
    outcome = _outcome(point, other, building, plan, needs)
    if begun is None:
        _check_overlap(point, other, outcome, needs, accept_overlap=accept_overlap)
    if dry_run:
        return outcome
    if begun is None:
        needs.records.begin_merge(point, other, plan)
    _finish(access, point, other, building, plan, needs)
    return outcome


def finish_merges(needs: PointNeeds) -> None:
    """Merges that were cut off."""
    for begun in needs.records.retired():
        if begun.is_there and begun.into is not None:
            _go_on(begun, needs)


def _go_on(begun: Merging, needs: PointNeeds) -> None:
    points = needs.sites.points_by_id([begun.point_id, begun.into or 0])
    point, into = points.get(begun.point_id), points.get(begun.into or 0)
    if point is None or into is None:
        return
    building = needs.sites.building(into.building_key)
    _finish(SYSTEM, point, into, building, begun.plan, needs)


def _finish(access: Access, point: Point, into: Point, building: Building, plan: MergePlan, needs: PointNeeds) -> None:
    copy_readings(point.id, into.id, plan, needs)
    needs.records.finish_merge(point, into, building, plan)
    needs.settle([point, into], [building])
    aggregate_readings(needs.timeseries, needs.history, needs.sites)
    needs.audit.record(access, "points merged", f"{point.key} into {into.key}")


def copy_readings(point_id: int, into: int, plan: MergePlan, needs: PointNeeds) -> None:
    """The readings that the plan takes, as those of the other point, a day at a time."""
    at_us = needs.timeseries.next_after(point_id, 0)
    while at_us is not None:
        end_us = (at_us // DAY_US + 1) * DAY_US
        taken = _taken(needs.timeseries.read([point_id], at_us, end_us), plan)
        value = pl.col("value") * plan.factor + plan.shift
        if taken.height:
            needs.timeseries.append(
                taken.with_columns(pl.lit(into, pl.Int32).alias("point_id"), value).select(READINGS.names())
            )
        at_us = needs.timeseries.next_after(point_id, end_us)


def _taken(readings: pl.DataFrame, plan: MergePlan) -> pl.DataFrame:
    if readings.is_empty():
        return readings
    first, last, time = int(readings["time_us"][0]), int(readings["time_us"][-1]), pl.col("time_us")
    bounds = [(time >= low) & (time < high) for low, high in plan.stretches if low <= last and first < high]
    return readings.filter(pl.any_horizontal(bounds)) if bounds else readings.clear()


def _check_overlap(
    point: Point, other: Point, outcome: MergeOutcome, needs: PointNeeds, *, accept_overlap: bool
) -> None:
    whole_s = int(needs.history.read([point.id], 0, _ALL_S)["duration_s"].sum())
    if outcome.conflict_s > whole_s * SMALL_SHARE and not accept_overlap:
        raise InvalidInput(
            f"{point.key!r} and {other.key!r} both have history for {outcome.overlap_s / 3600:,.1f} hours and say different things in "
            f"{outcome.conflict_s / 3600:,.1f} of them; send accept_overlap to keep what {other.key!r} says there"
        )


def _outcome(point: Point, other: Point, building: Building, plan: MergePlan, needs: PointNeeds) -> MergeOutcome:
    theirs, second = (needs.history.read([it.id], 0, _ALL_S) for it in (point, other))
    first = converted(theirs, other.id, plan.factor, plan.shift, is_additive=point.is_additive)
    left = left_over(first, second, is_additive=point.is_additive)
    both_s, conflict_s = overlap(first, left, second)
    days, months = [], []
    if left.height:
        after = pl.concat([left, second]).sort("start")
        stretch = Stretch(int(left["start"][0]), int(left.select(END).to_series().max() or 0))  # pyright: ignore[reportArgumentType]
        days, months = compared_by_period(other, building, second, after, stretch)
    names = [point.key, *needs.records.names([point.id]).get(point.id, [])]
    return MergeOutcome(
        point.key, other.key, _count(point.id, plan, needs), left.height, both_s, conflict_s, plan.joints,
        names if plan.keeps_names else [], [] if plan.keeps_names else names,
        [it.key for it in needs.sites.points(point.building_key) if it.submeter_of == point.key],
        sum(repair.undone_at_s is None for repair in needs.repairs.of_point(point.id)),
        other.usage_unit or other.unit, [d for d in days if d.before != d.after], [m for m in months if m.before != m.after],
    )  # fmt: skip


def _count(point_id: int, plan: MergePlan, needs: PointNeeds) -> int:
    count, at_us = 0, needs.timeseries.next_after(point_id, 0)
    while at_us is not None:
        end_us = (at_us // DAY_US + 1) * DAY_US
        count += _taken(needs.timeseries.read([point_id], at_us, end_us), plan).height
        at_us = needs.timeseries.next_after(point_id, end_us)
    return count
