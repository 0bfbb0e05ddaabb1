"""What each repair makes of intervals: a line a case. Quarter-hours are numbered from a Monday's midnight in Seoul."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl
import pytest

from ondol.common.errors import InvalidInput
from ondol.common.quality import Quality
from ondol.history.model import INTERVALS, Repair, RepairAction
from ondol.history.rules.repairs import flagged_stretches, repaired, with_repair
from ondol.sites.model import Building, Point, PointKind

MONDAY_S = int(datetime(2026, 11, 1, 15, tzinfo=UTC).timestamp())
QUARTER = 900
BUILDING = Building(1, "b", "b", "", timezone="Asia/Seoul")
METER = Point(7, "b.m", 1, "b", "m", "electricity", "kWh", PointKind.TOTAL, 900)
REGISTER = replace(METER, kind=PointKind.TOTAL_INCREASING)
SENSOR = Point(7, "b.t", 1, "b", "t", "temperature", "degC")
R, E, G, P, Z = Quality.REPAIRED, Quality.ESTIMATED, Quality.GOOD, Quality.PARTIAL, Quality.RESET
GAP = None


def at(quarter: float) -> int:
    return int(MONDAY_S + quarter * QUARTER)


def history(
    values: list[float | None], stands: list[float | None] | None = None, quality: list[int] | None = None
) -> pl.DataFrame:
    rows = [
        (7, at(n), QUARTER, value, (quality or {})[n] if quality else 0, 1.0, None, None, stands[n] if stands else None)
        for n, value in enumerate(values)
        if value is not None
    ]
    return pl.DataFrame(rows, schema=INTERVALS, orient="row")


def repair(action: str, start: float, end: float, value: float | None = None, last: float | None = None) -> Repair:
    return Repair(
        key="k", point_id=7, action=RepairAction(action), start_s=at(start), end_s=at(end), value=value, last_value=last,
        reason="", made_by="", made_at_s=0, covers_start_s=at(start), covers_end_s=at(end),
    )  # fmt: skip


def done(point: Point, before: pl.DataFrame, asked: Repair) -> pl.DataFrame:
    return with_repair(point, BUILDING, before, before, asked)[0]


@dataclass
class Case:
    point: Point
    before: list[float | None]
    asked: Repair
    after: list[float | None]
    flags: list[int]


CASES = {
    "set a measurement": Case(SENSOR, [1, 9, 9, 4], repair("set", 1, 3, 2), [1, 2, 2, 4], [G, R, R, G]),
    "set fills a gap": Case(SENSOR, [1, GAP, GAP, 4], repair("set", 1, 3, 2), [1, 2, 2, 4], [G, R, R, G]),
    "set an amount: that of the stretch": Case(
        METER, [1, 9, GAP, 4], repair("set", 1, 3, 6), [1, 3, 3, 4], [G, R | E, R | E, G]
    ),
    "set the amount of one interval": Case(METER, [1, 9, 4], repair("set", 1, 2, 2), [1, 2, 4], [G, R, G]),
    "a stretch is taken in whole intervals": Case(SENSOR, [1, 9, 9, 4], repair("set", 1.2, 2.1, 2), [1, 2, 2, 4], [G, R, R, G]),
    "scale": Case(METER, [1, 2, GAP, 4], repair("scale", 1, 4, 10), [1, 20, GAP, 40], [G, R, G, R]),
    "turn a sign": Case(METER, [1, -2, 4], repair("scale", 1, 2, -1), [1, 2, 4], [G, R, G]),
    "shift a measurement": Case(SENSOR, [1, 2, 3], repair("shift", 0, 2, 0.5), [1.5, 2.5, 3], [R, R, G]),
    "shift an amount: the stretch as a whole": Case(METER, [1, 2, 3], repair("shift", 0, 2, 4), [3, 4, 3], [R, R, G]),
    "interpolate": Case(SENSOR, [1, GAP, 99, GAP, 9], repair("interpolate", 1, 4), [1, 3, 5, 7, 9], [G, *[R | E] * 3, G]),
    "interpolate amounts": Case(METER, [2, 99, 4], repair("interpolate", 1, 2), [2, 3, 4], [G, R | E, G]),
    "delete": Case(METER, [1, 99, 3], repair("delete", 1, 2), [1, GAP, 3], [G, G, G]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_repair_makes(name: str) -> None:
    case = CASES[name]
    after = done(case.point, history(case.before), case.asked)
    found = {
        (start - MONDAY_S) // QUARTER: row for start, *row in after.select("start", "value", "quality").iter_rows()
    }
    assert [found.get(n, [None])[0] for n in range(len(case.after))] == pytest.approx(case.after)
    assert [found[n][1] if n in found else G for n in range(len(case.flags))] == case.flags
    assert after["start"].is_sorted()
    assert after["start"].n_unique() == after.height


@dataclass
class Stands:
    """Quarters with the use that the rules found and the stand at their end."""

    use: list[float | None]
    stands: list[float | None]
    asked: Repair
    after: list[float]


STANDS = {
    "a swap at a reading counts the new meter alone": Stands(
        [1, 4000, 1], [100, 4100, 4101], repair("swap", 1, 1, 4099), [1, 1, 1]
    ),
    "a swap within a quarter counts the usual before it": Stands(
        [1, 4000, 1], [100, 4100, 4101], repair("swap", 1.5, 1.5, 4099), [1, 1.5, 1]
    ),
    "the old meter's last stand is exact": Stands(
        [1, 4000, 1], [100, 4100, 4101], repair("swap", 1.5, 1.5, 4099, 100.25), [1, 1.25, 1]
    ),
    "a swap between far readings": Stands(
        [4, 1000, 1000, 1000, 1000, 4], [100, 4100, 4100, 4100, 4100, 4104], repair("swap", 3, 3, 4096),
        [4, 4, 4, 2, 2, 4],
    ),
    "nothing of the old meter is known": Stands([4000, 1], [4100, 4101], repair("swap", 0, 0, 4099), [1, 1]),
    "the first value reaches back": Stands(
        [GAP, GAP, 1, 1], [None, None, 13, 14], repair("first_value", 0, 0, 8), [2, 2, 1, 1]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDS)
def test_what_a_registers_stands_make(name: str) -> None:
    case = STANDS[name]
    quality = [int(E) if value == 1000 else 0 for value in case.use]
    after = done(REGISTER, history(case.use, case.stands, quality), case.asked)
    assert after["value"].to_list() == pytest.approx(case.after)
    changed = after.filter((pl.col("quality") & int(R)) != 0)
    assert changed.height
    assert case.asked.action is RepairAction.FIRST_VALUE or (changed["quality"] & int(Z)).min() == Z


def test_similar_days_are_the_nearest_of_the_same_kind() -> None:
    days: list[float | None] = [float(100 * (n // 96) + n % 96) for n in range(96 * 21)]
    wednesday = 96 * 9
    days[wednesday + 40] = 1e6
    found = done(METER, history(days), repair("similar_days", wednesday + 40, wednesday + 41))
    row = found.row(wednesday + 40, named=True)
    assert row["value"] == pytest.approx((800 + 1000 + 700 + 1100) / 4 + 40)  # Tuesday, Thursday, Monday, Friday
    assert row["quality"] == R | E
    saturday = 96 * 12 + 5
    found = done(METER, history(days), repair("similar_days", saturday, saturday + 1))
    assert found.row(saturday, named=True)["value"] == pytest.approx((500 + 1900) / 2 + 5)


def test_repairs_follow_one_another_and_restore_shows_what_was_computed() -> None:
    before = history([1, 2, 3, 4])
    repairs = [
        replace(repair(action, start, end, value), key=str(n))
        for n, (action, start, end, value) in enumerate(
            [("set", 0, 3, 9.0), ("scale", 2, 4, 10.0), ("restore", 1, 2, None), ("delete", 3, 4, None)]
        )
    ]
    state, covers = repaired(METER, BUILDING, before, repairs)
    assert dict(state.select("start", "value").iter_rows()) == {at(0): 3, at(1): 2, at(2): 30}
    assert state["quality"].to_list() == [R | E, 0, R | E]
    assert covers["1"] == (at(2), at(4))


def test_what_can_no_longer_be_done_changes_nothing() -> None:
    before = history([1, 2])
    state, covers = repaired(METER, BUILDING, before, [repair("scale", 5, 6, 2)])
    assert state.equals(before)
    assert covers["k"] == (at(5), at(6))


REFUSED = {
    "needs a value": (METER, repair("set", 0, 1)),
    "takes no value": (METER, repair("delete", 0, 1, 3)),
    "about a register": (METER, repair("swap", 0, 0, 3)),
    "the end must lie after": (METER, repair("delete", 2, 1)),
    "no history in this stretch": (METER, repair("scale", 8, 9, 2)),
    "nothing is known within a week": (METER, repair("interpolate", 2, 3)),
    "no similar day": (METER, repair("similar_days", 1, 2)),
    "never counts down": (REGISTER, repair("shift", 0, 2, -99)),
    "no stand of 500 or more": (REGISTER, repair("swap", 1, 1, 500)),
    "had counted 2 more already": (REGISTER, repair("swap", 1, 1, 3, 8)),
    "history begins before": (REGISTER, repair("first_value", 1, 1, 3)),
    "first reading is lower, by 90": (REGISTER, repair("first_value", -4, -4, 99)),
    "goes with swap alone": (METER, repair("set", 0, 1, 3, 4)),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_done_is_refused_in_words(words: str) -> None:
    point, asked = REFUSED[words]
    with pytest.raises(InvalidInput, match=words):
        done(point, history([1, 1], [10, 11]), asked)


def test_flagged_stretches_join_neighbours_of_the_same_flags_and_name_gaps() -> None:
    found = flagged_stretches(history([1, 2, 3, GAP, 5, 6], quality=[0, E, E, 0, E, P]))
    assert found.rows() == [
        (at(1), at(3), E, 2, 5.0), (at(3), at(4), None, 0, None), (at(4), at(5), E, 1, 5.0), (at(5), at(6), P, 1, 6.0),
    ]  # fmt: skip
