"""What devices send becomes points, or waits until somebody says what it is; nothing that is acknowledged is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.making import make_building, make_points, make_token, make_user, sign_in, usage_of

from ondol.common.access import SYSTEM, Access, Scope
from ondol.common.errors import InvalidInput, NotFound
from ondol.common.instants import epoch_s
from ondol.history import Resolution
from ondol.installation import Installation
from ondol.people import Role
from ondol.readings import Naming, Receipt
from ondol.sites import PointChange, PointKind, PointRole
from ondol.web.app import create_app

WRITER = replace(SYSTEM, may_register=True)
START = NOW - timedelta(hours=6)
AT = epoch_s(START)
REGISTER = Naming(quantity="electricity", unit="kWh", kind=PointKind.TOTAL_INCREASING)


@pytest.fixture
def ondol(open_ondol: Callable[..., Installation]) -> Installation:
    ondol = open_ondol()
    make_building(ondol, "hq", timezone="UTC")
    return ondol


def send(ondol: Installation, *lines: str, bucket: str = "hq", access: Access = WRITER) -> Receipt:
    return ondol.readings.record_lines(access, "\n".join(lines).encode(), "s", bucket)


def quarters(line: str, values: list[float]) -> list[str]:
    """A line with `{}` for its value, every quarter of an hour from START."""
    return [f"{line.format(value)} {epoch_s(START) + 900 * n}" for n, value in enumerate(values)]


def waiting(ondol: Installation, building: str = "hq") -> dict[str, str]:
    """Keys of what waits, by name."""
    return {device.source: device.key for device, _ in ondol.readings.waiting_devices(SYSTEM, building)}


def used(ondol: Installation, quantity: str = "electricity") -> float:
    ondol.history.aggregate()
    return usage_of(ondol, "hq", quantity, START, NOW, Resolution.HOUR).total


RISING = [1000 + n / 2 for n in range(25)]
PAIRS = {
    "home assistant": (
        'kWh,domain=sensor,entity_id=main_energy value={},device_class_str="energy",state_class_str="total_increasing"',
        'W,domain=sensor,entity_id=main_power value={},device_class_str="power"',
        1,
    ),
    "tasmota": ("mqtt_consumer,topic=tele/plug/SENSOR ENERGY_Total={}", "mqtt_consumer,topic=tele/plug/SENSOR ENERGY_Power={}", 1),
    "shelly": (
        "mqtt_consumer,topic=shellyplus1-1/status/switch:0 aenergy_total={}",
        "mqtt_consumer,topic=shellyplus1-1/status/switch:0 apower={}", 1000,
    ),
    "zigbee2mqtt": ("mqtt_consumer,topic=zigbee2mqtt/plug energy={}", "mqtt_consumer,topic=zigbee2mqtt/plug power={}", 1),
}  # fmt: skip


@pytest.mark.parametrize("maker", PAIRS)
@pytest.mark.parametrize("power_first", [False, True])
def test_a_register_beside_its_power_is_the_use(ondol: Installation, maker: str, power_first: bool) -> None:
    register, power, per_kwh = PAIRS[maker]
    parts = [quarters(register, [value * per_kwh for value in RISING]), quarters(power, [2000.0] * 25)]
    for part in reversed(parts) if power_first else parts:
        assert send(ondol, *part).rejected == 0
    assert used(ondol) == pytest.approx(12, abs=0.1)
    assert waiting(ondol) == {}


def test_a_point_that_a_person_made_is_not_put_behind_another(ondol: Installation) -> None:
    make_points(ondol, "hq", [{"key": "hq.power", "name": "mains", "quantity": "electricity", "unit": "kW"}])
    send(ondol, 'm,point=hq.total_energy value=1,unit="kWh" 1794981600')
    assert ondol.sites.point(SYSTEM, "hq.power").submeter_of is None


def test_phases_stand_behind_their_sum(ondol: Installation) -> None:
    head = "mqtt_consumer,topic=shellypro3em-1/status/em:0"
    send(
        ondol,
        *[f"{head} {name}_act_power=1000 {epoch_s(START)}" for name in ("a", "b", "c")],
        f"{head} total_act_power=3000 {epoch_s(START)}",
    )
    behind = {point.key.rpartition(".")[2]: point.submeter_of for point in ondol.sites.points(SYSTEM, "hq")}
    assert behind.pop("total_act_power") is None
    assert len(set(behind.values())) == 1
    assert None not in behind.values()


def roles(ondol: Installation) -> dict[str, str]:
    """The role of each point by the last part of its key."""
    return {point.key.rpartition(".")[2]: point.role for point in ondol.sites.points(SYSTEM, "hq")}


ENTITY = '{},domain=sensor,entity_id={} value={},device_class_str="energy",state_class_str="total_increasing"'


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(
    "expected",
    [
        {"house_energy": "main", "house_energy_daily": "check", "house_energy_monthly": "check", "house_energy_peak": "submeter",
         "house_energy_yesterday": "check"},
        {"smart_meter": "main", "fridge_plug": "submeter", "washing_machine": "submeter", "grid_export": "export"},
        {"from_grid": "main", "home_load": "check", "solar_energy": "generation", "to_grid": "export"},
    ],
)  # fmt: skip
def test_only_the_buildings_own_meter_counts(ondol: Installation, expected: dict[str, str], is_turned: bool) -> None:
    for name in reversed(expected) if is_turned else expected:
        send(ondol, *quarters(ENTITY.format("kWh", name, "{}"), RISING))
    assert roles(ondol) == expected
    assert used(ondol) == pytest.approx(12)


def test_what_is_named_by_a_person_stands_behind_its_meter_too(ondol: Installation) -> None:
    send(ondol, *quarters(ENTITY.format("kWh", "smart_meter", "{}"), RISING))
    send(ondol, *quarters("modbus,name=fridge reg={}", RISING))
    (key,) = waiting(ondol).values()
    ondol.readings.name_device(SYSTEM, key, REGISTER)
    assert sorted(roles(ondol).values()) == ["main", "submeter"]
    assert used(ondol) == pytest.approx(12)


def test_a_role_that_a_person_gave_stays(ondol: Installation) -> None:
    lines = {name: ENTITY.format("kWh", name, 5) + f" {AT}" for name in ("smart_meter", "fridge_plug", "other")}
    send(ondol, lines["smart_meter"], lines["fridge_plug"])
    ondol.points.change(SYSTEM, "hq.fridge_plug", PointChange(role=PointRole.MAIN))
    send(ondol, lines["other"])
    assert roles(ondol)["fridge_plug"] == "main"


def test_an_entity_whose_unit_is_switched_stays_the_same_point(ondol: Installation) -> None:
    for unit, factor, part in (("Wh", 1000, RISING[:10]), ("kWh", 1, RISING[10:20]), ("Wh", 1000, RISING[20:])):
        lines = quarters(ENTITY.format(unit, "main_energy", "{}"), [value * factor for value in RISING])
        chosen = [RISING.index(value) for value in part]
        assert send(ondol, *[lines[n] for n in chosen]).rejected == 0
    (point,) = ondol.sites.points(SYSTEM, "hq")
    assert (point.key, point.unit) == ("hq.main_energy", "Wh")
    assert used(ondol) == pytest.approx(12)


def test_a_tag_unit_is_converted(ondol: Installation) -> None:
    send(ondol, f'm,point=hq.total_energy value=1,unit="kWh" {AT}')
    send(ondol, f"m,point=hq.total_energy,unit=Wh value=2000 {AT + 900}")
    assert [reading.value for reading in ondol.readings.latest(SYSTEM, "hq")] == [2.0]


def test_the_power_of_a_heat_meter_waits_whatever_comes_later(ondol: Installation) -> None:
    send(ondol, f"modbus,name=m power_kw=12,flow_temp_c=60,return_temp_c=40 {AT}")
    send(ondol, f"modbus,name=m power_kw=12 {AT + 900}")
    assert "modbus,name=m power_kw" in waiting(ondol)
    ((_, meant),) = [it for it in ondol.readings.waiting_devices(SYSTEM, "hq") if it[0].source.endswith("power_kw")]
    assert meant.lacks == ("quantity",)


def test_what_is_not_understood_waits_and_follows_when_it_is_named(ondol: Installation) -> None:
    receipt = send(ondol, *quarters("modbus,name=mains reg_40001={}", RISING))
    assert (receipt.accepted, receipt.rejected) == (25, 0)
    assert ondol.sites.points(SYSTEM, "hq") == []
    ((device, meant),) = ondol.readings.waiting_devices(SYSTEM, "hq")
    assert (device.readings, device.last_value, meant.lacks) == (25, 1012.0, ("quantity", "unit", "kind"))
    point = ondol.readings.name_device(SYSTEM, device.key, REGISTER)
    assert (point.quantity, point.unit, point.kind) == ("electricity", "kWh", "total_increasing")
    assert used(ondol) == pytest.approx(12)
    assert waiting(ondol) == {}
    # What comes later goes straight to the point.
    send(ondol, f"modbus,name=mains reg_40001=1013 {epoch_s(NOW) + 1}")
    assert [reading.value for reading in ondol.readings.latest(SYSTEM, "hq")] == [1013.0]


def test_readings_older_than_raw_ones_are_kept_wait_and_follow_too(ondol: Installation) -> None:
    old = epoch_s(NOW - timedelta(days=90)) // 3600 * 3600
    send(ondol, *[f"modbus,name=m reg={1000 + n} {old + 3600 * n}" for n in range(25)])
    (key,) = waiting(ondol).values()
    ondol.readings.name_device(SYSTEM, key, REGISTER)
    ondol.history.aggregate()
    start = NOW - timedelta(days=91)
    assert usage_of(ondol, "hq", "electricity", start, NOW, Resolution.DAY).total == pytest.approx(24)


def test_a_unit_that_could_be_several_is_asked_and_then_meant(ondol: Installation) -> None:
    lines = quarters('m,point=hq.water_total value={},unit="gal"', [float(n) for n in range(25)])
    send(ondol, *lines)
    (key,) = waiting(ondol).values()
    with pytest.raises(InvalidInput, match="unit"):
        ondol.readings.name_device(SYSTEM, key, Naming())
    ondol.readings.name_device(SYSTEM, key, Naming(unit="US gal", kind=PointKind.TOTAL_INCREASING))
    send(ondol, f'm,point=hq.water_total value=25,unit="gal" {epoch_s(NOW) + 1}')
    assert used(ondol, "water") == pytest.approx(24 * 3.785411784e-3, rel=0.05)
    (reading,) = ondol.readings.latest(SYSTEM, "hq")
    assert (reading.value, reading.quality) == (25.0, 0)


def test_a_unit_that_does_not_convert_is_no_name_for_it(ondol: Installation) -> None:
    send(ondol, 'm,point=hq.electricity value=1,unit="kWh" 1794981600')
    (key,) = waiting(ondol).values()
    with pytest.raises(InvalidInput, match="convert"):
        ondol.readings.name_device(SYSTEM, key, Naming(unit="kW", kind=PointKind.MEASUREMENT))


def test_a_name_is_added_to_a_point_that_exists(ondol: Installation) -> None:
    make_points(
        ondol,
        "hq",
        [{"key": "hq.mains", "name": "m", "quantity": "electricity", "unit": "kWh", "kind": "total_increasing"}],
    )
    send(ondol, *quarters("modbus,name=mains reg={}", RISING))
    (key,) = waiting(ondol).values()
    ondol.readings.name_device(SYSTEM, key, Naming(point="hq.mains"))
    assert used(ondol) == pytest.approx(12)
    with pytest.raises(NotFound):
        ondol.readings.name_device(SYSTEM, key, REGISTER)


def test_readings_that_were_left_behind_follow_by_themselves(ondol: Installation) -> None:
    """A reading that was on its way while the name became a point, or a process that died in between."""
    send(ondol, *quarters("modbus,name=mains reg={}", RISING))
    (source,) = waiting(ondol)
    make_points(
        ondol,
        "hq",
        [
            {
                "key": "hq.mains",
                "name": "m",
                "quantity": "electricity",
                "unit": "kWh",
                "kind": "total_increasing",
                "alias": source,
            }
        ],
    )
    next(task for task in ondol.readings.tasks() if task.name == "follow named devices").run()
    assert waiting(ondol) == {}
    assert used(ondol) == pytest.approx(12)


def test_two_buildings_have_a_device_of_one_name(ondol: Installation) -> None:
    make_building(ondol, "annex", timezone="UTC")
    for building, value in (("hq", 1), ("annex", 2)):
        for _ in range(2):
            assert send(ondol, f"modbus,name=m reg={value} {epoch_s(START)}", bucket=building).accepted == 1
    for building, value in (("hq", 1.0), ("annex", 2.0)):
        (key,) = waiting(ondol, building).values()
        ondol.readings.name_device(SYSTEM, key, Naming(quantity="co2", unit="ppm"))
        assert waiting(ondol, building) == {}
        assert [reading.value for reading in ondol.readings.latest(SYSTEM, building)] == [value]
        send(ondol, f"modbus,name=m reg={value + 10} {epoch_s(START) + 1}", bucket=building)
        assert [reading.value for reading in ondol.readings.latest(SYSTEM, building)] == [value + 10]


def test_a_forgotten_name_is_gone_and_new_when_it_sends_again(ondol: Installation) -> None:
    send(ondol, f"cpu,host=a usage_idle=98 {epoch_s(START)}")
    (key,) = waiting(ondol).values()
    ondol.readings.forget_device(SYSTEM, key)
    assert waiting(ondol) == {}
    send(ondol, f"cpu,host=a usage_idle=98 {epoch_s(START)}")
    assert set(waiting(ondol).values()) == {key}


def test_1500_new_points_in_one_request_are_all_there(ondol: Installation) -> None:
    lines = [
        f"sensor_readings,building_id=hq,floor={n % 9},room=r{n},sensor_type=temperature value=21 {epoch_s(START)}"
        for n in range(1500)
    ]
    receipt = send(ondol, *lines)
    assert (receipt.accepted, receipt.rejected) == (1500, 0)
    assert len(ondol.sites.points(SYSTEM, "hq")) == 1500
    assert len(ondol.readings.latest(SYSTEM, "hq")) == 1500


def test_a_room_becomes_a_space(ondol: Installation) -> None:
    line = "sensor_readings,building_id=hq,floor=3,room={},sensor_type=temperature value=23.5 {}"
    send(ondol, *[line.format(room, epoch_s(START)) for room in ("office_301", "회의실", "a\\ b")])
    spaces = {space.key: space.name for space in ondol.sites.spaces(SYSTEM, "hq")}
    assert spaces == {"office_301": "office_301", "room-회의실": "회의실", "a_b": "a b"}
    assert {point.space for point in ondol.sites.points(SYSTEM, "hq")} == set(spaces)


def test_a_point_that_was_taken_for_something_else_is_read_anew(ondol: Installation) -> None:
    make_points(ondol, "hq", [{"key": "hq.m", "name": "m", "quantity": "power", "unit": "W"}])
    send(ondol, *quarters("m,point=hq.m value={}", RISING))
    ondol.history.aggregate()
    change = PointChange(quantity="electricity", unit="kWh", kind=PointKind.TOTAL_INCREASING)
    point = ondol.points.change(SYSTEM, "hq.m", change)
    assert (point.quantity, point.unit, point.kind) == ("electricity", "kWh", PointKind.TOTAL_INCREASING)
    assert used(ondol) == pytest.approx(12)
    ondol.points.change(SYSTEM, "hq.m", PointChange(unit="MWh"))
    assert used(ondol) == pytest.approx(12_000)
    with pytest.raises(InvalidInput, match="not known"):
        ondol.points.change(SYSTEM, "hq.m", PointChange(unit="bananas"))


def test_history_without_raw_readings_keeps_its_values_and_goes_only_when_that_is_said(ondol: Installation) -> None:
    meter = {"quantity": "electricity", "unit": "kWh", "kind": "total", "interval_s": 3600}
    make_points(ondol, "hq", [{"key": "hq.m", "name": "m", **meter}])
    start = NOW - timedelta(days=400)
    rows = [f"{start + timedelta(hours=n):%Y-%m-%d %H:%M},1" for n in range(24)]
    ondol.imports.import_file(
        SYSTEM, "hq", "a.csv", "\n".join(["time,kWh", *rows]).encode(), {"point": "hq.m", "kind": "interval"}
    )

    def old() -> float:
        return usage_of(ondol, "hq", "electricity", start, start + timedelta(days=2), Resolution.DAY).total

    assert old() == pytest.approx(24)
    ondol.points.change(SYSTEM, "hq.m", PointChange(unit="Wh"))
    assert old() == pytest.approx(0.024)
    register = PointChange(kind=PointKind.TOTAL_INCREASING)
    with pytest.raises(InvalidInput, match="forget_older"):
        ondol.points.change(SYSTEM, "hq.m", register)
    ondol.points.change(SYSTEM, "hq.m", register, forget_older=True)
    assert old() == 0


def test_over_the_api_and_on_the_page(ondol: Installation) -> None:
    app = create_app(ondol)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(ondol, 'all', Scope.READ, Scope.WRITE)}"
    send(ondol, f"cpu,host=a usage_idle=98 {epoch_s(START)}", f"cpu,host=a usage_user=2 {epoch_s(START)}")
    items = client.get("/api/v1/devices/new?building=hq").get_json()["items"]
    assert {(item["field"], item["tags"]["host"], item["last_value"], item["readings"]) for item in items} == {
        ("usage_idle", "a", 98.0, 1), ("usage_user", "a", 2.0, 1),
    }  # fmt: skip
    first, second = sorted(items, key=lambda item: item["field"])
    address = f"/api/v1/devices/new/{first['key']}"
    assert client.post(address, json={"quantity": "load"}).status_code == 400
    named = client.post(address, json={"quantity": "load", "unit": "%", "kind": "measurement"})
    assert (named.status_code, named.get_json()["unit"]) == (201, "%")
    assert client.post(address, json={"quantity": "load"}).status_code == 404

    make_user(ondol, "manager", Role.MANAGER)
    session_id, session = sign_in(ondol, "manager")
    browser = app.test_client()
    browser.set_cookie("ondol_session", session_id)
    browser.set_cookie("ondol_language", "en")
    page = browser.get("/buildings/hq/devices")
    assert "usage_user" in page.text
    connect = browser.get("/buildings/hq/connect").text
    assert all(name in connect for name in ("Home Assistant", "non_retryable_statuscodes", "bucket: hq", "InfluxQL"))
    form = {
        "csrf_token": session.csrf_token,
        "quantity": "humidity",
        "unit": "%",
        "kind": "measurement",
        "name": "second",
    }
    assert browser.post(f"/buildings/hq/devices/{second['key']}", data={**form, "unit": ""}).status_code == 400
    assert browser.post(f"/buildings/hq/devices/{second['key']}", data=form).status_code == 303
    assert "everything that is sent is understood" in browser.get("/buildings/hq/devices").text
    assert {point.name for point in ondol.sites.points(SYSTEM, "hq")} >= {"second"}
