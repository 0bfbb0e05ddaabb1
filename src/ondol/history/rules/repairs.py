"""Repairs: what a person has decided about stretches of history, applied on top of what was computed from readings.

Pure: intervals in, intervals out. What is computed stays beneath; the same repairs on the same intervals give the same.
"""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import DAY_S
from ondol.common.messages import said
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, Repair, RepairAction
from ondol.history.rules.repair_fills import interpolated, like_similar_days
from ondol.history.rules.repair_stands import with_first_value, with_swap
from ondol.history.rules.stretches import END, Stretch, covered, inside, outside, slots, usual_step
from ondol.sites.model import Building, Point, PointKind

CONTEXT_S = 30 * DAY_S
"""What lies so far around a stretch may have a say in it."""
_MOST = 1e100
_REPAIRED = pl.lit(int(Quality.REPAIRED), pl.UInt16)
_ESTIMATED = pl.lit(int(Quality.ESTIMATED), pl.UInt16)
_NEEDS_VALUE = {
    RepairAction.SET: said("what was measured, or the amount of the whole stretch"),
    RepairAction.SCALE: said("the factor"),
    RepairAction.SHIFT: said("what is to be added"),
    RepairAction.SWAP: said("the first stand of the new meter"),
    RepairAction.FIRST_VALUE: said("the register's stand at the start"),
}
_OF_REGISTERS = {RepairAction.SWAP, RepairAction.FIRST_VALUE}


def check_repair(point: Point, repair: Repair) -> None:
    """Raises InvalidInput when the action does not suit the point or what is given with it."""
    action = repair.action
    if (repair.value is None) == (action in _NEEDS_VALUE):
        if repair.value is None:
            raise InvalidInput(
                said("%(value)s needs a value: %(needs_value)s", value=action.value, needs_value=_NEEDS_VALUE[action])
            )
        raise InvalidInput(said("%(value)s takes no value; leave it out", value=action.value))
    if repair.last_value is not None and action is not RepairAction.SWAP:
        raise InvalidInput(said("last_value is the old meter's last stand: it goes with swap alone"))
    if action in _OF_REGISTERS and point.kind is not PointKind.TOTAL_INCREASING:
        raise InvalidInput(
            said(
                "%(action)s is about a register's stand; %(key)s is a %(kind)s",
                action=action.value,
                key=repr(point.key),
                kind=point.kind.value,
            )
        )
    if action not in _OF_REGISTERS and repair.end_s <= repair.start_s:
        raise InvalidInput(said("the end must lie after the start; swap them or choose a longer stretch"))


def repaired(
    point: Point, building: Building, computed: pl.DataFrame, repairs: Sequence[Repair]
) -> tuple[pl.DataFrame, Mapping[str, Stretch]]:
    """The intervals (INTERVALS) of one point with the repairs on them, one after another, and what each covers, by key.

    One that can no longer be done, because readings that came later took its ground away, changes nothing and covers what it did.
    """
    state, covers = computed, dict[str, Stretch]()
    for repair in repairs:
        try:
            state, covers[repair.key] = with_repair(point, building, state, computed, repair)
        except InvalidInput:
            covers[repair.key] = Stretch(repair.covers_start_s, repair.covers_end_s)
    return state, covers


def with_repair(
    point: Point, building: Building, state: pl.DataFrame, computed: pl.DataFrame, repair: Repair
) -> tuple[pl.DataFrame, Stretch]:
    """The intervals with one more repair, and the stretch that it covers: whole intervals.

    Raises InvalidInput, with what to do instead, where it cannot be done.
    """
    check_repair(point, repair)
    if repair.action is RepairAction.SWAP:
        changed, stretch = with_swap(point, state, repair)
    elif repair.action is RepairAction.FIRST_VALUE:
        changed, stretch = with_first_value(point, state, repair)
    else:
        stretch = _stretch(point, state, computed, repair)
        changed = _ACTIONS[repair.action](point, building, state, computed, stretch, repair.value or 0.0)
    if point.kind is PointKind.TOTAL_INCREASING and changed.filter(pl.col("value") < 0).height:
        raise InvalidInput(said("a register never counts down: the value would make the use of an interval negative"))
    if changed.filter(pl.col("value").abs() > _MOST).height:
        raise InvalidInput(said("a value lies within ±1e100; choose a smaller one"))
    changed = changed.select(pl.col(name).cast(dtype) for name, dtype in INTERVALS.items())
    return pl.concat([outside(state, stretch), changed]).sort("start"), stretch


def _stretch(point: Point, state: pl.DataFrame, computed: pl.DataFrame, repair: Repair) -> Stretch:
    stretch = covered(state, Stretch(repair.start_s, repair.end_s), usual_step(point, state))
    while repair.action is RepairAction.RESTORE:
        wider = covered(state, covered(computed, stretch, 1), 1)
        if wider == stretch:
            break
        stretch = wider
    return stretch


def _set(
    point: Point, _: Building, state: pl.DataFrame, __: pl.DataFrame, stretch: Stretch, value: float
) -> pl.DataFrame:
    found = slots(point, state, stretch)
    share = pl.col("duration_s") / pl.col("duration_s").sum() if point.is_additive else pl.lit(1.0)
    is_shared = point.is_additive and found.height > 1
    spread = None if point.is_additive else value
    return found.with_columns(
        (share * value).alias("value"), pl.lit(1.0).alias("measured_share"),
        pl.lit(spread, pl.Float64).alias("value_min"), pl.lit(spread, pl.Float64).alias("value_max"),
        (pl.col("value_last") if point.is_additive else pl.lit(value)).alias("value_last"),
        (_REPAIRED | _ESTIMATED if is_shared else _REPAIRED).alias("quality"),
    )  # fmt: skip


def _scale(
    point: Point, _: Building, state: pl.DataFrame, __: pl.DataFrame, stretch: Stretch, value: float
) -> pl.DataFrame:
    edges = [pl.col("value_min") * value, pl.col("value_max") * value]
    return _known(state, stretch).with_columns(
        pl.col("value") * value,
        pl.min_horizontal(edges).alias("value_min"),
        pl.max_horizontal(edges).alias("value_max"),
        pl.col("value_last") * (1.0 if point.is_additive else value),
        pl.col("quality") | _REPAIRED,
    )


def _shift(
    point: Point, _: Building, state: pl.DataFrame, __: pl.DataFrame, stretch: Stretch, value: float
) -> pl.DataFrame:
    known = _known(state, stretch)
    if point.is_additive:
        share = pl.col("duration_s") / pl.col("duration_s").sum()
        return known.with_columns(pl.col("value") + share * value, pl.col("quality") | _REPAIRED)
    shifted = [pl.col(name) + value for name in ("value", "value_min", "value_max", "value_last")]
    return known.with_columns(*shifted, pl.col("quality") | _REPAIRED)


def _known(state: pl.DataFrame, stretch: Stretch) -> pl.DataFrame:
    known = inside(state, stretch)
    if known.is_empty():
        raise InvalidInput(said("there is no history in this stretch; fill it with set, interpolate or similar_days"))
    return known


def _delete(
    _: Point, __: Building, state: pl.DataFrame, ___: pl.DataFrame, stretch: Stretch, ____: float
) -> pl.DataFrame:
    return _known(state, stretch).clear()


def _restore(
    _: Point, __: Building, ___: pl.DataFrame, computed: pl.DataFrame, stretch: Stretch, ____: float
) -> pl.DataFrame:
    return inside(computed, stretch)


def _filled(fill: Callable[[Point, Building, pl.DataFrame, pl.DataFrame], pl.DataFrame]) -> "_Action":
    def action(
        point: Point, building: Building, state: pl.DataFrame, _: pl.DataFrame, stretch: Stretch, __: float
    ) -> pl.DataFrame:
        filled = fill(point, building, slots(point, state, stretch), outside(state, stretch))
        unknown = [pl.lit(None, pl.Float64).alias(name) for name in ("value_min", "value_max")]
        last = pl.col("value_last") if point.is_additive else pl.lit(None, pl.Float64)
        return filled.with_columns(
            *unknown, last.alias("value_last"), pl.lit(1.0).alias("measured_share"),
            (_REPAIRED | _ESTIMATED).alias("quality"),
        )  # fmt: skip

    return action


_Action = Callable[[Point, Building, pl.DataFrame, pl.DataFrame, Stretch, float], pl.DataFrame]
_ACTIONS: Mapping[RepairAction, _Action] = {
    RepairAction.SET: _set,
    RepairAction.SCALE: _scale,
    RepairAction.SHIFT: _shift,
    RepairAction.DELETE: _delete,
    RepairAction.RESTORE: _restore,
    RepairAction.INTERPOLATE: _filled(interpolated),
    RepairAction.SIMILAR_DAYS: _filled(like_similar_days),
}


def flagged_stretches(intervals: pl.DataFrame) -> pl.DataFrame:
    """Stretches of one point's intervals that are missing or suspect, in order: `start`, `end`, `quality`, `intervals`, `value`.

    Neighbours of the same flags are one stretch. A gap between intervals has neither quality nor value and counts none.
    """
    flagged = intervals.sort("start").select("start", END.alias("end"), "quality", "value")
    begins = (pl.col("start") != pl.col("end").shift(1)) | (pl.col("quality") != pl.col("quality").shift(1))
    suspect = (
        flagged.with_columns(begins.fill_null(value=True).cum_sum().alias("run"))
        .filter(pl.col("quality") != 0)
        .group_by("run")
        .agg(
            pl.col("start").min(), pl.col("end").max(), pl.col("quality").first(),
            pl.len().cast(pl.Int64).alias("intervals"), pl.col("value").sum(),
        )
        .drop("run")
    )  # fmt: skip
    gaps = flagged.select(
        pl.col("end").shift(1).alias("start"), pl.col("start").alias("end"),
        pl.lit(None, pl.UInt16).alias("quality"), pl.lit(0, pl.Int64).alias("intervals"),
        pl.lit(None, pl.Float64).alias("value"),
    ).filter(pl.col("start") < pl.col("end"))  # fmt: skip
    return pl.concat([suspect, gaps]).sort("start")
