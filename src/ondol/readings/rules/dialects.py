"""Whose words a name is made of, and what these leave unsaid: the units that a maker's devices always count in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ondol.readings.model import Sent
from ondol.readings.rules.words import words_of


@dataclass(frozen=True, slots=True)
class Dialect:
    """`units` by dimension; `counts_up`: energy without another word is a register."""

    name: str
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    counts_up: bool = False


_USUAL = {"voltage": "V", "current": "A", "frequency": "Hz", "reactive_power": "var", "apparent_power": "VA"}
HOME_ASSISTANT = Dialect("home assistant")
TASMOTA = Dialect("tasmota", {**_USUAL, "energy": "kWh", "power": "W", "ratio": "%", "pressure": "hPa"})
SHELLY = Dialect("shelly", {**_USUAL, "energy": "Wh", "power": "W"}, counts_up=True)
ZIGBEE2MQTT = Dialect(
    "zigbee2mqtt", {"energy": "kWh", "power": "W", "current": "A", "pressure": "hPa", "ratio": "%"}, counts_up=True
)
GUIDE = Dialect("guide", {"power": "kW"})
OTHER = Dialect("other")
_SHELLY_WORDS = frozenset({"apower", "aenergy", "shelly", "shellies", "em1data", "emdata"})


def dialect_of(sent: Sent) -> Dialect:
    """The dialect of a name, OTHER when there is no sign of one."""
    if sent.is_home_assistant:
        return HOME_ASSISTANT
    if sent.measurement == "sensor_readings" and "sensor_type" in sent.tags:
        return GUIDE
    around = " ".join([sent.measurement, *sent.tags.values()]).casefold()
    if "zigbee2mqtt" in around:
        return ZIGBEE2MQTT
    words = {*words_of(around), *words_of(sent.field)}
    if (
        any(word.startswith("shelly") for word in words)
        or words & _SHELLY_WORDS
        or "total_act" in sent.field
        or "act_power" in sent.field
    ):
        return SHELLY
    is_telemetry = "tele/" in around and around.rstrip().endswith(("sensor", "state"))
    if (
        sent.field.startswith("ENERGY_")
        or sent.tags.get("sensor", "").casefold() == "energy"
        or is_telemetry
        or "tasmota" in around
    ):
        return TASMOTA
    return OTHER
