"""Whose words a name is made of, and what these leave unsaid: the units that a maker's devices always count in.

A maker is known by a topic, a measurement or the exact names of its fields, never by a word that others use, too: `total_active_energy`
and `apower` are of many makers, and a unit taken from the wrong one is wrong by a thousand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ondol.readings.model import Sent
from ondol.readings.rules.words import words_of


@dataclass(frozen=True, slots=True)
class Dialect:
    """`units` by quantity or by dimension, where energy is that of electricity; `counts_up`: energy without another word is a register."""

    name: str
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    counts_up: bool = False


_USUAL = {"voltage": "V", "current": "A", "frequency": "Hz", "reactive_power": "var", "apparent_power": "VA"}
HOME_ASSISTANT = Dialect("home assistant")
TASMOTA = Dialect("tasmota", {**_USUAL, "energy": "kWh", "power": "W", "ratio": "%", "pressure": "hPa"})
SHELLY = Dialect("shelly", {**_USUAL, "energy": "Wh", "power": "W"}, counts_up=True)
SHELLY_GEN1 = Dialect("shelly gen1", {**_USUAL, "power": "W"})
"""`relay/0/energy` counts watt-minutes, `emeter/0/energy` those since the last message: only `emeter/0/total` is a register of Wh."""
ZIGBEE2MQTT = Dialect(
    "zigbee2mqtt",
    {"energy": "kWh", "power": "W", "current": "A", "pressure": "hPa", "ratio": "%", "gas": "m3"},
    counts_up=True,
)
GUIDE = Dialect("guide", {"power": "kW"})
OTHER = Dialect("other")

_COMPONENTS = "switch|em|emdata|em1|em1data|pm1|cover|light"
_SHELLY_TOPIC = re.compile(rf"/status/({_COMPONENTS}):\d+$|/events/rpc$")
_SHELLY_FIELD = re.compile(rf"({_COMPONENTS}):\d+_\w+")
_TASMOTA_FIELD = re.compile(
    r"ENERGY_(Total|Today|Yesterday|Period|Power|ApparentPower|ReactivePower|Factor|Voltage|Current|Frequency|ExportActive|ExportTotal)(_\d)?"
)
_TASMOTA_MEASUREMENTS = frozenset({
    "total", "today", "yesterday", "period", "power", "apparentpower", "reactivepower", "factor", "voltage", "current", "frequency",
})  # fmt: skip


def dialect_of(sent: Sent) -> Dialect:
    """The dialect of a name, OTHER when there is no sign of one."""
    if sent.is_home_assistant:
        return HOME_ASSISTANT
    if sent.measurement == "sensor_readings" and "sensor_type" in sent.tags:
        return GUIDE
    around = " ".join([sent.measurement, *sent.tags.values()]).casefold()
    if "zigbee2mqtt" in around:
        return ZIGBEE2MQTT
    if sent.tags.get("topic", "").startswith("shellies/"):
        return SHELLY_GEN1
    if _is_shelly(sent, around):
        return SHELLY
    is_telemetry = "tele/" in around and around.rstrip().endswith(("sensor", "state"))
    if is_telemetry or "tasmota" in around or _TASMOTA_FIELD.fullmatch(sent.field) or _is_tasmota_by_itself(sent):
        return TASMOTA
    return OTHER


def _is_shelly(sent: Sent, around: str) -> bool:
    if any(word.startswith("shelly") or word == "shellies" for word in words_of(around)):
        return True
    topic = sent.tags.get("topic", "")
    return _SHELLY_TOPIC.search(topic) is not None or _SHELLY_FIELD.fullmatch(sent.field) is not None


def _is_tasmota_by_itself(sent: Sent) -> bool:
    """What Tasmota's own InfluxDB client sends: `total,device=plug,sensor=energy value=12.3`."""
    tags = sent.tags
    is_energy = tags.get("sensor", "").casefold() == "energy"
    return is_energy and "device" in tags and sent.measurement.casefold() in _TASMOTA_MEASUREMENTS
