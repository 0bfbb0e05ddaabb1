"""What devices of all makes are understood to send; what is not is asked."""

import pytest

from ondol.readings.formats.line_protocol import parse_line_protocol
from ondol.readings.model import Sent
from ondol.readings.rules.understanding import understand

NOW_US = 1_795_608_623_000_000
MQTT = "mqtt_consumer,host=pi,topic="
REGISTER, STATE = "total_increasing", "measurement"

KNOWN = [
    # Home Assistant
    ('kWh,domain=sensor,entity_id=m value=1,device_class_str="energy",state_class_str="total_increasing"', "electricity", "kWh", REGISTER),
    ('kWh,domain=sensor,entity_id=bill value=1,device_class_str="energy",state_class_str="total"', "electricity", "kWh", REGISTER),
    ('W,domain=sensor,entity_id=main_power value=2000,device_class_str="power",friendly_name_str="Main Power"', "electricity", "W", STATE),
    ('°C,domain=sensor,entity_id=hall value=21.5,device_class_str="temperature"', "temperature", "degC", STATE),
    ('°F,domain=sensor,entity_id=hall value=70,device_class_str="temperature"', "temperature", "degF", STATE),
    ('%,domain=sensor,entity_id=hall_h value=40,device_class_str="humidity",state_class_str="measurement"', "humidity", "%", STATE),
    ('%,domain=sensor,entity_id=remote value=40,device_class_str="battery"', "battery", "%", STATE),
    ('ppm,domain=sensor,entity_id=hall value=600,device_class_str="carbon_dioxide"', "co2", "ppm", STATE),
    ('lx,domain=sensor,entity_id=hall_lux value=600,device_class_str="illuminance"', "illuminance", "lx", STATE),
    ('m³,domain=sensor,entity_id=gasmeter value=6,device_class_str="gas",state_class_str="total_increasing"', "gas", "m3", REGISTER),
    ('m³,domain=sensor,entity_id=tap value=6,device_class_str="water",state_class_str="total_increasing"', "water", "m3", REGISTER),
    ('V,domain=sensor,entity_id=l1 value=230,device_class_str="voltage"', "voltage", "V", STATE),
    ("°C,domain=sensor,entity_id=roof value=21.5", "temperature", "degC", STATE),
    ('kWh,domain=sensor,entity_id=grid_export value=1,device_class_str="energy",state_class_str="total_increasing"',
     "electricity", "kWh", REGISTER),
    ('kWh,domain=sensor,entity_id=solar_energy value=1,device_class_str="energy",state_class_str="total_increasing"',
     "electricity", "kWh", REGISTER),
    # Tasmota, over Telegraf and by itself
    (MQTT + "tele/plug1/SENSOR ENERGY_Total=12.3", "electricity", "kWh", REGISTER),
    (MQTT + "tele/plug1/SENSOR ENERGY_Today=1.3", "electricity", "kWh", REGISTER),
    (MQTT + "tele/plug1/SENSOR ENERGY_Yesterday=1.3", "electricity", "kWh", STATE),
    (MQTT + "tele/plug1/SENSOR ENERGY_Power=60", "electricity", "W", STATE),
    (MQTT + "tele/plug1/SENSOR ENERGY_Voltage=230", "voltage", "V", STATE),
    (MQTT + "tele/plug1/SENSOR ENERGY_Current=0.3", "current", "A", STATE),
    (MQTT + "tele/plug1/SENSOR ENERGY_Factor=0.9", "power_factor", "pf", STATE),
    (MQTT + "tele/plug1/SENSOR AM2301_Temperature=21", "temperature", "degC", STATE),
    (MQTT + "tele/plug1/SENSOR AM2301_Humidity=41", "humidity", "%", STATE),
    ("total,device=plug,sensor=energy value=12.3", "electricity", "kWh", REGISTER),
    ("power,device=plug,sensor=energy value=60", "electricity", "W", STATE),
    ("temperature,device=wemos4,sensor=ds18b20,id=01144A0CB2AA value=22.63", "temperature", "degC", STATE),
    # Shelly
    (MQTT + "shellyplus1pm-a8/status/switch:0 aenergy_total=1234", "electricity", "Wh", REGISTER),
    (MQTT + "shellyplus1pm-a8/status/switch:0 apower=60", "electricity", "W", STATE),
    (MQTT + "shellyplus1pm-a8/status/switch:0 temperature_tC=41", "temperature", "degC", STATE),
    (MQTT + "shellypro3em-1/status/em:0 a_act_power=100", "electricity", "W", STATE),
    (MQTT + "shellypro3em-1/status/em:0 total_act_power=300", "electricity", "W", STATE),
    (MQTT + "shellypro3em-1/status/emdata:0 a_total_act_energy=1", "electricity", "Wh", REGISTER),
    (MQTT + "shellypro3em-1/status/emdata:0 a_total_act_ret_energy=1", "electricity", "Wh", REGISTER),
    # The script of the page "Connect"
    ("shelly,device=shellyplus1-a8032 apower=60", "electricity", "W", STATE),
    ("shelly,device=shellyplus1-a8032 aenergy_total=60", "electricity", "Wh", REGISTER),
    ('esphome,point=hq.power value=60,unit="W"', "electricity", "W", STATE),
    (MQTT + "shellyplug-1/status/switch:0 voltage=230", "voltage", "V", STATE),
    # Zigbee2MQTT
    (MQTT + "zigbee2mqtt/plug energy=12", "electricity", "kWh", REGISTER),
    (MQTT + "zigbee2mqtt/plug power=60", "electricity", "W", STATE),
    (MQTT + "zigbee2mqtt/hall temperature=21", "temperature", "degC", STATE),
    (MQTT + "zigbee2mqtt/hall humidity=41", "humidity", "%", STATE),
    (MQTT + "zigbee2mqtt/hall illuminance_lux=300", "illuminance", "lx", STATE),
    # ESPHome over MQTT, where the name says all
    (MQTT + "esphome/sensor/hall_temperature/state value=21", "temperature", "degC", STATE),
    (MQTT + "esphome/sensor/grid_power_w/state value=21", "electricity", "W", STATE),
    # Telegraf's modbus, the guide, and our README
    ('modbus,name=main power_kw=12,unit_id=1', "electricity", "kW", STATE),
    ('modbus,name=main total_energy_kwh=12', "electricity", "kWh", REGISTER),
    ("sensor_readings,building_id=b,sensor_type=temperature,floor=3,room=r value=23", "temperature", "degC", STATE),
    ("sensor_readings,building_id=b,sensor_type=power value=23", "electricity", "kW", STATE),
    ("sensor_readings,building_id=b,sensor_type=co2 value=600", "co2", "ppm", STATE),
    ('power,point=hq.electricity value=23.5,unit="kW"', "electricity", "kW", STATE),
    ('m,point=hq.total_energy value=23.5,unit="kWh"', "electricity", "kWh", REGISTER),
    ('m,point=hq.gas_register value=23.5,unit="m3"', "gas", "m3", REGISTER),
]  # fmt: skip

ASKED = [
    ("power,point=hq.electricity value=23.5", ("unit", "kind")),
    ('m,point=hq.electricity value=23.5,unit="kWh"', ("kind",)),
    ('m,point=hq.electricity_interval value=23.5,unit="kWh"', ("kind",)),
    ('m,point=hq.water_total value=23.5,unit="gal"', ("unit", "kind")),
    ('m,point=hq.x value=23.5,unit="bananas"', ("quantity", "unit", "kind")),
    ('m,point=hq.x value=23.5,unit="kWh"', ("quantity", "kind")),
    ('kWh,domain=sensor,entity_id=heat_meter value=1,device_class_str="energy",state_class_str="total_increasing"', ("quantity",)),
    ("kWh,domain=sensor,entity_id=main battery_level=1", ("quantity", "unit", "kind")),
    ('state,domain=switch,entity_id=lamp value=1,friendly_name_str="Lamp"', ("quantity", "unit", "kind")),
    ("cpu,cpu=cpu0,host=a usage_idle=98.5", ("quantity", "unit", "kind")),
    ("mem,host=a used_percent=98.5", ("quantity",)),
    ("modbus,name=main power=12", ("unit", "kind")),
    ("modbus,name=main energy=12", ("unit", "kind")),
    (MQTT + "zigbee2mqtt/plug linkquality=60", ("quantity", "unit", "kind")),
    (MQTT + "esphome/sensor/grid_energy/state value=21", ("unit", "kind")),
    (MQTT + "shellyplus1pm-a8/status/switch:0 aenergy_by_minute_0=1", ("kind",)),
]  # fmt: skip


def understood(line: str):
    found = parse_line_protocol(f"{line} {NOW_US}".encode(), "us", NOW_US)
    source = found.sources[0]
    return understand(source, found.details[source])


@pytest.mark.parametrize(("line", "quantity", "unit", "kind"), KNOWN)
def test_what_a_device_sends_is_understood(line: str, quantity: str, unit: str, kind: str) -> None:
    found = understood(line)
    assert (found.quantity, found.unit, found.kind) == (quantity, unit, kind)
    assert found.lacks == ()


@pytest.mark.parametrize(("line", "lacks"), ASKED)
def test_what_could_mean_several_things_is_asked(line: str, lacks: tuple[str, ...]) -> None:
    assert understood(line).lacks == lacks


def test_a_unit_that_came_with_a_reading_in_json_counts() -> None:
    found = understand("hq.온도", Sent(), "°F")
    assert (found.quantity, found.unit, found.kind) == ("temperature", "degF", "measurement")


@pytest.mark.parametrize(
    ("entity", "role"),
    [
        ("grid_export", "export"),
        ("solar_energy", "generation"),
        ("total_act_ret_energy", "export"),
        ("main_energy", "main"),
    ],
)
def test_what_is_fed_in_or_made_is_no_use(entity: str, role: str) -> None:
    line = f'kWh,domain=sensor,entity_id={entity} value=1,device_class_str="energy",state_class_str="total_increasing"'
    assert understood(line).role == role


ENERGY = ',device_class_str="energy",state_class_str="total_increasing"'
HA = "kWh,domain=sensor,entity_id="


@pytest.mark.parametrize(
    "entity",
    ["einspeisung", "verkoop_energie", "energie_reinjectee",
     "netzeinspeisung_gesamt", "teruglevering_tarief_1", "energie_injectee", "injection_totale", "inyeccion_red",
     "energia_vertida", "energia_immessa", "feed_in", "feedin_energy", "energy_to_grid", "returned_energy", "delivered_to_grid",
     "sold_energy", "grid_export", "total_act_ret_energy", "역송전력량", "売電電力量", "inmatning_total", "eksport", "solgt_energi",
     "solar_to_grid", "stromverkauf", "e_out"],
)  # fmt: skip
def test_what_is_fed_in_is_export_in_many_languages(entity: str) -> None:
    assert understood(f"{HA}{entity} value=1{ENERGY}").role == "export"


@pytest.mark.parametrize(
    "entity",
    ["from_grid", "energy_from_grid", "grid_import", "netzbezug", "afname_tarief_1", "grid_to_home", "수전전력량", "買電電力量",
     "solar_inverter_grid_import", "main_energy", "production_line_energy", "stromzähler_gesamt", "slimme_meter", "admin_office"],
)  # fmt: skip
def test_what_is_drawn_is_the_use(entity: str) -> None:
    found = understood(f"{HA}{entity} value=1{ENERGY}")
    assert (found.role, found.lacks) == ("main", ())


@pytest.mark.parametrize(
    "entity",
    ["power_demand", "max_demand", "peak_demand", "contract_power", "rated_power", "power_limit", "charge_limit_power", "power_setpoint",
     "max_power", "peak_power", "최대수요전력", "계약전력", "契約電力", "power_forecast", "predicted_power"],
)  # fmt: skip
def test_a_limit_or_a_demand_is_no_use(entity: str) -> None:
    assert understood(f'W,domain=sensor,entity_id={entity} value=1,device_class_str="power"').role == "check"
    assert understood(f"modbus,name=m {entity}_kw=1").role == "check"


@pytest.mark.parametrize(
    "entity",
    ["energy_budget", "energy_forecast_today", "predicted_energy", "energy_target", "energy_last_month", "previous_energy",
     "energy_next_hour", "energy_saved", "estimated_cost_energy", "house_energy_yesterday", "energie_gestern", "verbrauch_vormonat",
     "energie_gisteren", "전월_전력량", "지난달_전력량", "예측_전력량", "절감_전력량",
     "car_trip_energy", "car_consumption", "energy_added", "energy_prognose"],
)  # fmt: skip
def test_plans_and_the_past_are_no_use(entity: str) -> None:
    assert understood(f"{HA}{entity} value=1{ENERGY}").role == "check"


def test_a_plan_of_gas_or_water_is_no_use() -> None:
    line = 'm³,domain=sensor,entity_id={}_last_month value=6,device_class_str="{}",state_class_str="total_increasing"'
    assert {understood(line.format(it, it)).role for it in ("gas", "water")} == {"check"}


@pytest.mark.parametrize("entity", ["heatpump_produced_energy_heating", "dhw_produced", "thermal_energy_generated", "warmtemeter",
                                    "stadswarmte", "wärmemengenzähler", "waermemengenzaehler", "열량계"])  # fmt: skip
def test_heat_is_no_electricity(entity: str) -> None:
    assert understood(f"{HA}{entity} value=1{ENERGY}").quantity == "heat"


@pytest.mark.parametrize(
    "line",
    ["mbus,id=7 power_kw=12", "wmbus,id=7 total_energy_kwh=12", f"{HA}fuel_energy value=1{ENERGY}", f"{HA}dhw_energy value=1{ENERGY}",
     f"{HA}pellets_energy value=1{ENERGY}",
     f"{HA}gasverbrauch value=1{ENERGY}", f"{HA}energia_termica value=1{ENERGY}", f"{HA}import_export value=1{ENERGY}",
     f"{HA}pv_import value=1{ENERGY}"],
)  # fmt: skip
def test_what_may_be_no_use_of_electricity_is_asked(line: str) -> None:
    assert understood(line).lacks == ("quantity",)


@pytest.mark.parametrize(
    "line",
    ["modbus,name=sdm630 total_active_energy=8000.12", "modbus,name=m total_act_energy=8000", "snmp,agent=ups aenergy=5",
     "modbus,name=m ENERGY_TOTAL=5", "meters,sensor=energy energy_total=5"],
)  # fmt: skip
def test_a_unit_of_a_maker_needs_the_maker(line: str) -> None:
    assert understood(line).unit is None
    assert understood("snmp,agent=ups apower=12").unit is None


@pytest.mark.parametrize(
    ("topic", "unit", "kind", "role"),
    [
        ("shellies/shelly1pm-a/relay/0/energy", None, REGISTER, "main"),  # watt-minutes
        ("shellies/shelly1pm-a/relay/0/power", "W", STATE, "main"),
        ("shellies/shellyem-a/emeter/0/energy", None, None, "main"),  # watt-minutes since the last message
        ("shellies/shellyem-a/emeter/0/total", "Wh", REGISTER, "main"),
        ("shellies/shellyem-a/emeter/0/total_returned", "Wh", REGISTER, "export"),
        ("shellies/shellyem-a/emeter/0/returned_energy", None, None, "export"),
        ("house/em/status/em:0", "W", STATE, "main"),  # the second generation, under a prefix of somebody's own
    ],
)
def test_generations_of_shelly(topic: str, unit: str | None, kind: str | None, role: str) -> None:
    found = understood(f"{MQTT}{topic} {'total_act_power' if ':' in topic else 'value'}=5")
    assert (found.quantity, found.unit, found.kind, found.role) == ("electricity", unit, kind, role)


def test_gas_is_never_in_the_unit_of_a_makers_electricity() -> None:
    found = understood(MQTT + "zigbee2mqtt/gas_meter gas=100.3")
    assert (found.quantity, found.unit, found.kind) == ("gas", "m3", REGISTER)
    assert understood(MQTT + "shellyplus1-1/status/switch:0 gas=100.3").unit is None


@pytest.mark.parametrize(
    ("line", "role"),
    [("tasmota,device=x E_out=1", "export"), ("m,point=hq.export.total value=1", "export"),
     (f"{HA}battery_charge value=1{ENERGY}", "storage"),
     ("modbus,name=m demand=3", "check")],
)  # fmt: skip
def test_what_waits_keeps_the_role_of_its_words(line: str, role: str) -> None:
    found = understood(line)
    assert found.lacks
    assert found.role == role


@pytest.mark.parametrize(
    "name", ["contractor_office", "limited_edition", "next_door", "terugkoppeling", "최대부하_전력량", "kitchen_2"]
)
def test_words_that_only_look_like_it(name: str) -> None:
    assert understood(f"{HA}{name} value=1{ENERGY}").role == "main"


def test_the_tag_unit_is_the_field_unit() -> None:
    assert understood("modbus,name=m,unit=Wh energy_total=5").unit == "Wh"
    assert understood("modbus,name=m,unit=2 power_kw=5").unit == "kW"
    found = parse_line_protocol(
        f"m,point=hq.e,unit=Wh value=5 {NOW_US}\nm,point=hq.e,unit=kWh value=5 {NOW_US}".encode(), "us", NOW_US
    )
    assert found.units == ["Wh", "kWh"]
    found = parse_line_protocol(f'kWh,domain=sensor,entity_id=m value=5,x="a b" {NOW_US}'.encode(), "us", NOW_US)
    assert found.units == ["kWh"]
