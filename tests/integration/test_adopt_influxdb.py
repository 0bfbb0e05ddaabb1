"""What stands in InfluxDB already is listed, mapped, taken and followed, and stays there untouched (docs/adopt.md)."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog.testing
from tests.conftest import NOW, SetClock
from tests.making import make_building, make_points, series_of, usage_of
from tests.servers import InfluxDB, Server

from ondol.common.access import SYSTEM
from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.common.instants import epoch_s, from_epoch_s
from ondol.common.retention import Retention
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.readings import map_of
from ondol.stores.timeseries.influxdb_setup import set_up_at

START = NOW - timedelta(days=2)
GUIDE = "sensor_readings,building_id=hq,floor=3,room=office_301,sensor_type=temperature"


class Theirs:
    """The owner's database in a real InfluxDB."""

    def __init__(self, server: InfluxDB, name: str) -> None:
        self.server, self.name = server, name
        server.query(f'CREATE DATABASE "{name}"')

    @property
    def url(self) -> str:
        return self.server.url_of(self.name)

    def write(self, *lines: str) -> None:
        answer = httpx.post(
            f"http://127.0.0.1:{self.server.port}/write", params={"db": self.name, "precision": "s"},
            content="\n".join(lines).encode(), auth=("energy_user", self.server.password), trust_env=False,
        )  # fmt: skip
        assert answer.status_code == 204, answer.text

    def ask(self, statement: str) -> list[dict[str, Any]]:
        answer = httpx.get(
            f"http://127.0.0.1:{self.server.port}/query", params={"db": self.name, "q": statement, "epoch": "s"},
            auth=("energy_user", self.server.password), trust_env=False,
        )  # fmt: skip
        return answer.json()["results"][0].get("series", [])

    def all_of_theirs(self) -> list[dict[str, Any]]:
        """Everything but what Ondol stores, to be held beside later."""
        found = []
        for name in (row[0] for series in self.ask("SHOW MEASUREMENTS") for row in series["values"]):
            if name != "ondol_touched":
                found += self.ask(f"SELECT * FROM \"{name}\" WHERE point = '' GROUP BY *")
        return found


@pytest.fixture
def theirs(start_server: Callable[[str], Server], request: pytest.FixtureRequest) -> Iterator[Theirs]:
    server = start_server("influxdb")
    assert isinstance(server, InfluxDB)
    name = f"theirs {abs(hash(request.node.nodeid))}"
    yield Theirs(server, name)
    server.query(f'DROP DATABASE "{name}"')


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation], theirs: Theirs) -> Installation:
    ondol = open_ondol(adopt_url=theirs.url, unknown_points="register")
    make_building(ondol, "hq", timezone="UTC")
    return ondol


def lines(head: str, values: list[float], fields: str = "value={}", step_s: int = 60) -> list[str]:
    """A line a value, from START on."""
    return [f"{head} {fields.format(value)} {epoch_s(START) + step_s * n}" for n, value in enumerate(values)]


def adopt(ondol: Installation, text: str | None = None) -> dict[str, Any]:
    """Adopt and take the past; what was compared, by series."""
    standing = ondol.adopting.find(SYSTEM)
    ondol.adopting.adopt(SYSTEM, ondol.adopting.decide(SYSTEM, standing, text))
    ondol.adopting.take_past(SYSTEM, lambda _: None)
    ondol.history.aggregate()
    return {it.series.series.text: it for it in ondol.adopting.compare(SYSTEM)}


def found(ondol: Installation) -> dict[str, Any]:
    return {it.found.series.text: it for it in ondol.adopting.find(SYSTEM).series}


def raw(ondol: Installation, point: str, start: datetime = START) -> list[float]:
    series = series_of(ondol, point, start, start + timedelta(hours=36), Resolution.RAW)
    return [value for value in series.values if value is not None]


def follow(ondol: Installation) -> None:
    (task,) = [task for task in ondol.adopting.tasks() if task.name == "follow adopted series"]
    task.run()


def edited(text: str, **changes: dict[str, str]) -> str:
    """A map with cells changed, by a part of the series."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for part, cells in changes.items():
            if part in row["series"]:
                row.update(cells)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_the_guides_form_is_understood_taken_and_left_untouched(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(GUIDE, [20.0, 21.0, 22.0], 'value={},unit="celsius",status="normal"'))
    before = theirs.all_of_theirs()
    (one,) = ondol.adopting.find(SYSTEM).series
    assert (one.found.readings, one.found.last_value, one.new.key) == (3, 22.0, "hq.3.office_301.temperature")
    assert (one.new.quantity, one.new.unit, str(one.new.kind)) == ("temperature", "degC", "measurement")
    (compared,) = adopt(ondol).values()
    assert (compared.there, compared.series.accepted, compared.is_equal, compared.difference) == (3, 3, True, None)
    assert raw(ondol, "hq.3.office_301.temperature") == [20.0, 21.0, 22.0]
    assert ondol.sites.point(SYSTEM, "hq.3.office_301.temperature").space == "office_301"
    assert theirs.all_of_theirs() == before


def test_other_forms_with_several_fields_texts_integers_and_names_of_all_kinds(
    ondol: Installation, theirs: Theirs
) -> None:
    telegraf = r"modbus,building_id=hq,host=plc\ 1,name=본관\,\ 1층\ \=전기 "
    theirs.write(
        *lines(telegraf, [0.5, 1.5], 'power_kw={},temp_c=60i,state="on",alarm=false'),
        *lines(r"물\ 사용,building_id=hq,meter=a'b\"c", [1.0], "flow={}"),
    )
    series = found(ondol)
    by_field = {it.found.series.field: it for it in series.values()}
    assert set(by_field) == {"power_kw", "temp_c", "alarm", "flow"}  # a text is no reading
    assert by_field["power_kw"].found.series.tags == {"building_id": "hq", "host": "plc 1", "name": "본관, 1층 =전기"}
    assert (by_field["power_kw"].new.quantity, by_field["power_kw"].new.unit) == ("electricity", "kW")
    assert by_field["temp_c"].new.unit == "degC"
    assert by_field["alarm"].asked
    compared = adopt(ondol)
    taken = {it.series.series.field: it for it in compared.values()}
    assert {name: it.there for name, it in taken.items() if name in ("power_kw", "temp_c")} == {
        "power_kw": 2,
        "temp_c": 2,
    }
    assert "alarm" not in taken
    assert all(it.is_equal for it in compared.values())
    assert raw(ondol, taken["power_kw"].series.point_key) == [0.5, 1.5]
    assert raw(ondol, taken["temp_c"].series.point_key) == [60.0, 60.0]


def test_a_map_says_what_cannot_be_told(ondol: Installation, theirs: Theirs) -> None:
    make_building(ondol, "annex", timezone="UTC")
    make_points(
        ondol,
        "annex",
        [{"key": "annex.main", "name": "m", "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}],
    )
    theirs.write(
        *lines("plc,channel=1", [100.0 + n for n in range(121)], "v={}"),
        *lines("plc,channel=2", [5.0, 6.0], "v={}"),
        *lines("plc,channel=3", [7.0], "v={}"),
    )
    standing = ondol.adopting.find(SYSTEM)
    assert all(it.asked for it in standing.series)
    assert adopt(ondol) == {}  # nothing is guessed
    text = edited(
        map_of(standing),
        **{
            "channel=1": {"point": "annex.main", "multiplier": "0.1"},
            "channel=2": {
                "point": "hq.flow",
                "building": "hq",
                "quantity": "water",
                "unit": "m3/h",
                "kind": "measurement",
            },
            "channel=3": {"point": "skip"},
        },
    )
    compared = adopt(ondol, text)
    assert {it.series.point_key for it in compared.values()} == {"annex.main", "hq.flow"}
    assert all(it.is_equal for it in compared.values())
    used = usage_of(ondol, "annex", "electricity", START, START + timedelta(hours=2), Resolution.HOUR)
    assert used.total == pytest.approx(12.0)
    assert raw(ondol, "hq.flow") == [5.0, 6.0]
    assert ondol.sites.point(SYSTEM, "hq.flow").unit == "m3/h"


BAD = {
    "an unknown series": ("series,point\nnope value,x\n", "line 2: there is no series 'nope value'"),
    "no header": ("plc,channel=1 v,x\n", "line 1: the map lacks the column 'series'"),
    "another column": ("series,point,colour\n", "line 1: 'colour' is no column"),
    "a wrong kind": ('series,point,kind\n"plc,channel=1 v",p,sum\n', "line 2: the kind 'sum'"),
    "a wrong unit": (
        'series,point,building,quantity,unit,kind\n"plc,channel=1 v",p,hq,electricity,kWhh!,register\n',
        "line 2: the unit 'kWhh!'",
    ),
    "no unit": (
        'series,point,building,quantity\n"plc,channel=1 v",p,hq,electricity\n',
        "line 2: say what it is: unit, kind",
    ),
    "no such building": (
        'series,point,building,quantity,unit,kind\n"plc,channel=1 v",p,no,water,m3,register\n',
        "line 2: there is no building 'no'",
    ),
    "a point that is something else": (
        'series,point,unit\n"plc,channel=1 v",hq.e,kW\n',
        "line 2: the point 'hq.e' has the unit 'kWh'",
    ),
    "twice": (
        'series,point\n"plc,channel=1 v",skip\n"plc,channel=1 v",skip\n',
        "line 3: the series stands in line 2 already",
    ),
    "a wrong multiplier": ('series,point,multiplier\n"plc,channel=1 v",hq.e,0\n', "line 2: the multiplier '0'"),
    "a bad key": (
        'series,point,building,quantity,unit,kind\n"plc,channel=1 v",a b/c,hq,water,m3,register\n',
        "line 2: 'a b/c' is no key",
    ),
    "an open quote": ('series,point\n"plc', "line 2: there is no series"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_map_names_line_and_reason_and_harms_nothing(ondol: Installation, theirs: Theirs, name: str) -> None:
    make_points(
        ondol,
        "hq",
        [{"key": "hq.e", "name": "e", "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}],
    )
    theirs.write(*lines("plc,channel=1", [1.0], "v={}"))
    text, reason = BAD[name]
    good = '"plc,channel=1 v",hq.e\n' if name == "never" else ""
    with pytest.raises(InvalidInput) as refused:
        ondol.adopting.decide(SYSTEM, ondol.adopting.find(SYSTEM), text + good)
    assert reason in str(refused.value)
    assert [point.key for point in ondol.sites.points(SYSTEM, "hq")] == ["hq.e"]
    assert ondol.adopting.adopted(SYSTEM) == []


def test_readings_older_than_raw_ones_are_kept_become_history(
    ondol: Installation, theirs: Theirs, clock: SetClock
) -> None:
    start = NOW - timedelta(days=60)
    head = "meter,building_id=hq,name=main"
    stamps = range(epoch_s(start), epoch_s(NOW), 3600)
    theirs.write(*(f"{head} energy_total_kwh={1000 + n} {stamp}" for n, stamp in enumerate(stamps)))
    (compared,) = adopt(ondol).values()
    assert (compared.there, compared.is_equal) == (1440, True)
    assert str(ondol.sites.point(SYSTEM, compared.series.point_key).kind) == "total_increasing"
    assert usage_of(ondol, "hq", "electricity", start, NOW, Resolution.DAY).total == pytest.approx(1439.0)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["before", "after"])
def test_killed_in_the_middle_and_started_again(
    ondol: Installation, theirs: Theirs, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a slice is noted as taken, or after."""
    monkeypatch.setattr("ondol.readings.take_past.MOST_A_SLICE", 10)
    values = [float(n % 50) for n in range(200)]
    theirs.write(*lines(GUIDE, values, 'value={},unit="celsius"', step_s=600))
    standing = ondol.adopting.find(SYSTEM)
    ondol.adopting.adopt(SYSTEM, ondol.adopting.decide(SYSTEM, standing, None))
    adoptions, kill_at = ondol.adopting.adoptions, iter(range(1, 100))
    advance = type(adoptions).advance_past

    def killed(self: Any, *arguments: Any) -> bool:
        if next(kill_at) % 3:
            return advance(self, *arguments)
        if at == "after":
            advance(self, *arguments)
        raise Killed

    monkeypatch.setattr(type(adoptions), "advance_past", killed)
    kills = 0
    while True:
        try:
            ondol.adopting.take_past(SYSTEM, lambda _: None)
        except Killed:
            kills += 1
        else:
            break
    assert kills > 3
    (compared,) = ondol.adopting.compare(SYSTEM)
    assert (compared.there, compared.series.read, compared.series.accepted, compared.is_equal) == (200, 200, 200, True)
    assert raw(ondol, compared.series.point_key) == values
    assert adopt(ondol)[compared.series.series.text].is_equal


def test_what_is_new_and_what_came_late_is_followed(ondol: Installation, theirs: Theirs, clock: SetClock) -> None:
    now = epoch_s(NOW)
    theirs.write(f'{GUIDE} value=1,unit="celsius" {now - 7200}', f'{GUIDE} value=2,unit="celsius" {now - 60}')
    adopt(ondol)
    point = "hq.3.office_301.temperature"
    (task,) = [task for task in ondol.adopting.tasks() if task.name == "follow adopted series"]
    task.run()
    clock.forward(seconds=5)
    theirs.write(f'{GUIDE} value=50,unit="fahrenheit" {now + 4}', f'{GUIDE} value=3,unit="celsius" {now - 30}')
    task.run()
    start = NOW - timedelta(hours=3)
    assert raw(ondol, point, start) == pytest.approx([1, 2, 3, 10])
    (live,) = ondol.readings.latest(SYSTEM, "hq")
    assert live.value == pytest.approx(10)
    # Behind what was read already, by an hour, and while nobody followed by a day.
    theirs.write(f'{GUIDE} value=4,unit="celsius" {now - 3600}')
    follow(ondol)
    assert raw(ondol, point, start) == pytest.approx([1, 4, 2, 3, 10])
    # A value that was written over.
    theirs.write(f'{GUIDE} value=3.5,unit="celsius" {now - 30}')
    task.run()
    assert raw(ondol, point, start) == pytest.approx([1, 4, 2, 3.5, 10])


def test_after_hours_without_it_all_follows(ondol: Installation, theirs: Theirs, clock: SetClock) -> None:
    theirs.write(f'{GUIDE} value=0,unit="celsius" {epoch_s(NOW) - 60}')
    adopt(ondol)
    follow(ondol)
    clock.forward(hours=9)
    theirs.write(*(f'{GUIDE} value={n},unit="celsius" {epoch_s(NOW) + 60 * n}' for n in range(1, 541)))
    follow(ondol)
    assert raw(ondol, "hq.3.office_301.temperature", NOW - timedelta(hours=1)) == [float(n) for n in range(541)]


def test_late_arrivals_beyond_the_window_are_told_and_taken_by_running_it_again(
    ondol: Installation, theirs: Theirs
) -> None:
    theirs.write(*lines(GUIDE, [1.0, 2.0], 'value={},unit="celsius"'))
    adopt(ondol)
    theirs.write(*lines(GUIDE, [1.0, 2.0, 3.0], 'value={},unit="celsius"'))
    (compared,) = ondol.adopting.compare(SYSTEM)
    assert "1 came to it since" in str(compared.difference)
    assert not compared.is_equal
    (compared,) = adopt(ondol).values()
    assert (compared.there, compared.series.accepted, compared.is_equal) == (3, 3, True)
    assert raw(ondol, "hq.3.office_301.temperature") == [1.0, 2.0, 3.0]


def test_what_was_dropped_there_stays_here_and_is_told(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(GUIDE, [1.0, 2.0], 'value={},unit="celsius"'))
    adopt(ondol)
    theirs.server.query(f'DROP DATABASE "{theirs.name}"')
    theirs.server.query(f'CREATE DATABASE "{theirs.name}"')
    (compared,) = ondol.adopting.compare(SYSTEM)
    assert "2 stand there no longer" in str(compared.difference)
    assert raw(ondol, "hq.3.office_301.temperature") == [1.0, 2.0]


def test_two_buildings_have_devices_of_one_name(ondol: Installation, theirs: Theirs) -> None:
    make_building(ondol, "annex", timezone="UTC")
    theirs.write(
        *lines("meter,building_id=hq,name=main", [1.0], "power_kw={}"),
        *lines("meter,building_id=annex,name=main", [2.0], "power_kw={}"),
        *lines("meter,building_id=elsewhere,name=main", [3.0], "power_kw={}"),
        *lines("meter,name=main", [4.0], "power_kw={}"),
    )
    asked = {it.found.last_value: it.asked for it in found(ondol).values()}
    assert "there is no building 'elsewhere'" in asked[3.0]
    assert "no building is known" in asked[4.0]
    compared = adopt(ondol)
    assert {it.series.building_key: raw(ondol, it.series.point_key) for it in compared.values()} == {
        "hq": [1.0],
        "annex": [2.0],
    }


def test_a_value_that_no_reading_can_have_is_refused_and_told(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(GUIDE, [1.0, 1e200], 'value={},unit="celsius"'))
    (compared,) = adopt(ondol).values()
    assert (compared.there, compared.series.accepted, compared.series.refused) == (2, 1, 1)
    assert "1 refused: the value is not within" in str(compared.difference)
    assert not compared.is_equal


def test_a_series_that_is_let_go_is_followed_no_longer(ondol: Installation, theirs: Theirs, clock: SetClock) -> None:
    theirs.write(*lines(GUIDE, [1.0], 'value={},unit="celsius"'))
    adopt(ondol)
    standing = ondol.adopting.find(SYSTEM)
    moved = edited(map_of(standing), sensor_readings={"point": "hq.other"})
    with pytest.raises(InvalidInput, match=r"adopted by 'hq\.3\.office_301\.temperature'"):
        ondol.adopting.decide(SYSTEM, standing, moved)
    decided = ondol.adopting.decide(SYSTEM, standing, map_of(standing))
    assert (decided.adopt, decided.let_go) == ([], [])
    adopt(ondol, edited(map_of(standing), sensor_readings={"point": "skip"}))
    assert ondol.adopting.adopted(SYSTEM) == []
    assert raw(ondol, "hq.3.office_301.temperature") == [1.0]


def test_a_tag_that_changes_with_the_reading_makes_several_series_of_one_point(
    ondol: Installation, theirs: Theirs
) -> None:
    now = epoch_s(START)
    theirs.write(
        f'{GUIDE},status=normal value=1,unit="celsius" {now}', f'{GUIDE},status=high value=2,unit="celsius" {now + 60}'
    )
    compared = adopt(ondol)
    assert len(compared) == 2
    assert {it.series.point_key for it in compared.values()} == {"hq.3.office_301.temperature"}
    assert raw(ondol, "hq.3.office_301.temperature") == [1.0, 2.0]


def test_a_name_that_is_too_long_for_a_point_goes_to_one_by_the_map(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(f"plc,building_id=hq,a={'x' * 600}", [5.0], "temp_c={}"))
    standing = ondol.adopting.find(SYSTEM)
    assert "more than 500" in standing.series[0].asked
    what = {"point": "hq.long", "quantity": "temperature", "unit": "degC", "kind": "measurement"}
    (compared,) = adopt(ondol, edited(map_of(standing), plc=what)).values()
    assert compared.is_equal
    assert raw(ondol, "hq.long") == [5.0]


def test_what_is_refused_while_it_is_followed_is_told(ondol: Installation, theirs: Theirs) -> None:
    theirs.write(*lines(GUIDE, [1.0], 'value={},unit="celsius"'))
    adopt(ondol)
    theirs.write(f'{GUIDE} value=1e200,unit="celsius" {epoch_s(NOW)}')
    with structlog.testing.capture_logs() as logs:
        follow(ondol)
    (told,) = [entry for entry in logs if entry["event"] == "readings of adopted series are refused"]
    assert list(told["reasons"].values()) == [1]


def test_a_point_that_goes_lets_its_series_go_and_they_do_not_come_back_by_themselves(
    ondol: Installation, theirs: Theirs
) -> None:
    theirs.write(*lines(GUIDE, [1.0], 'value={},unit="celsius"'))
    adopt(ondol)
    before = theirs.all_of_theirs()
    key = "hq.3.office_301.temperature"
    ondol.points.delete(SYSTEM, key, key)
    assert ondol.adopting.adopted(SYSTEM) == []
    (one,) = ondol.adopting.find(SYSTEM).series
    assert "somebody took this name" in one.asked
    assert adopt(ondol) == {}
    assert theirs.all_of_theirs() == before


def test_a_point_that_is_merged_takes_its_series_along(ondol: Installation, theirs: Theirs, clock: SetClock) -> None:
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    theirs.write(*lines(GUIDE, [1.0], 'value={},unit="celsius"'))
    adopt(ondol)
    ondol.points.merge(SYSTEM, "hq.3.office_301.temperature", "hq.t")
    (adopted,) = ondol.adopting.adopted(SYSTEM)
    assert adopted.point_key == "hq.t"
    theirs.write(f'{GUIDE} value=9,unit="celsius" {epoch_s(NOW)}')
    follow(ondol)
    assert raw(ondol, "hq.t", NOW - timedelta(hours=1)) == [9.0]


@pytest.mark.parametrize("step_s", [10, 600, 5400])
@pytest.mark.parametrize("minutes", [0, 7])
def test_the_edge_of_what_is_kept_raw_costs_nothing(
    ondol: Installation, theirs: Theirs, clock: SetClock, step_s: int, minutes: int
) -> None:
    """History of a register and of a power that reach over it are those of what was measured."""
    clock.forward(minutes=minutes)
    edge = epoch_s(NOW) - 29 * 86_400
    stamps = range(edge - 3 * 3600, edge + 3 * 3600 + 1, step_s)
    theirs.write(*(f"m,building_id=hq,name=e energy_total_kwh={100 + n} {stamp}" for n, stamp in enumerate(stamps)))
    theirs.write(*(f"m,building_id=hq,name=out temp_c={(stamp - edge) / 3600} {stamp}" for stamp in stamps))
    compared = adopt(ondol)
    assert all(it.is_equal for it in compared.values())
    start, end = from_epoch_s(stamps[0]), from_epoch_s(stamps[-1])
    used = usage_of(ondol, "hq", "electricity", start, end, Resolution.HOUR)
    assert used.total == pytest.approx(len(stamps) - 1, rel=1e-9)
    if step_s <= 600 and not minutes:
        point = next(it.series.point_key for it in compared.values() if it.series.series.field == "temp_c")
        hours = series_of(ondol, point, start, end, Resolution.HOUR).values.to_list()
        # Each reading holds until the next one.
        assert hours == pytest.approx([hour + 0.5 - step_s / 7200 for hour in range(-3, 3)], abs=1e-6)


# The database that Ondol stores in


@pytest.fixture
def shared(
    open_ondol: Callable[..., Installation], start_server: Callable[[str], Server]
) -> tuple[Installation, Theirs]:
    """An installation whose own database others write into; on embedded stores there is none."""
    ondol = open_ondol()
    if ondol.settings.adopt is None:
        pytest.skip("embedded stores are nobody else's")
    server = start_server("influxdb")
    assert isinstance(server, InfluxDB)
    theirs = Theirs(server, ondol.adopting.rules.database)
    make_building(ondol, "hq", timezone="UTC")
    return ondol, theirs


def test_ondols_own_readings_are_no_others(shared: tuple[Installation, Theirs], clock: SetClock) -> None:
    ondol, theirs = shared
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    ondol.readings.record_json(
        SYSTEM, json.dumps({"readings": [{"point": "hq.t", "time": START.isoformat(), "value": 1}]}).encode()
    )
    assert ondol.adopting.find(SYSTEM).series == []
    assert ondol.adopting.find(SYSTEM).own == 1
    theirs.write(*lines(GUIDE, [20.0, 21.0], 'value={},unit="celsius",status="normal"'))
    theirs.write(*lines("plc,building_id=hq", [5.0], "temp_c={}"))
    before = theirs.all_of_theirs()
    assert len(before) == 2
    compared = adopt(ondol)
    assert all(it.is_equal for it in compared.values())
    assert raw(ondol, "hq.3.office_301.temperature") == [20.0, 21.0]
    # A second look finds nothing new, and retention, aggregation and following leave what others wrote alone.
    assert all(it.adopted for it in ondol.adopting.find(SYSTEM).series)
    for task in ondol.tasks():
        task.run()
    clock.forward(days=40)
    for task in ondol.tasks():
        task.run()
    assert theirs.all_of_theirs() == before
    assert ondol.readings.status().readings == 4  # Ondol's own, not those of others


def test_a_point_tag_of_others_is_never_stored_over(shared: tuple[Installation, Theirs]) -> None:
    ondol, theirs = shared
    head = "sensor_readings,building_id=hq,point=hq.x,sensor_type=temperature"
    theirs.write(*lines(head, [68.0], 'value={},unit="fahrenheit"'))
    (one,) = ondol.adopting.find(SYSTEM).series
    assert "give the point another key" in one.asked
    standing = ondol.adopting.find(SYSTEM)
    with pytest.raises(InvalidInput, match="another key"):
        ondol.adopting.decide(SYSTEM, standing, edited(map_of(standing), **{"hq.x": {"point": "hq.x"}}))
    adopt(ondol, edited(map_of(standing), **{"hq.x": {"point": "hq.y", "unit": "degC"}}))
    assert raw(ondol, "hq.y") == pytest.approx([20.0])
    assert theirs.ask("SELECT value FROM sensor_readings WHERE point = 'hq.x'")[0]["values"][0][1] == 68.0


def test_a_retention_is_not_shortened_over_readings_of_others(shared: tuple[Installation, Theirs]) -> None:
    ondol, theirs = shared
    make_points(ondol, "hq", [{"key": "hq.t", "name": "t", "quantity": "temperature", "unit": "degC"}])
    body = {"readings": [{"point": "hq.t", "time": START.isoformat(), "value": 1}]}
    ondol.readings.record_json(SYSTEM, json.dumps(body).encode())
    theirs.write(*lines(GUIDE, [20.0], 'value={},unit="celsius"'))
    left = set_up_at(theirs.url, Retention(7), may_shorten=True)
    assert left is not None
    assert "sensor_readings without the tag point" in left
    assert theirs.ask(f'SHOW RETENTION POLICIES ON "{theirs.name}"')[0]["values"][0][1] == "0s"
    theirs.ask("DROP SERIES FROM sensor_readings WHERE point = ''")
    assert set_up_at(theirs.url, Retention(7), may_shorten=True) is None


def test_a_field_of_another_type_is_told_before_anything_is_done(shared: tuple[Installation, Theirs]) -> None:
    ondol, theirs = shared
    theirs.write(f"sensor_readings,building_id=hq,sensor_type=temperature value=5i {epoch_s(START)}")
    standing = ondol.adopting.find(SYSTEM)
    assert "ONDOL_ADOPT_URL" in standing.notes[0]
    with pytest.raises(InvalidInput, match="another database"):
        ondol.adopting.decide(SYSTEM, standing, None)


def test_a_store_that_is_away_is_told_and_goes_on_after(ondol: Installation, theirs: Theirs, clock: SetClock) -> None:
    theirs.write(f'{GUIDE} value=0,unit="celsius" {epoch_s(NOW) - 60}')
    adopt(ondol)
    (task,) = [task for task in ondol.adopting.tasks() if task.name == "follow adopted series"]
    task.run()
    theirs.server.kill()
    try:
        with pytest.raises(StoreUnavailable, match="ONDOL_ADOPT_URL"):
            task.run()
    finally:
        theirs.server.start()
    clock.forward(minutes=30)
    theirs.write(f'{GUIDE} value=1,unit="celsius" {epoch_s(NOW) + 600}')
    _eventually(task.run)
    assert raw(ondol, "hq.3.office_301.temperature", NOW - timedelta(hours=1)) == [0.0, 1.0]


def _eventually(run: Callable[[], object]) -> None:
    """For half a second after a failure, InfluxDB is not asked."""
    deadline = time.monotonic() + 10
    while True:
        try:
            run()
            return
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
