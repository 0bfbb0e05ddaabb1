"""Virtual points: reckoned by a formula from others, on history and live, and never out of step with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import SetClock
from tests.making import make_building, make_points, make_spaces, series_of, usage_of

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.history import NewRepair, RepairAction, Resolution
from ondol.installation import Installation
from ondol.sites import PointChange, PointKind, PointRole

START = datetime(2026, 11, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol()
    make_building(ondol, "hall", timezone="UTC")
    meters = [
        {"key": "hall.main", "unit": "kWh", "kind": "total", "quantity": "electricity"},
        {"key": "hall.pv", "unit": "Wh", "kind": "total", "quantity": "solar", "role": PointRole.GENERATION},
        {"key": "hall.load", "unit": "kW", "quantity": "load", "role": PointRole.CHECK},
        {"key": "hall.heat", "unit": "W", "quantity": "heat"},
    ]
    make_points(ondol, "hall", [{"name": meter["key"], **meter} for meter in meters])
    return ondol


def virtual(ondol: Installation, key: str, formula: str, **fields: object) -> None:
    usual = {"name": key, "quantity": "own", "unit": "kWh", "kind": "total", "role": PointRole.CHECK}
    make_points(ondol, "hall", [{"key": key, "formula": formula, **usual, **fields}])


def record(ondol: Installation, point: str, values: list[tuple[datetime, float]]) -> None:
    body = "".join(f'{{"point": "{point}", "time": "{time.isoformat()}", "value": {value}}},' for time, value in values)
    receipt = ondol.readings.record_json(SYSTEM, f'{{"readings": [{body[:-1]}]}}'.encode())
    assert not receipt.errors
    ondol.history.aggregate()


def quarters(
    ondol: Installation, point: str, count: int = 4, interval: Resolution = Resolution.QUARTER_HOUR
) -> list[float | None]:
    return series_of(ondol, point, START, START + count * timedelta(minutes=15), interval).values.to_list()


def flags(ondol: Installation, point: str, count: int = 4) -> list[int]:
    return series_of(
        ondol, point, START, START + count * timedelta(minutes=15), Resolution.QUARTER_HOUR
    ).quality.to_list()


def at(
    *values: float, every: timedelta = timedelta(minutes=15), first: datetime = START
) -> list[tuple[datetime, float]]:
    return [(first + n * every, value) for n, value in enumerate(values)]


def repair(action: RepairAction, quarter: int, value: float | None = None) -> NewRepair:
    start = START + quarter * HOUR / 4
    return NewRepair(action=action, start=start, end=start + HOUR / 4, value=value, reason="as agreed")


def test_history_that_is_there_is_reckoned_at_once_and_follows_what_comes(ondol: Installation) -> None:
    record(ondol, "hall.main", at(10, 20, 30, 40))
    record(ondol, "hall.pv", at(1000, 2000, 3000, 4000))
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    ondol.history.aggregate()
    assert quarters(ondol, "hall.net") == pytest.approx([9, 18, 27, 36])
    record(ondol, "hall.main", [(START, 11.0)])
    assert quarters(ondol, "hall.net") == pytest.approx([10, 18, 27, 36])


def test_a_gap_of_an_input_is_a_gap(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    record(ondol, "hall.main", at(10, 20, 30, 40))
    record(ondol, "hall.pv", [(START, 1000.0), (START + HOUR / 2, 3000.0)])
    assert quarters(ondol, "hall.net") == [9, None, 27, None]


def test_an_input_that_is_known_by_the_hour_makes_hours(ondol: Installation) -> None:
    ondol.points.change(SYSTEM, "hall.pv", PointChange(interval_s=3600))
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    record(ondol, "hall.main", at(10, 20, 30, 40, 50))
    record(ondol, "hall.pv", [(START, 10_000.0)])
    assert quarters(ondol, "hall.net", interval=Resolution.HOUR) == [90]
    assert quarters(ondol, "hall.net", 5)[4] is None


def test_power_of_an_amount_and_energy_of_a_power(ondol: Installation) -> None:
    virtual(ondol, "hall.pace", "power([hall.main])", unit="kW", kind="measurement", quantity="load")
    virtual(ondol, "hall.used", "energy([hall.load])")
    record(ondol, "hall.main", at(10, 20))
    record(ondol, "hall.load", at(*[40.0] * 31, every=timedelta(minutes=1)))
    assert quarters(ondol, "hall.pace", 2) == pytest.approx([40, 80])
    assert quarters(ondol, "hall.used", 2) == pytest.approx([10, 10])


def test_a_virtual_point_may_read_another(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    virtual(ondol, "hall.pace", "power([hall.net]) + [hall.load] - [hall.load]", unit="W", kind="measurement")
    record(ondol, "hall.load", at(1, 1, 1))
    record(ondol, "hall.main", at(10, 20))
    record(ondol, "hall.pv", at(1000, 2000))
    assert quarters(ondol, "hall.pace", 2) == pytest.approx([36_000, 72_000])
    record(ondol, "hall.pv", at(0, 0))
    assert quarters(ondol, "hall.pace", 2) == pytest.approx([40_000, 80_000])


def test_flags_travel_and_repairs_of_an_input_are_followed_there_and_back(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    record(ondol, "hall.main", at(10, 20, 30, 40))
    record(ondol, "hall.pv", at(1000, 2000, 3000, 4000))
    made = ondol.history.repair(SYSTEM, "hall.main", repair(RepairAction.SET, 1, 5.0))
    assert quarters(ondol, "hall.net") == pytest.approx([9, 3, 27, 36])
    assert flags(ondol, "hall.net")[1] == 256
    gone = ondol.history.repair(SYSTEM, "hall.pv", repair(RepairAction.DELETE, 1))
    assert quarters(ondol, "hall.net") == [9, None, 27, 36]
    ondol.history.undo_repair(SYSTEM, "hall.pv", gone.repair.key)
    ondol.history.undo_repair(SYSTEM, "hall.main", made.repair.key)
    assert quarters(ondol, "hall.net") == pytest.approx([9, 18, 27, 36])
    assert flags(ondol, "hall.net") == [0, 0, 0, 0]


def test_its_own_repairs_outlive_new_readings(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    record(ondol, "hall.main", at(10, 20))
    record(ondol, "hall.pv", at(1000, 2000))
    made = ondol.history.repair(SYSTEM, "hall.net", repair(RepairAction.SET, 0, 1.0))
    record(ondol, "hall.main", at(12, 22))
    assert quarters(ondol, "hall.net", 2) == pytest.approx([1, 20])
    ondol.history.undo_repair(SYSTEM, "hall.net", made.repair.key)
    assert quarters(ondol, "hall.net", 2) == pytest.approx([11, 20])


def test_usage_counts_it_and_never_twice(ondol: Installation) -> None:
    record(ondol, "hall.main", at(10, 20))
    record(ondol, "hall.pv", at(1000, 2000))
    with pytest.raises(InvalidInput, match=r"count hall\.main twice"):
        virtual(ondol, "hall.all", "[hall.main] + [hall.pv]", quantity="electricity", role=PointRole.MAIN)
    virtual(ondol, "hall.all", "[hall.main] + [hall.pv]", quantity="consumption", role=PointRole.MAIN)
    ondol.history.aggregate()
    used = usage_of(ondol, "hall", "consumption", START, START + HOUR, Resolution.HOUR)
    assert (used.total, used.unit) == (pytest.approx(33), "kWh")
    with pytest.raises(InvalidInput, match="reads it"):
        ondol.points.change(SYSTEM, "hall.main", PointChange(quantity="consumption"))


def test_what_would_be_wrong_is_refused(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    make_building(ondol, "mall")
    make_points(
        ondol, "mall", [{"key": "mall.main", "name": "m", "quantity": "electricity", "unit": "kWh", "kind": "total"}]
    )
    for formula, fields, said in [
        ("[hall.self] + [hall.main]", {"key": "hall.self"}, "no point 'hall.self'"), ("[hall.none]", {}, "no point"),
        ("[mall.main]", {}, "another building"), ("[hall.main]", {"unit": "m3"}, "which is no m3"),
        ("[hall.main]", {"kind": "measurement"}, "has to be total"), ("[hall.main]", {"kind": "total_increasing"}, "no register"),
        ("[hall.main] +", {}, "too early"),
    ]:  # fmt: skip
        with pytest.raises((InvalidInput, NotFound), match=said):
            virtual(ondol, str(fields.pop("key", "hall.new")), formula, **fields)
    with pytest.raises(InvalidInput, match="reckoned from itself"):
        ondol.points.change(SYSTEM, "hall.net", PointChange(formula="[hall.net] + [hall.main]"))
    virtual(ondol, "hall.twice", "2 * [hall.net]")
    with pytest.raises(InvalidInput, match="reckoned from itself"):
        ondol.points.change(SYSTEM, "hall.net", PointChange(formula="[hall.twice] - [hall.main]"))
    with pytest.raises(InvalidInput, match="for good"):
        ondol.points.change(SYSTEM, "hall.main", PointChange(formula="[hall.pv]"))
    with pytest.raises(InvalidInput, match=r"'hall\.net' reads it"):
        ondol.points.change(SYSTEM, "hall.main", PointChange(unit="m3"))
    refused = ondol.readings.record_json(
        SYSTEM, f'{{"readings": [{{"point": "hall.net", "time": "{START.isoformat()}", "value": 1}}]}}'.encode()
    )
    assert (refused.accepted, "virtual point" in refused.errors[0].reason) == (0, True)
    with pytest.raises(InvalidInput, match="virtual point"):
        ondol.imports.import_file(
            SYSTEM,
            "hall",
            "a.csv",
            b"time,net (kWh)\n2026-01-01T00:00Z,1\n2026-01-01T01:00Z,2\n2026-01-01T02:00Z,4\n",
            {"point": "hall.net", "kind": "interval"},
        )


def test_a_change_of_formula_or_unit_makes_all_anew(ondol: Installation) -> None:
    virtual(ondol, "hall.net", "[hall.main] - [hall.pv]")
    record(ondol, "hall.main", at(10, 20))
    record(ondol, "hall.pv", at(1000, 2000))
    ondol.points.change(SYSTEM, "hall.net", PointChange(formula="[hall.main] + [hall.pv]"))
    assert quarters(ondol, "hall.net", 2) == pytest.approx([11, 22])
    ondol.points.change(SYSTEM, "hall.net", PointChange(unit="MWh"))
    assert quarters(ondol, "hall.net", 2) == pytest.approx([0.011, 0.022])
    ondol.points.change(SYSTEM, "hall.pv", PointChange(unit="kWh"))
    assert quarters(ondol, "hall.net", 2) == pytest.approx([1.01, 2.02])


def test_the_newest_value_is_reckoned_while_its_inputs_are_of_one_moment(ondol: Installation, clock: SetClock) -> None:
    virtual(ondol, "hall.cop", "[hall.heat] / [hall.load]", unit="1", kind=PointKind.MEASUREMENT)
    feed = ondol.readings.watch(SYSTEM, "hall")
    now = clock()
    record(ondol, "hall.heat", [(now - timedelta(minutes=5), 9000.0)])
    assert "hall.cop" not in newest(ondol)
    record(ondol, "hall.load", [(now, 3.0)])
    assert newest(ondol)["hall.cop"] == pytest.approx(3)
    told = [reading for _ in range(2) for reading in feed.next(5) or []]
    feed.close()
    assert [reading["value"] for reading in told if reading["point"] == "hall.cop"] in ([], [3.0])
    clock.forward(hours=1)
    record(ondol, "hall.load", [(clock(), 4.0)])
    assert "hall.cop" not in newest(ondol)


def newest(ondol: Installation) -> dict[str, float]:
    return {it.point.key: it.value for it in ondol.readings.latest(SYSTEM, "hall")}


def test_a_tenant_is_not_told_what_a_formula_reads(ondol: Installation) -> None:
    make_spaces(ondol, "hall", [{"key": "f1", "name": "1F", "kind": "floor"}])
    virtual(ondol, "hall.share", "[hall.main] * 0.5", space="f1")
    tenant = Access("kim", frozenset({Scope.READ}), buildings=frozenset({"hall"}), spaces=frozenset({("hall", "f1")}))
    assert [(it.key, it.formula) for it in ondol.sites.points(tenant, "hall")] == [("hall.share", None)]
    assert ondol.sites.point(tenant, "hall.share").formula is None


def test_the_mean_of_a_quotient_is_sum_over_sum(ondol: Installation) -> None:
    virtual(ondol, "hall.cop", "[hall.heat] / [hall.load]", unit="1", kind="measurement")
    virtual(ondol, "hall.lost", "100 * (1 - [hall.pv] / [hall.main])", unit="1", kind="measurement")
    record(ondol, "hall.heat", at(1000, 9000, 9000))
    record(ondol, "hall.load", at(1, 3, 3))
    record(ondol, "hall.main", at(1, 3))
    record(ondol, "hall.pv", at(500, 3000))
    assert quarters(ondol, "hall.cop", 2) == pytest.approx([1, 3])
    assert quarters(ondol, "hall.cop", 2, Resolution.HOUR) == [pytest.approx(10 / 4)]
    assert quarters(ondol, "hall.lost", 2) == pytest.approx([50, 0])
    assert quarters(ondol, "hall.lost", 2, Resolution.DAY) == [pytest.approx(100 * (1 - 3.5 / 4))]
    found = ondol.history.summarize_point(SYSTEM, "hall.cop", START, START + HOUR / 2)
    assert (found.mean, found.count) == (pytest.approx(10 / 4), 2)


def meter(key: str, **fields: object) -> dict[str, object]:
    return {"key": key, "name": key, "unit": "kWh", "kind": "total", "quantity": "electricity", **fields}


def test_what_stands_behind_a_main_is_not_counted_again(ondol: Installation) -> None:
    make_points(ondol, "hall", [meter("hall.f1", submeter_of="hall.main")])
    with pytest.raises(InvalidInput, match="twice"):
        virtual(ondol, "hall.v", "[hall.f1] * 1", quantity="electricity", role=PointRole.MAIN)


def test_no_later_change_makes_a_virtual_main_count_twice(ondol: Installation) -> None:
    make_points(ondol, "hall", [meter("hall.p", role=PointRole.CHECK)])
    make_points(ondol, "hall", [meter("hall.c", submeter_of="hall.p"), meter("hall.b", role=PointRole.CHECK)])
    virtual(ondol, "hall.v", "[hall.c]", quantity="electricity", role=PointRole.MAIN)
    virtual(ondol, "hall.v1", "[hall.b]", quantity="electricity")
    virtual(ondol, "hall.v2", "[hall.v1]", quantity="electricity", role=PointRole.MAIN)
    for key in ("hall.p", "hall.b"):
        with pytest.raises(InvalidInput, match="twice"):
            ondol.points.change(SYSTEM, key, PointChange(role=PointRole.MAIN))
    with pytest.raises(InvalidInput, match="twice"):
        ondol.points.delete(SYSTEM, "hall.p", "hall.p")


def test_many_ways_to_a_point_are_gone_once(ondol: Installation) -> None:
    """Each reads the two before it: reckoned once for each way, the last of them would be reckoned 233 times."""
    virtual(ondol, "hall.d0", "[hall.main]")
    virtual(ondol, "hall.d1", "[hall.main] + [hall.d0]")
    for n in range(2, 13):
        virtual(ondol, f"hall.d{n}", f"[hall.d{n - 2}] + [hall.d{n - 1}]")
    record(ondol, "hall.main", at(1, 1))
    assert quarters(ondol, "hall.d12", 2) == [377, 377]
    record(ondol, "hall.main", [(START, 2.0)])
    assert quarters(ondol, "hall.d12", 2) == [754, 377]


def test_a_quotient_that_somebody_repaired_is_the_mean_of_what_stands(ondol: Installation) -> None:
    virtual(ondol, "hall.cop", "[hall.pv] / [hall.main]", unit="1", kind="measurement")
    record(ondol, "hall.main", at(10, 20, 0, 40))
    record(ondol, "hall.pv", at(30_000, 30_000, 5_000, 30_000))
    assert quarters(ondol, "hall.cop", 4, Resolution.HOUR) == [pytest.approx(95 / 70)]
    ondol.history.repair(SYSTEM, "hall.cop", repair(RepairAction.DELETE, 0))
    assert quarters(ondol, "hall.cop", 4, Resolution.HOUR) == [pytest.approx((1.5 + 0.75) / 2)]
