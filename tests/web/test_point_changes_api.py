"""Points move to another building, go by other names, become one, and are deleted: by the API, on every kind of stores."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.conftest import SetClock
from tests.making import make_building, make_points, make_spaces, make_token, series_of

from ondol.common.access import SYSTEM, Scope
from ondol.common.errors import StoreUnavailable
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.readings import Submission
from ondol.web.app import create_app

DAY = datetime.fromisoformat("2026-11-16T00:00:00+09:00")
TOTAL = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 900}
REGISTER = {"quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}
QUARTER = timedelta(minutes=15)


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol(aggregate_every_s=3600)
    make_building(ondol, "hq", timezone="Asia/Seoul")
    make_building(ondol, "farm", timezone="America/New_York")
    make_spaces(ondol, "farm", [{"key": "barn", "name": "barn"}])
    make_points(ondol, "hq", [{"key": "hq.m", "name": "m", "alias": "meter,host=a total", **TOTAL}])
    send(ondol, "hq.m", DAY, [1.0] * 96)
    return ondol


@pytest.fixture
def client(ondol: Installation) -> FlaskClient:
    return client_of(ondol, Scope.READ, Scope.WRITE)


def client_of(ondol: Installation, *scopes: Scope, buildings: list[str] | None = None) -> FlaskClient:
    client = create_app(ondol).test_client()
    name = f"with {scopes} {buildings}"
    secret = make_token(ondol, name, *scopes, buildings=buildings, may_register=True)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def send(ondol: Installation, name: str, start: datetime, values: list[float], step: timedelta = QUARTER) -> None:
    times = [int((start + n * step).timestamp()) * 1_000_000 for n in range(len(values))]
    receipt = ondol.readings.record(SYSTEM, Submission([name] * len(times), times, values, range(1, len(times) + 1)))
    assert receipt.accepted == len(values), receipt
    ondol.history.aggregate()


def usage(client: FlaskClient, building: str, first: str = "2026-11-01", end: str = "2026-12-01") -> dict[str, float]:
    zone = {"hq": "%2B09:00", "farm": "-05:00"}[building]
    query = f"quantity=electricity&start={first}T00:00:00{zone}&end={end}T00:00:00{zone}&interval=1d"
    answer: Any = client.get(f"/api/v1/buildings/{building}/usage?{query}").json
    return {it["start"][:16]: it["value"] for it in answer.get("intervals", []) if it["value"]}


def months(ondol: Installation, building: str) -> float:
    row = ondol.history.records.usage(
        [point.id for point in ondol.sites.points(SYSTEM, building)], "month", DAY.date().replace(day=1), DAY.date()
    )
    return float(row["usage"].sum())


def total(client: FlaskClient, building: str) -> float:
    return sum(usage(client, building).values())


def live(client: FlaskClient, building: str) -> list[str]:
    """Keys of the points of which a newest reading is known."""
    answer: Any = client.get(f"/api/v1/buildings/{building}/latest").json
    return [it["point"] for it in answer["points"] if it["value"] is not None]


def detail(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.json["detail"]


# Building


def test_a_point_moves_with_its_history_whose_days_are_cut_anew(ondol: Installation, client: FlaskClient) -> None:
    assert (total(client, "hq"), total(client, "farm")) == (96, 0)
    moved: Any = client.patch("/api/v1/points/hq.m", json={"building": "farm", "space": "barn", "name": "pump"})
    assert moved.status_code == 200, moved.text
    assert (moved.json["key"], moved.json["building"], moved.json["space"]) == ("hq.m", "farm", "barn")
    assert moved.json["name"] == "pump"
    assert total(client, "hq") == 0
    # Midnight in Seoul is ten in the morning of the day before in New York.
    assert list(usage(client, "farm").values()) == [56, 40]
    assert (months(ondol, "hq"), months(ondol, "farm")) == (0, 96)
    assert ondol.history.last_seen(SYSTEM, [ondol.sites.building(SYSTEM, "hq")]) == {}
    assert live(client, "farm") == ["hq.m"]


def test_what_is_sent_later_counts_in_the_new_building(ondol: Installation, client: FlaskClient) -> None:
    client.patch("/api/v1/points/hq.m", json={"building": "farm"})
    send(ondol, "meter,host=a total", DAY + timedelta(days=1), [2.0] * 4)
    assert (total(client, "hq"), total(client, "farm")) == (0, 104)
    # The device goes on naming the building in which it was, by a tag or by its bucket.
    stamp = int((DAY + timedelta(days=1, hours=1)).timestamp())
    for bucket, line in (("hq", f"meter,host=a total=3 {stamp}"), ("hq", f"m,point=hq.m value=4 {stamp + 900}")):
        answer = client.post(f"/api/v2/write?bucket={bucket}&precision=s", data=line)
        assert answer.status_code == 204, answer.text
    ondol.history.aggregate()
    assert (total(client, "hq"), total(client, "farm")) == (0, 111)


def test_repairs_move_along_and_can_be_undone(ondol: Installation, client: FlaskClient) -> None:
    repair = {
        "start": "2026-11-16T12:00:00+09:00", "end": "2026-11-16T13:00:00+09:00", "action": "set", "value": 20, "reason": "x",
    }  # fmt: skip
    made: Any = client.post("/api/v1/points/hq.m/repairs", json=repair).json
    client.patch("/api/v1/points/hq.m", json={"building": "farm"})
    assert total(client, "farm") == 112
    assert client.delete(f"/api/v1/points/hq.m/repairs/{made['key']}").status_code == 204
    assert total(client, "farm") == 96


def test_a_tree_of_meters_is_not_torn(ondol: Installation, client: FlaskClient) -> None:
    make_points(ondol, "hq", [{"key": "hq.s", "name": "s", "submeter_of": "hq.m", **TOTAL}])
    make_points(ondol, "farm", [{"key": "farm.m", "name": "m", **TOTAL}])
    assert "hq.s" in detail(client.patch("/api/v1/points/hq.m", json={"building": "farm"}), 400)
    assert "stays in its building" in detail(client.patch("/api/v1/points/hq.s", json={"building": "farm"}), 400)
    other = {"building": "farm", "submeter_of": "hq.m"}
    assert "another building" in detail(client.patch("/api/v1/points/hq.s", json=other), 400)
    moved: Any = client.patch("/api/v1/points/hq.s", json={"building": "farm", "submeter_of": "farm.m"})
    assert moved.json["submeter_of"] == "farm.m"
    assert client.patch("/api/v1/points/hq.m", json={"building": "farm"}).status_code == 200


def test_both_buildings_have_to_be_theirs(ondol: Installation) -> None:
    limited = client_of(ondol, Scope.READ, Scope.WRITE, buildings=["hq"])
    there = detail(limited.patch("/api/v1/points/hq.m", json={"building": "farm"}), 404)
    nowhere = detail(limited.patch("/api/v1/points/hq.m", json={"building": "moon"}), 404)
    assert there.replace("farm", "moon") == nowhere
    assert limited.get("/api/v1/points/hq.m").json["building"] == "hq"  # pyright: ignore
    assert "no space" in detail(limited.patch("/api/v1/points/hq.m", json={"space": "barn"}), 404)


def test_a_change_reaches_what_the_store_writes_at_once(ondol: Installation, client: FlaskClient) -> None:
    client.patch("/api/v1/points/hq.m", json={"building": "farm", "quantity": "heat"})
    send(ondol, "hq.m", DAY + timedelta(days=1), [2.0])
    client_of_store = getattr(ondol.history.timeseries, "_client", None)
    if client_of_store is None:
        return  # only InfluxDB keeps tags
    after = int((DAY + timedelta(days=1)).timestamp())
    (series,) = client_of_store.query(f"SELECT value FROM sensor_readings WHERE time >= {after}s GROUP BY *")
    assert (series["tags"]["building_id"], series["tags"]["sensor_type"]) == ("farm", "heat")


# Names


def test_names_are_shown_added_and_taken_away(ondol: Installation, client: FlaskClient) -> None:
    path = "/api/v1/points/hq.m"
    assert client.get(path).json["aliases"] == ["meter,host=a total"]  # pyright: ignore
    assert client.get("/api/v1/points").json["items"][0]["aliases"] == ["meter,host=a total"]  # pyright: ignore
    added: Any = client.post(f"{path}/aliases", json={"alias": "meter,host=b total"})
    assert (added.status_code, added.json["aliases"]) == (201, ["meter,host=a total", "meter,host=b total"])
    send(ondol, "meter,host=b total", DAY + timedelta(days=1), [5.0])
    assert total(client, "hq") == 101
    gone = client.delete(f"{path}/aliases", query_string={"alias": "meter,host=b total"})
    assert gone.status_code == 204
    assert client.delete(f"{path}/aliases", query_string={"alias": "meter,host=b total"}).status_code == 404
    stamp = int((DAY + timedelta(days=1, hours=1)).timestamp())
    line = f'meter,host=b total=7,unit="kWh" {stamp}'
    assert client.post("/api/v2/write?bucket=hq&precision=s", data=line).status_code == 204
    ondol.history.aggregate()
    assert total(client, "hq") == 101
    (waiting,) = client.get("/api/v1/devices/new?building=hq").json["items"]  # pyright: ignore
    assert waiting["name"] == "meter,host=b total"
    # What waits under a name that is given to a point follows.
    assert client.post(f"{path}/aliases", json={"alias": "meter,host=b total"}).status_code == 201
    next(task for task in ondol.readings.tasks() if task.name == "follow named devices").run()
    ondol.history.aggregate()
    assert total(client, "hq") == 108


def test_a_name_of_another_point_is_refused_without_telling_whose_it_is(
    ondol: Installation, client: FlaskClient
) -> None:
    make_points(ondol, "farm", [{"key": "farm.m", "name": "m", "alias": "hq.secret", **TOTAL}])
    for name in ("farm.m", "hq.secret"):
        answer = client.post("/api/v1/points/hq.m/aliases", json={"alias": name})
        assert "farm.m" in detail(answer, 409)
    limited = client_of(ondol, Scope.READ, Scope.WRITE, buildings=["hq"])
    assert "farm" not in detail(limited.post("/api/v1/points/hq.m/aliases", json={"alias": "hq.secret"}), 409)
    assert "begin with" in detail(limited.post("/api/v1/points/hq.m/aliases", json={"alias": "farm.x"}), 400)


def test_another_process_learns_that_a_name_is_gone(
    ondol: Installation, client: FlaskClient, open_ondol: Callable[..., Installation]
) -> None:
    if not ondol.settings.has_shared_stores:
        return
    second = open_ondol(aggregate_every_s=3600)
    send(second, "meter,host=a total", DAY + timedelta(days=1), [1.0])
    client.delete("/api/v1/points/hq.m/aliases", query_string={"alias": "meter,host=a total"})
    second.sites.index._checked_at = 0.0  # pyright: ignore[reportPrivateUsage]  a second has gone by
    times = [int((DAY + timedelta(days=2)).timestamp()) * 1_000_000]
    assert second.readings.record(SYSTEM, Submission(["meter,host=a total"], times, [1.0], [1])).accepted == 0


# Deleting


def test_deleting_says_what_would_be_lost_and_asks(ondol: Installation, client: FlaskClient) -> None:
    make_points(ondol, "hq", [{"key": "hq.s", "name": "s", "submeter_of": "hq.m", **TOTAL}])
    question = detail(client.delete("/api/v1/points/hq.m"), 409)
    for part in ("96 raw readings from 2026-11-15", "96 intervals", "1 aliases", "hq.s", "confirm=hq.m"):
        assert part in question
    assert detail(client.delete("/api/v1/points/hq.m?confirm=hq.s"), 409) == question
    assert total(client, "hq") == 96
    assert client.delete("/api/v1/points/hq.m?confirm=hq.m").status_code == 204
    assert total(client, "hq") == 0
    assert client.get("/api/v1/points/hq.m").status_code == 404
    assert client.delete("/api/v1/points/hq.m?confirm=hq.m").status_code == 404
    assert client.get("/api/v1/points/hq.s").json["submeter_of"] is None  # pyright: ignore
    assert live(client, "hq") == []


@pytest.mark.parametrize("is_cleared", [False, True])
def test_a_new_point_inherits_nothing_of_a_deleted_one(
    ondol: Installation, client: FlaskClient, clock: SetClock, is_cleared: bool
) -> None:
    (before,) = ondol.sites.points(SYSTEM, "hq")
    client.delete("/api/v1/points/hq.m?confirm=hq.m")
    if is_cleared:
        clock.forward(minutes=10)
        for task in ondol.points.tasks():
            task.run()
        assert ondol.points.needs.records.retired() == []
    (after,) = make_points(ondol, "hq", [{"key": "hq.m", "name": "m", **REGISTER}])
    assert after.id > before.id
    ondol.history.aggregate()
    assert live(client, "hq") == []
    raw = series_of(ondol, "hq.m", DAY, DAY + timedelta(days=1), Resolution.RAW)
    assert len(raw.times_us) == 0
    assert ondol.history.repairs(SYSTEM, "hq.m") == []
    send(ondol, "hq.m", DAY + timedelta(days=1), [1000.0 + n for n in range(8)])
    assert total(client, "hq") == pytest.approx(7, abs=1)


def test_what_the_device_of_a_deleted_point_sends_is_a_new_devices(ondol: Installation, client: FlaskClient) -> None:
    client.delete("/api/v1/points/hq.m?confirm=hq.m")
    stamp = int((DAY + timedelta(days=1)).timestamp())
    line = f'meter,host=a total=7,unit="kWh" {stamp}'
    assert client.post("/api/v2/write?bucket=hq&precision=s", data=line).status_code == 204
    assert ondol.sites.points(SYSTEM, "hq") == []
    (waiting,) = client.get("/api/v1/devices/new?building=hq").json["items"]  # pyright: ignore
    named: Any = client.post(
        f"/api/v1/devices/new/{waiting['key']}", json={"quantity": "electricity", "unit": "kWh", "kind": "total"}
    )
    assert named.status_code == 201, named.text


def test_readings_on_their_way_to_a_deleted_point_break_nothing(ondol: Installation, client: FlaskClient) -> None:
    (point,) = ondol.sites.points(SYSTEM, "hq")
    make_points(ondol, "hq", [{"key": "hq.n", "name": "n", **TOTAL}])
    other = ondol.sites.point(SYSTEM, "hq.n")
    client.delete("/api/v1/points/hq.m?confirm=hq.m")
    late = ondol.history.timeseries.read([point.id], 0, 1 << 60).clear()
    late = late.vstack(_frame(point.id)).vstack(_frame(other.id))
    ondol.history.timeseries.append(late)
    ondol.history.aggregate()
    assert total(client, "hq") == 1
    assert ondol.history.aggregate() == 0


def _frame(point_id: int) -> Any:
    from ondol.readings.model import readings_frame

    return readings_frame([point_id], [int(DAY.timestamp()) * 1_000_000], [1.0])


# Merging


@pytest.fixture
def two(ondol: Installation) -> Installation:
    """A meter that was named anew: one point until the evening, another from then on."""
    make_points(ondol, "hq", [{"key": "hq.new", "name": "new", "alias": "meter,host=n total", **TOTAL}])
    send(ondol, "hq.new", DAY + timedelta(days=1), [2.0] * 48)
    return ondol


def merge(client: FlaskClient, point: str, into: str, query: str = "", **body: Any) -> Any:
    return client.post(f"/api/v1/points/{point}/merge{query}", json={"into": into, **body})


def test_a_merge_is_tried_and_made(two: Installation, client: FlaskClient) -> None:
    tried = merge(client, "hq.m", "hq.new", "?dry_run=true").json
    assert (tried["readings"], tried["intervals"], tried["overlap_s"], tried["dry_run"]) == (96, 96, 0, True)
    assert tried["days"] == [{"first_day": "2026-11-16", "before": None, "after": 96}]
    assert tried["names"] == ["hq.m", "meter,host=a total"]
    assert client.get("/api/v1/points/hq.m").json["key"] == "hq.m"  # pyright: ignore
    made = merge(client, "hq.m", "hq.new").json
    assert made == tried | {"dry_run": False}
    assert total(client, "hq") == 192
    assert [point.key for point in two.sites.points(SYSTEM, "hq")] == ["hq.new"]
    answer: Any = client.get("/api/v1/points/hq.new").json
    assert answer["aliases"] == ["hq.m", "meter,host=a total", "meter,host=n total"]
    assert len(series_of(two, "hq.new", DAY, DAY + timedelta(days=1), Resolution.RAW).times_us) == 96
    send(two, "meter,host=a total", DAY + timedelta(days=1, hours=12), [3.0])
    send(two, "hq.m", DAY + timedelta(days=1, hours=12, minutes=15), [3.0])
    assert total(client, "hq") == 198
    assert two.history.aggregate() == 0


def test_where_both_have_history_the_second_counts_and_much_of_it_is_asked_about(
    two: Installation, client: FlaskClient
) -> None:
    send(two, "hq.new", DAY, [3.0] * 8)
    assert "say different things" in detail(merge(client, "hq.m", "hq.new"), 400)
    assert total(client, "hq") == 96 + 96 + 24
    done = merge(client, "hq.m", "hq.new", accept_overlap=True).json
    assert (done["overlap_s"], done["conflict_s"], done["readings"]) == (7200, 7200, 88)
    assert total(client, "hq") == 96 + 24 + 88


def test_what_both_say_alike_is_no_conflict(two: Installation, client: FlaskClient) -> None:
    send(two, "hq.new", DAY, [1.0] * 8)
    done = merge(client, "hq.m", "hq.new").json
    assert (done["overlap_s"], done["conflict_s"]) == (7200, 0)
    assert total(client, "hq") == 192


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"quantity": "gas", "unit": "m3", "kind": "total", "interval_s": 900}, "quantity"),
        ({**TOTAL, "unit": "kW"}, "unit"),
        (REGISTER, "kind"),
        ({**TOTAL, "interval_s": 3600}, "interval_s"),
        ({**TOTAL, "submeter_of": "hq.m"}, "submeter_of"),
    ],
)
def test_what_is_not_alike_is_refused_with_what_to_change(
    ondol: Installation, client: FlaskClient, other: dict[str, Any], word: str
) -> None:
    make_points(ondol, "hq", [{"key": "hq.o", "name": "o", **other}])
    assert word in detail(merge(client, "hq.m", "hq.o"), 400)
    assert word in detail(merge(client, "hq.o", "hq.m"), 400)


def test_another_unit_is_converted_and_the_names_wait_to_be_named_anew(
    ondol: Installation, client: FlaskClient
) -> None:
    make_points(ondol, "hq", [{"key": "hq.mega", "name": "mega", **TOTAL, "unit": "MWh"}])
    done = merge(client, "hq.m", "hq.mega").json
    assert (done["names"], done["released"]) == ([], ["hq.m", "meter,host=a total"])
    assert total(client, "hq") == pytest.approx(96)
    assert client.get("/api/v1/points/hq.m").status_code == 404


def registers(ondol: Installation, first: list[float], second: list[float]) -> None:
    make_points(ondol, "hq", [{"key": f"hq.r{n}", "name": f"{n}", **REGISTER} for n in (1, 2)])
    send(ondol, "hq.r1", DAY + timedelta(days=1), first)
    send(ondol, "hq.r2", DAY + timedelta(days=1) + len(first) * QUARTER, second)


def test_another_meter_begins_where_the_old_one_ends(ondol: Installation, client: FlaskClient) -> None:
    registers(ondol, [5000.0 + n for n in range(48)], [10.0 + n for n in range(40)])
    before = total(client, "hq")
    done = merge(client, "hq.r1", "hq.r2").json
    (joint,) = done["joints"]
    assert (joint["last_value"], joint["first_value"], joint["swap"]) == (5047, 10, True)
    assert total(client, "hq") == pytest.approx(before)
    (repair,) = client.get("/api/v1/points/hq.r2/repairs").json["items"]  # pyright: ignore
    assert (repair["action"], repair["undone_at"]) == ("swap", None)
    flagged: Any = client.get(
        "/api/v1/points/hq.r2/flagged?start=2026-11-17T00:00:00%2B09:00&end=2026-11-17T20:00:00%2B09:00"
    ).json
    assert any("reset" in (it["quality"] or "") and "repaired" in it["quality"] for it in flagged["items"])


def test_the_same_register_goes_on(ondol: Installation, client: FlaskClient) -> None:
    registers(ondol, [100.0 + n for n in range(48)], [148.0 + n for n in range(40)])
    done = merge(client, "hq.r2", "hq.r1").json
    assert [joint["swap"] for joint in done["joints"]] == [False]
    assert total(client, "hq") == pytest.approx(96 + 87)


def test_a_register_that_cannot_be_told_is_asked_about(ondol: Installation, client: FlaskClient) -> None:
    registers(ondol, [100.0 + n for n in range(48)], [9000.0 + n for n in range(40)])
    assert "send swap" in detail(merge(client, "hq.r1", "hq.r2"), 400)
    before = total(client, "hq")
    assert merge(client, "hq.r1", "hq.r2", swap=True).status_code == 200
    assert total(client, "hq") == pytest.approx(before)


def test_repairs_go_along_with_a_merge(two: Installation, client: FlaskClient) -> None:
    repair = {
        "start": "2026-11-16T12:00:00+09:00", "end": "2026-11-16T13:00:00+09:00", "action": "set", "value": 20, "reason": "x",
    }  # fmt: skip
    made: Any = client.post("/api/v1/points/hq.m/repairs", json=repair).json
    assert merge(client, "hq.m", "hq.new").json["repairs"] == 1
    assert total(client, "hq") == 192 + 16
    assert client.delete(f"/api/v1/points/hq.new/repairs/{made['key']}").status_code == 204
    assert total(client, "hq") == 192


@pytest.mark.parametrize("step", ["append", "finish_merge"])
@pytest.mark.parametrize("again", ["by standing work", "by asking again"])
def test_a_merge_that_is_cut_off_is_finished(
    two: Installation, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, step: str, again: str
) -> None:
    needs = two.points.needs

    def fail(*_: object) -> None:
        raise StoreUnavailable("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(needs.timeseries if step == "append" else needs.records, step, fail)
        assert merge(client, "hq.m", "hq.new").status_code == 503
    two.history.aggregate()
    assert client.get("/api/v1/points/hq.m").json["key"] == "hq.m"  # pyright: ignore
    if again == "by standing work":
        next(task for task in two.points.tasks() if task.name.startswith("finish")).run()
    else:
        assert merge(client, "hq.m", "hq.new").status_code == 200
    assert total(client, "hq") == 192
    assert [point.key for point in two.sites.points(SYSTEM, "hq")] == ["hq.new"]
    assert len(series_of(two, "hq.new", DAY, DAY + timedelta(days=1), Resolution.RAW).times_us) == 96


def test_what_arrives_late_under_a_merged_point_goes_over(
    two: Installation, client: FlaskClient, clock: SetClock
) -> None:
    point = two.sites.point(SYSTEM, "hq.m")
    # Behind the other one's readings nothing stands in the way of late ones; the first one is the newer here.
    merge(client, "hq.new", "hq.m")
    late = _frame(two.sites.point(SYSTEM, "hq.m").id + 1).with_columns(
        time_us=int((DAY + timedelta(days=1, hours=13)).timestamp()) * 1_000_000
    )
    two.history.timeseries.append(late)
    clock.forward(minutes=10)
    for task in two.points.tasks():
        task.run()
    two.history.aggregate()
    assert total(client, "hq") == 193
    assert two.sites.points(SYSTEM, "hq")[0].id == point.id


def test_who_may_not_write_to_the_whole_building_changes_nothing(two: Installation) -> None:
    reader, other = client_of(two, Scope.READ), client_of(two, Scope.READ, Scope.WRITE, buildings=["farm"])
    for client, status in ((reader, 403), (other, 404)):
        assert merge(client, "hq.m", "hq.new").status_code == status
        assert client.delete("/api/v1/points/hq.m?confirm=hq.m").status_code == status
        assert client.post("/api/v1/points/hq.m/aliases", json={"alias": "farm.x"}).status_code == status
        assert client.patch("/api/v1/points/hq.m", json={"building": "farm"}).status_code == status
    assert len(two.sites.points(SYSTEM, "hq")) == 2


# Virtual points


def test_what_a_formula_reads_is_not_taken_away_from_it(two: Installation, client: FlaskClient) -> None:
    double = {
        "key": "hq.double", "building": "hq", "name": "double", "quantity": "electricity", "unit": "kWh", "kind": "total",
        "formula": "[hq.m] * 2",
    }  # fmt: skip
    added = client.post("/api/v1/points", json=double)
    assert added.status_code == 201, added.text
    for answer in (
        client.patch("/api/v1/points/hq.m", json={"building": "farm"}),
        client.delete("/api/v1/points/hq.m?confirm=hq.m"),
        merge(client, "hq.m", "hq.new"),
    ):
        assert "hq.double" in detail(answer, 400)
    assert "its building" in detail(client.patch("/api/v1/points/hq.double", json={"building": "farm"}), 400)
    assert "virtual" in detail(merge(client, "hq.double", "hq.new"), 400)
    assert "no device" in detail(client.post("/api/v1/points/hq.double/aliases", json={"alias": "hq.x"}), 400)
    # What is merged into one that is read is reckoned with.
    assert merge(client, "hq.new", "hq.m").status_code == 200
    series = series_of(two, "hq.double", DAY, DAY + timedelta(days=2), Resolution.DAY)
    assert series.values.to_list() == [192, 192]
    assert client.delete("/api/v1/points/hq.double?confirm=hq.double").status_code == 204
    assert client.delete("/api/v1/points/hq.m?confirm=hq.m").status_code == 204
