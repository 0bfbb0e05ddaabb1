"""One point becomes part of another: its readings, history, repairs and names, where the other has none.

Durable in steps: the plan is noted, readings are copied, then one transaction does the rest. What is cut off in between is
finished by standing work, or by asking again; copying again changes nothing.
"""

import polars as pl

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_US, SECOND_US, epoch_s
from ondol.common.units import conversion
from ondol.history.aggregate_readings import aggregate_readings
from ondol.history.repair_history import compared_by_period
from ondol.history.rules.stretches import END, Stretch
from ondol.points.change_point import require_whole
from ondol.points.model import Joint, MergeOutcome, MergePlan, Merging
from ondol.points.needs import PointNeeds
from ondol.points.rules import SMALL_SHARE, converted, free_stretches, joint, left_over, overlap
from ondol.readings.model import LATEST_US, READINGS
from ondol.sites.model import RAW_RESOLUTION_S, RAW_RESOLUTION_US, Building, Point, PointKind
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
    _check_alike(point, other, needs)
    begun = next((it for it in needs.records.retired() if it.point_id == point.id), None)
    if begun is not None and begun.into != other.id:
        raise InvalidInput(f"{point.key!r} is on its way into another point; wait a minute until that is done")
    if not dry_run:
        aggregate_readings(needs.timeseries, needs.history, needs.sites)
    plan = begun.plan if begun else _plan(access, point, other, swap, needs)
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
    if not plan.stretches:
        return readings.clear()
    time = pl.col("time_us")
    bounds = [(time >= low) & (time < high) for low, high in plan.stretches]
    return readings.filter(pl.any_horizontal(bounds))


def _check_alike(point: Point, other: Point, needs: PointNeeds) -> None:
    """Raises InvalidInput with what has to be changed before they can be one."""
    if point.id == other.id:
        raise InvalidInput("a point cannot be merged into itself; name the one that is to stay in into")
    for name in ("building_key", "quantity", "dimension", "kind", "interval_s"):
        one, two = getattr(point, name), getattr(other, name)
        if one != two and (name != "interval_s" or point.kind is PointKind.TOTAL):
            word = {"building_key": "building", "dimension": "unit"}.get(name, name)
            raise InvalidInput(
                f"the {word} of {point.key!r} is {one or 'not known'}, that of {other.key!r} is {two or 'not known'}; "
                f"change the {word} of one of them first"
            )
    mains = {it.key: it.submeter_of for it in needs.sites.points(point.building_key)}
    if _is_behind(point.key, other.key, mains) or _is_behind(other.key, point.key, mains):
        raise InvalidInput(
            f"one of {point.key!r} and {other.key!r} is a submeter of the other, so that they count different things; "
            "change submeter_of first if that is not so"
        )


def _is_behind(key: str, main: str, mains: dict[str, str | None]) -> bool:
    above, passed = mains.get(key), set[str]()
    while above is not None and above not in passed:
        if above == main:
            return True
        passed.add(above)
        above = mains.get(above)
    return False


def _plan(access: Access, point: Point, other: Point, swap: bool | None, needs: PointNeeds) -> MergePlan:
    factor, shift = conversion(point.unit, other.unit) or (1.0, 0.0)
    stretches, joints = _stretches(point, other, needs), list[Joint]()
    if point.kind is PointKind.TOTAL_INCREASING:
        stretches, joints = _register_ways(point, other, factor, swap, needs)
    return MergePlan(stretches, factor, shift, joints, access.who, epoch_s(needs.clock()))


def _stretches(point: Point, other: Point, needs: PointNeeds) -> list[tuple[int, int]]:
    """The windows of the point's raw readings in which the other has neither readings nor history."""
    windows, taken = _raw_windows(point.id, needs), _raw_windows(other.id, needs)
    if windows:
        kept = needs.history.read_computed(other.id, min(windows) // SECOND_US, _ALL_S)
        for start, duration_s in kept.select("start", "duration_s").iter_rows():
            first = start // RAW_RESOLUTION_S * RAW_RESOLUTION_S
            taken |= {second * SECOND_US for second in range(first, start + duration_s, RAW_RESOLUTION_S)}
    return free_stretches(windows, taken)


def _raw_windows(point_id: int, needs: PointNeeds) -> set[int]:
    windows: set[int] = set()
    at_us = needs.timeseries.next_after(point_id, 0)
    while at_us is not None:
        end_us = (at_us // DAY_US + 1) * DAY_US
        times = needs.timeseries.read([point_id], at_us, end_us)["time_us"]
        windows |= set((times // RAW_RESOLUTION_US * RAW_RESOLUTION_US).unique().to_list())
        at_us = needs.timeseries.next_after(point_id, end_us)
    return windows


Stand = tuple[int, float]


def _register_ways(
    point: Point, other: Point, factor: float, swap: bool | None, needs: PointNeeds
) -> tuple[list[tuple[int, int]], list[Joint]]:
    """A register is taken before and behind the other one alone: readings of two among each other would make nonsense."""
    first, last = _stand_after(other, 0, needs), _stand_before(other, LATEST_US, needs)
    if first is None or last is None:
        return [(0, LATEST_US)], []
    known = needs.history.registers([point.id, other.id])
    own, its = known.get(point.id), known.get(other.id)
    paces = [(point.max_per_hour or 0.0) * factor, other.max_per_hour or 0.0]
    paces += [(own.fastest_per_hour or 0.0) * factor if own else 0.0, (its.fastest_per_hour or 0.0) if its else 0.0]
    meets: list[tuple[Stand, Stand]] = []
    if (before := _stand_before(point, first[0], needs)) is not None:
        meets.append(((before[0], before[1] * factor), first))
    if (after := _stand_after(point, last[0] + 1, needs)) is not None:
        meets.append((last, (after[0], after[1] * factor)))
    joints: list[Joint] = []
    for one, two in meets:
        found = joint(one, two, max(paces), swap)
        if found is None:
            raise InvalidInput(
                f"whether one register goes on in the other cannot be told: the earlier one ends at {one[1]:g} {other.unit}, the later "
                f"one begins at {two[1]:g}; send swap: true if another meter began there, false if it is the same one"
            )
        joints.append(found)
    return [(0, first[0]), (last[0] + 1, LATEST_US)], joints


def _stand_before(point: Point, end_us: int, needs: PointNeeds) -> Stand | None:
    """The register's last known stand before an instant, of its raw readings, or where these are gone of its history."""
    raw = needs.timeseries.latest([point.id], end_us)
    if raw.height:
        return int(raw["time_us"][0]), float(raw["value"][0])
    kept = needs.history.read_computed(point.id, 0, end_us // SECOND_US).filter(pl.col("value_last").is_not_null())
    kept = kept.with_columns(END.alias("end")).filter(pl.col("end") <= end_us // SECOND_US).tail(1)
    return (int(kept["end"][0]) * SECOND_US, float(kept["value_last"][0])) if kept.height else None


def _stand_after(point: Point, start_us: int, needs: PointNeeds) -> Stand | None:
    """The first one from an instant on."""
    kept = needs.history.read_computed(point.id, start_us // SECOND_US, _ALL_S)
    kept = kept.filter(pl.col("value_last").is_not_null(), pl.col("start") * SECOND_US >= start_us).head(1)
    raw_us = needs.timeseries.next_after(point.id, start_us)
    if raw_us is not None and (kept.is_empty() or raw_us < (int(kept["start"][0]) + RAW_RESOLUTION_S) * SECOND_US):
        return raw_us, float(needs.timeseries.read([point.id], raw_us, raw_us + 1)["value"][0])
    if kept.is_empty():
        return None
    return int(kept["start"][0]) * SECOND_US, float(kept["value_last"][0]) - float(kept["value"][0])


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
