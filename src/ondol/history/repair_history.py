"""Repairing history: a person decides about a stretch, sees first what changes, and may take it back. Raw readings stay."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import polars as pl

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.calendar import midnight
from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import DAY_S, epoch_s
from ondol.common.messages import said
from ondol.history.model import Repair, RepairAction
from ondol.history.ports import HistoryRecords, RepairRecords
from ondol.history.rules.intervals import Resolution, allocate, calendar_edges
from ondol.history.rules.repairs import CONTEXT_S, check_repair, with_repair
from ondol.history.rules.stretches import Stretch
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building, Point
from ondol.sites.ports import SiteRecords
from ondol.sites.reach import reach_point

LONGEST_S = 3 * 366 * DAY_S
_OF_AN_INSTANT = {RepairAction.SWAP, RepairAction.FIRST_VALUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRepair:
    """What is to be done about start <= t < end, and why. `end` says nothing for a swap and a first value, which are of an instant."""

    action: RepairAction
    start: datetime
    end: datetime | None = None
    value: float | None = None
    last_value: float | None = None
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """What a local day or month comes to before and after; None where nothing is known."""

    first_day: date
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class MadeRepair:
    """A repair and what it changes, in `unit`: usage of meters, the sum of other amounts, the mean of a state."""

    repair: Repair
    unit: str
    days: list[PeriodChange]
    months: list[PeriodChange]


@dataclass(frozen=True, slots=True)
class RepairNeeds:
    """What repairing needs."""

    sites: SiteRecords
    history: HistoryRecords
    repairs: RepairRecords
    audit: Audit
    clock: Clock


def repair_history(
    access: Access, point_key: str, asked: NewRepair, needs: RepairNeeds, *, dry_run: bool = False
) -> MadeRepair:
    """Put a repair in force, on top of those that are; usage and all that is computed from history follow.

    A dry run changes nothing and says what would. Raises NotFound, and InvalidInput where it cannot be done.
    """
    point = reach_point(access, point_key, needs.sites, Scope.WRITE)
    building = needs.sites.building(point.building_key)
    repair = _repair(access, point, asked, needs)
    made = _changes(point, building, repair, needs)
    if not dry_run:
        needs.repairs.add(made.repair, point, building)
        needs.audit.record(access, "history repaired", f"{point.key} {repair.action.value} {repair.key}")
    return made


def list_repairs(access: Access, point_key: str, needs: RepairNeeds) -> list[Repair]:
    """All repairs of the point, also those that are undone, the newest first. Raises NotFound.

    Who rents a part of the building is not told who made them.
    """
    point = reach_point(access, point_key, needs.sites)
    found = needs.repairs.of_point(point.id)[::-1]
    if access.spaces is None:
        return found
    return [replace(repair, made_by="", undone_by=repair.undone_by and "") for repair in found]


def undo_repair(access: Access, point_key: str, key: str, needs: RepairNeeds) -> None:
    """Take a repair out of force: what it covers is as computed again, but for what other repairs say. Raises NotFound."""
    point = reach_point(access, point_key, needs.sites, Scope.WRITE)
    building = needs.sites.building(point.building_key)
    found = next((repair for repair in needs.repairs.of_point(point.id) if repair.key == key), None)
    now_s = epoch_s(needs.clock())
    if found is None or not needs.repairs.undo(
        replace(found, undone_by=access.who, undone_at_s=now_s), point, building
    ):
        raise NotFound(
            said(
                "no repair %(key)s of this point is in force; GET /api/v1/points/%(point)s/repairs lists them",
                key=repr(key),
                point=point.key,
            )
        )
    needs.audit.record(access, "repair undone", f"{point.key} {key}")


def _repair(access: Access, point: Point, asked: NewRepair, needs: RepairNeeds) -> Repair:
    now_s, start_s = epoch_s(needs.clock()), epoch_s(asked.start)
    if asked.action in _OF_AN_INSTANT:
        end_s = _first_start(point, start_s, needs) if asked.action is RepairAction.FIRST_VALUE else start_s
    elif asked.end is None:
        raise InvalidInput(said("say where the stretch ends, with end"))
    else:
        end_s = epoch_s(asked.end)
    repair = Repair(
        key=secrets.token_hex(6), point_id=point.id, action=asked.action, start_s=start_s, end_s=end_s,
        value=asked.value, last_value=asked.last_value, reason=asked.reason, made_by=access.who, made_at_s=now_s,
        covers_start_s=start_s, covers_end_s=end_s,
    )  # fmt: skip
    check_repair(point, repair)
    if max(start_s, end_s) > now_s:
        raise InvalidInput(said("a repair reaches up to now at most; what is to come is not known yet"))
    if end_s - start_s > LONGEST_S:
        raise InvalidInput(said("a repair covers three years at most; make several of it"))
    return repair


def _first_start(point: Point, start_s: int, needs: RepairNeeds) -> int:
    extent = needs.history.extent([point.id]).get(point.id)
    return max(extent[0], start_s) if extent else start_s


def _changes(point: Point, building: Building, repair: Repair, needs: RepairNeeds) -> MadeRepair:
    low, high = repair.start_s - CONTEXT_S, repair.end_s + CONTEXT_S
    before = needs.history.read([point.id], low, high)
    computed = needs.history.read_computed(point.id, low, high)
    after, stretch = with_repair(point, building, before, computed, repair)
    if stretch.end_s <= stretch.start_s:
        raise InvalidInput(said("this changes nothing"))
    repair = replace(repair, covers_start_s=stretch.start_s, covers_end_s=stretch.end_s)
    whole = _whole_months(stretch, building)
    around = needs.history.read([point.id], *whole)
    changed = pl.concat([
        around.join(before, on="start", how="anti"),
        after.filter(pl.col("start") < whole.end_s, pl.col("start") + pl.col("duration_s") > whole.start_s),
    ]).sort("start")  # fmt: skip
    return MadeRepair(
        repair, point.usage_unit or point.unit, *compared_by_period(point, building, around, changed, stretch)
    )


def compared_by_period(
    point: Point, building: Building, before: pl.DataFrame, after: pl.DataFrame, stretch: Stretch
) -> tuple[list[PeriodChange], list[PeriodChange]]:
    """The local days and the months that the stretch touches, before and after; the intervals (INTERVALS) hold whole months."""
    days = _compared(point, building, before, after, _days(stretch, building), Resolution.DAY)
    return days, _compared(point, building, before, after, _whole_months(stretch, building), Resolution.MONTH)


def _days(stretch: Stretch, building: Building) -> Stretch:
    first, last = (datetime.fromtimestamp(s, building.zone).date() for s in (stretch.start_s, stretch.end_s - 1))
    return Stretch(epoch_s(midnight(first, building.zone)), epoch_s(midnight(last + timedelta(days=1), building.zone)))


def _whole_months(stretch: Stretch, building: Building) -> Stretch:
    first, last = (datetime.fromtimestamp(s, building.zone).date() for s in (stretch.start_s, stretch.end_s - 1))
    after = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Stretch(epoch_s(midnight(first.replace(day=1), building.zone)), epoch_s(midnight(after, building.zone)))


def _compared(
    point: Point, building: Building, before: pl.DataFrame, after: pl.DataFrame, whole: Stretch, period: Resolution
) -> list[PeriodChange]:
    edges = calendar_edges(whole.start_s, whole.end_s, period, building.zone)
    sums = _usage if point.usage_unit else _sums
    old, new = sums(point, before, edges), sums(point, after, edges)
    return [
        PeriodChange(datetime.fromtimestamp(edge, building.zone).date(), old.get(n), new.get(n))
        for n, edge in enumerate(edges[:-1])
    ]


_Sums = Callable[[Point, pl.DataFrame, Sequence[int]], dict[int, float]]


def _usage(point: Point, intervals: pl.DataFrame, edges: Sequence[int]) -> dict[int, float]:
    return dict(usage_by_bin(intervals, {point.id: point}, edges).select("bin", "usage").iter_rows())


def _sums(point: Point, intervals: pl.DataFrame, edges: Sequence[int]) -> dict[int, float]:
    spans = intervals.with_columns((pl.col("start") + pl.col("duration_s")).alias("end"))
    parts = allocate(spans, edges, ["value"] if point.is_additive else [])
    length = pl.col("end") - pl.col("start")
    value = pl.col("value").sum() if point.is_additive else (pl.col("value") * length).sum() / length.sum()
    return dict(parts.group_by("bin").agg(value).select("bin", "value").iter_rows())
