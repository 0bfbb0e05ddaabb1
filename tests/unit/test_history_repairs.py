"""Repairs through real stores: they change what is shown and counted, outlive what arrives late, and can be taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.conftest import NOW, SetClock
from tests.making import make_building, make_points, make_spaces, series_of, usage_of

from ondol.audit import AuditQuestion
from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.quality import Quality
from ondol.history import NewRepair, RepairAction, Resolution
from ondol.installation import Installation
from ondol.readings import Submission

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")
QUARTER = timedelta(minutes=15)
KINDS: dict[str, dict[str, Any]] = {
    "total": {"unit": "kWh", "kind": "total", "interval_s": 900},
    "total_increasing": {"unit": "kWh", "kind": "total_increasing"},
    "measurement": {"unit": "kW"},
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def make_meter(ondol: Installation, kind: str = "total") -> None:
    make_building(ondol, "hq", timezone="Asia/Seoul")
    make_points(ondol, "hq", [{"key": "hq.m", "name": "m", "quantity": "electricity", **KINDS[kind]}])


def send(ondol: Installation, start: datetime, values: list[float]) -> None:
    times = [int((start + n * QUARTER).timestamp()) * 1_000_000 for n in range(len(values))]
    ondol.readings.record(SYSTEM, Submission(["hq.m"] * len(times), times, values, range(1, len(times) + 1)))
    ondol.history.aggregate()


def send_day(ondol: Installation, kind: str) -> None:
    """A day on which 1 kWh is used each quarter of an hour."""
    values = {"total": [1.0] * 96, "measurement": [4.0] * 97, "total_increasing": [100.0 + n for n in range(97)]}
    send(ondol, DAY, values[kind])


def repair(ondol: Installation, action: str, start: datetime, end: datetime | None = None, **more: Any):
    dry_run = more.pop("dry_run", False)
    asked = NewRepair(action=RepairAction(action), start=start, end=end, reason="why", **more)
    return ondol.history.repair(SYSTEM, "hq.m", asked, dry_run=dry_run)


def used(ondol: Installation, interval: Resolution = Resolution.DAY) -> float:
    return usage_of(ondol, "hq", "electricity", DAY, DAY + timedelta(days=1), interval).total


def shown(ondol: Installation, start: datetime, count: int) -> list[tuple[float | None, int | None]]:
    series = series_of(ondol, "hq.m", start, start + count * QUARTER, Resolution.QUARTER_HOUR)
    return list(zip(series.values.to_list(), series.quality.to_list(), strict=True))


NOON = DAY + timedelta(hours=12)
ONE = {"total": 1.0, "total_increasing": 1.0, "measurement": 4.0}


def test_a_scaled_stretch_counts_in_days_and_quarters_until_it_is_undone(ondol: Installation, kind: str) -> None:
    make_meter(ondol, kind)
    send_day(ondol, kind)
    assert used(ondol) == pytest.approx(96)
    made = repair(ondol, "scale", NOON, NOON + timedelta(hours=1), value=10.0, dry_run=True)
    assert used(ondol) == pytest.approx(96)
    assert ondol.history.repairs(SYSTEM, "hq.m") == []
    assert made.unit == "kWh"
    assert [(c.first_day.isoformat(), c.before, c.after) for c in made.days] == [
        ("2026-11-16", pytest.approx(96), pytest.approx(132))
    ]
    assert [c.first_day.isoformat() for c in made.months] == ["2026-11-01"]
    month = usage_of(ondol, "hq", "electricity", DAY.replace(day=1), DAY.replace(month=12, day=1), Resolution.MONTH)
    assert made.months[0].before == pytest.approx(month.total)
    made = repair(ondol, "scale", NOON, NOON + timedelta(hours=1), value=10.0)
    assert used(ondol) == used(ondol, Resolution.QUARTER_HOUR) == pytest.approx(132)
    assert shown(ondol, NOON - QUARTER, 3)[1] == (pytest.approx(10 * ONE[kind]), Quality.REPAIRED)
    ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)
    assert used(ondol) == used(ondol, Resolution.QUARTER_HOUR) == pytest.approx(96)
    assert [quality for _, quality in shown(ondol, NOON - QUARTER, 6)] == [0] * 6
    (undone,) = ondol.history.repairs(SYSTEM, "hq.m")
    assert undone.undone_by == "system"
    with pytest.raises(NotFound):
        ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)


def test_late_readings_do_not_wipe_out_a_repair_and_undoing_shows_them(ondol: Installation, kind: str) -> None:
    make_meter(ondol, kind)
    send_day(ondol, kind)
    made = repair(ondol, "set", NOON, NOON + QUARTER, value=7.0)
    late = {"total": 3.0, "measurement": 12.0, "total_increasing": 148.5}[kind]
    send(ondol, NOON, [late])
    assert shown(ondol, NOON, 1) == [(pytest.approx(7), Quality.REPAIRED)]
    assert used(ondol) == pytest.approx({"measurement": 95 + 7 / 4, "total": 102, "total_increasing": 102.5}[kind])
    ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)
    expected = {"total": 3.0, "measurement": 12.0, "total_increasing": 0.5}[kind]
    assert shown(ondol, NOON, 1) == [(pytest.approx(expected), 0)]
    raw = ondol.history.timeseries.read([made.repair.point_id], 0, 1 << 60)
    assert late in raw["value"].to_list()


def test_a_whole_day_that_is_deleted_is_no_usage_of_nothing_but_none_at_all(ondol: Installation) -> None:
    make_meter(ondol)
    send_day(ondol, "total")
    made = repair(ondol, "delete", DAY, DAY + timedelta(days=1))
    assert made.days[0].after is None
    for interval in (Resolution.DAY, Resolution.HOUR, Resolution.MONTH):
        found = usage_of(ondol, "hq", "electricity", DAY.replace(day=1), DAY.replace(month=12, day=1), interval)
        assert {i.value for i in found.intervals} == {None}
    send(ondol, NOON, [5.0])
    assert used(ondol) == 0
    ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)
    assert used(ondol) == pytest.approx(100)


def test_repairs_lie_on_one_another_and_any_may_be_undone(ondol: Installation) -> None:
    make_meter(ondol)
    send_day(ondol, "total")
    first = repair(ondol, "set", NOON, NOON + 2 * QUARTER, value=6.0)
    second = repair(ondol, "scale", NOON + QUARTER, NOON + 3 * QUARTER, value=2.0)
    assert [value for value, _ in shown(ondol, NOON, 4)] == pytest.approx([3, 6, 2, 1])
    third = repair(ondol, "restore", NOON + QUARTER, NOON + 2 * QUARTER)
    assert shown(ondol, NOON, 4)[1] == (1.0, 0)
    ondol.history.undo_repair(SYSTEM, "hq.m", first.repair.key)
    assert [value for value, _ in shown(ondol, NOON, 4)] == pytest.approx([1, 1, 2, 1])
    ondol.history.undo_repair(SYSTEM, "hq.m", third.repair.key)
    assert [value for value, _ in shown(ondol, NOON, 4)] == pytest.approx([1, 2, 2, 1])
    ondol.history.undo_repair(SYSTEM, "hq.m", second.repair.key)
    assert used(ondol) == pytest.approx(96)
    assert {quality for _, quality in shown(ondol, DAY, 96)} == {0}


def test_a_gap_is_filled_by_the_line_and_by_days_like_it(ondol: Installation) -> None:
    make_meter(ondol)
    for day in (-7, -3, -2, -1, 0):
        send(ondol, DAY + timedelta(days=day), [float(n % 4) for n in range(96 if day else 40)])
    send(ondol, DAY + 44 * QUARTER, [8.0] * 4)
    gap = DAY + 40 * QUARTER
    made = repair(ondol, "interpolate", gap, gap + 4 * QUARTER)
    line = [3 + n for n in (1, 2, 3, 4)]
    flags = Quality.REPAIRED | Quality.ESTIMATED
    assert shown(ondol, gap, 4) == [(pytest.approx(value), flags) for value in line]
    ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)
    assert [value for value, _ in shown(ondol, gap, 4)] == [None] * 4
    repair(ondol, "similar_days", gap, gap + 4 * QUARTER)
    assert shown(ondol, gap, 4) == [(pytest.approx(n), flags) for n in range(4)]


def test_a_swap_that_looked_like_use_counts_from_the_new_meters_first_stand(ondol: Installation) -> None:
    make_meter(ondol, "total_increasing")
    old, new = [100.0 + n for n in range(49)], [160.0 + n for n in range(48)]
    send(ondol, DAY, old + new)  # 148 at noon, 160 a quarter of an hour later
    assert used(ondol) == pytest.approx(107)
    made = repair(ondol, "swap", NOON + timedelta(minutes=6), value=159.4, last_value=148.4)
    assert used(ondol) == used(ondol, Resolution.HOUR) == pytest.approx(96)
    send(ondol, NOON + timedelta(minutes=5), [148.3])
    send(ondol, NOON + timedelta(minutes=10), [159.6])
    assert used(ondol) == pytest.approx(96)
    ondol.history.undo_repair(SYSTEM, "hq.m", made.repair.key)
    assert used(ondol) == pytest.approx(107)


def test_a_first_value_reaches_back_before_the_first_reading(ondol: Installation) -> None:
    make_meter(ondol, "total_increasing")
    send(ondol, NOON, [100.0 + n for n in range(49)])
    assert used(ondol) == pytest.approx(48)
    repair(ondol, "first_value", DAY, value=4.0)
    assert used(ondol) == pytest.approx(48 + 96)
    assert shown(ondol, DAY, 1) == [(pytest.approx(2), Quality.REPAIRED | Quality.ESTIMATED)]


def test_flagged_stretches_name_what_is_suspect_and_missing(ondol: Installation) -> None:
    make_meter(ondol)
    send(ondol, DAY, [1.0] * 8)
    send(ondol, DAY + 12 * QUARTER, [1.0] * 8)
    repair(ondol, "set", DAY, DAY + 2 * QUARTER, value=5.0)
    gap, set_ = ondol.history.find_flagged(SYSTEM, "hq.m", DAY, NOW)
    assert (gap.start, gap.end, gap.quality) == (DAY + 8 * QUARTER, DAY + 12 * QUARTER, None)
    assert (set_.start, set_.end, set_.quality) == (DAY, DAY + 2 * QUARTER, Quality.REPAIRED | Quality.ESTIMATED)
    assert (set_.intervals, set_.value) == (2, pytest.approx(5))
    flags = ondol.history.assess_data_quality(SYSTEM, "hq")[0].flags
    assert flags["repaired"] == 2


def test_a_repair_is_in_the_audit_and_says_by_whom_and_why(ondol: Installation, clock: SetClock) -> None:
    make_meter(ondol)
    send_day(ondol, "total")
    key = repair(ondol, "delete", NOON, NOON + QUARTER).repair.key
    ondol.history.undo_repair(SYSTEM, "hq.m", key)
    actions = [(r.deed.action, r.deed.subject) for r in ondol.audit.records(SYSTEM, AuditQuestion())]
    assert ("history repaired", f"hq.m delete {key}") in actions
    assert ("repair undone", f"hq.m {key}") in actions
    (found,) = ondol.history.repairs(SYSTEM, "hq.m")
    assert (found.reason, found.made_by, found.made_at_s) == ("why", "system", int(clock().timestamp()))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"action": "set", "start": NOON, "end": NOW + QUARTER, "value": 1.0}, "up to now"),
        ({"action": "set", "start": NOON, "value": 1.0}, "with end"),
        ({"action": "set", "start": NOON - timedelta(days=2000), "end": NOON, "value": 1.0}, "three years"),
        (
            {"action": "scale", "start": DAY - timedelta(days=9), "end": DAY - timedelta(days=8), "value": 1.0},
            "no history",
        ),
    ],
)
def test_what_cannot_be_repaired_is_refused_and_changes_nothing(
    ondol: Installation, asked: dict[str, Any], words: str
) -> None:
    make_meter(ondol)
    send_day(ondol, "total")
    with pytest.raises(InvalidInput, match=words):
        repair(ondol, **asked)
    assert ondol.history.repairs(SYSTEM, "hq.m") == []
    assert used(ondol) == pytest.approx(96)


def test_who_rents_a_part_is_not_told_who_repaired_it(ondol: Installation) -> None:
    make_building(ondol, "hq", timezone="Asia/Seoul")
    make_spaces(ondol, "hq", [{"key": "f1", "name": "1", "kind": "floor"}])
    make_points(ondol, "hq", [{"key": "hq.m", "name": "m", "quantity": "electricity", "space": "f1", **KINDS["total"]}])
    send_day(ondol, "total")
    key = repair(ondol, "delete", NOON, NOON + QUARTER).repair.key
    ondol.history.undo_repair(SYSTEM, "hq.m", key)
    tenant = Access("renter", frozenset({Scope.READ}), frozenset({"hq"}), frozenset({("hq", "f1")}))
    (found,) = ondol.history.repairs(tenant, "hq.m")
    assert (found.made_by, found.undone_by, found.reason) == ("", "", "why")
