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
