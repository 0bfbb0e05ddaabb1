"""Whatever is written, repaired and undone in whatever order: history is what the repairs in force make of what was computed."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.making import make_building, make_points

from ondol.common.access import SYSTEM
from ondol.common.errors import InvalidInput
from ondol.history.model import INTERVALS, Repair, RepairAction
from ondol.history.rules.repairs import repaired, with_repair
from ondol.installation import Installation
from ondol.sites.model import Building, Point

DAY_S = 1_793_545_200  # a midnight in Seoul
STEP_S = 900
AROUND = (DAY_S - 86_400, DAY_S + 86_400)
SLOTS = 24
ACTIONS = ("set", "scale", "shift", "delete", "restore")
"""Those that hang on their own stretch alone; the others are not moved by what changes around them."""

write = st.tuples(
    st.just("write"), st.sampled_from([900, 900, 3600]), st.integers(0, SLOTS - 4), st.lists(st.integers(1, 9), min_size=1, max_size=4)
)  # fmt: skip
repair = st.tuples(st.sampled_from(ACTIONS), st.integers(0, SLOTS - 1), st.integers(1, 6), st.integers(2, 5))
undo = st.tuples(st.just("undo"), st.integers(0, 5))


def frame(point: Point, step_s: int, slot: int, values: list[int]) -> pl.DataFrame:
    first = (DAY_S + slot * STEP_S) // step_s * step_s
    rows = [(point.id, first + n * step_s, step_s, float(v), 0, 1.0, None, None, None) for n, v in enumerate(values)]
    return pl.DataFrame(rows, schema=INTERVALS, orient="row")


def made(key: str, point: Point, action: str, slot: int, count: int, value: int) -> Repair:
    low, high = DAY_S + slot * STEP_S, DAY_S + (slot + count) * STEP_S
    needs = action in ("set", "scale", "shift")
    return Repair(
        key=key, point_id=point.id, action=RepairAction(action), start_s=low, end_s=high,
        value=float(value) if needs else None, last_value=None, reason="r", made_by="m", made_at_s=0,
        covers_start_s=low, covers_end_s=high,
    )  # fmt: skip


def values(intervals: pl.DataFrame) -> list[tuple[float, ...]]:
    rounded = intervals.sort("start").select(
        "start", "duration_s", pl.col("value").round(6), "quality", "measured_share"
    )
    return rounded.rows()


def check(ondol: Installation, point: Point, bare: Point, building: Building) -> None:
    history, repairs = ondol.history.records, ondol.history.repaired
    computed = history.read([bare.id], *AROUND).with_columns(pl.lit(point.id, pl.Int32).alias("point_id"))
    assert values(history.read_computed(point.id, *AROUND)) == values(computed)
    in_force = [repair for repair in repairs.of_point(point.id) if repair.undone_at_s is None]
    expected, _ = repaired(point, building, computed, in_force)
    found = history.read([point.id], *AROUND)
    assert values(found) == values(expected)
    days = history.usage([point.id], "day", date(2026, 10, 30), date(2026, 11, 4))
    assert float(days["usage"].sum()) == pytest.approx(float(found["value"].sum()))
    assert (days.height == 0) == (found.height == 0)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(write, repair, undo), min_size=1, max_size=12))
def test_history_is_what_repairs_make_of_what_was_computed(
    ondol: Installation, steps: list[tuple[object, ...]]
) -> None:
    if not ondol.sites.buildings(SYSTEM):
        make_building(ondol, "b", timezone="Asia/Seoul")
    building = ondol.sites.building(SYSTEM, "b")
    meter = {"name": "m", "quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 900}
    key = f"b.{len(ondol.sites.points(SYSTEM, 'b'))}"
    point, bare = make_points(ondol, "b", [{"key": key, **meter}, {"key": f"{key}.bare", **meter}])
    for number, step in enumerate(steps):
        match step:
            case ("write", int(step_s), int(slot), list(new)):
                for kept in (point, bare):
                    intervals = frame(kept, step_s, slot, new)  # pyright: ignore[reportUnknownArgumentType]
                    ondol.history.records.write(intervals, {kept.id: kept}, {building.id: building})
            case ("undo", int(n)):
                undo_one(ondol, point, building, n)
            case (str(action), int(slot), int(count), int(value)):
                asked = made(f"{key}-{number}", point, action, slot, count, value)
                repair_one(ondol, point, building, asked)
            case _:
                raise AssertionError(step)
        check(ondol, point, bare, building)


def undo_one(ondol: Installation, point: Point, building: Building, n: int) -> None:
    repairs = ondol.history.repaired
    in_force = [repair for repair in repairs.of_point(point.id) if repair.undone_at_s is None]
    if in_force:
        undone = replace(in_force[n % len(in_force)], undone_by="x", undone_at_s=1)
        assert repairs.undo(undone, point, building)


def repair_one(ondol: Installation, point: Point, building: Building, asked: Repair) -> None:
    history = ondol.history.records
    state, computed = history.read([point.id], *AROUND), history.read_computed(point.id, *AROUND)
    try:
        _, (low, high) = with_repair(point, building, state, computed, asked)
    except InvalidInput:
        return
    ondol.history.repaired.add(replace(asked, covers_start_s=low, covers_end_s=high), point, building)
