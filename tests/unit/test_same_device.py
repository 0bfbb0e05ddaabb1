"""Only one of several views of a meter is the building's use, and only the building's own meters add up to it."""

from dataclasses import dataclass

import pytest

from ondol.readings.rules.same_building import roles_beside
from ondol.readings.rules.same_device import mains_of, role_behind
from ondol.sites.model import PointKind, PointRole


@dataclass(frozen=True)
class Meter:
    """A meter of electricity."""

    key: str
    kind: PointKind = PointKind.TOTAL_INCREASING
    quantity: str = "electricity"
    role: PointRole = PointRole.MAIN


def behind(*names: str) -> dict[str, tuple[str, str]]:
    """For each meter behind another that one and the role."""
    meters = {f"hq.{name}": Meter(f"hq.{name}") for name in names}
    found = mains_of("hq", meters.values())
    return {
        key.removeprefix("hq."): (main.removeprefix("hq."), role_behind("hq", meters[key]))
        for key, main in found.items()
    }


@pytest.mark.parametrize(
    "sibling",
    ["house_energy_hourly", "house_energy_daily", "house_energy_weekly", "house_energy_monthly", "house_energy_yearly",
     "house_energy_today", "house_energy_this_month", "house_energy_month", "daily_house_energy", "house_energy_session",
     "house_energy_heute", "house_energy_monatlich", "house_energy_tag", "house_energy_vandaag", "house_energy_maand",
     "house_energy_mensuel", "house_energy_aujourd_hui", "house_energy_금일", "house_energy_월간", "house_total_energy"],
)  # fmt: skip
def test_a_counter_of_a_span_stands_behind_the_total(sibling: str) -> None:
    assert behind("house_energy", sibling) == {sibling: ("house_energy", "check")}


@pytest.mark.parametrize(
    "part",
    ["peak", "offpeak", "off_peak", "shoulder", "t1", "tariff_2", "hoogtarief", "heures_creuses", "심야", "daily_peak"],
)
def test_a_tariff_is_a_part_of_the_total(part: str) -> None:
    assert behind("house_energy", f"house_energy_{part}") == {f"house_energy_{part}": ("house_energy", "submeter")}


def test_of_several_spans_the_longest_counts() -> None:
    spans = ["hourly", "daily", "weekly", "monthly", "yearly", "today"]
    found = behind(*(f"house_energy_{span}" for span in spans))
    assert {main for main, _ in found.values()} == {"house_energy_yearly"}
    assert len(found) == len(spans) - 1


def test_tariffs_without_their_sum_add_up() -> None:
    assert behind("house_energy_peak", "house_energy_offpeak") == {}
    meters = [
        Meter("hq.t1_energy"),
        Meter("hq.t1_power", PointKind.MEASUREMENT),
        Meter("hq.t2_power", PointKind.MEASUREMENT),
    ]
    assert mains_of("hq", meters) == {"hq.t1_power": "hq.t1_energy"}
    assert set(behind("a_energy", "b_energy", "a_total_energy")) == {"a_total_energy"}


def test_other_meters_stay_apart() -> None:
    assert behind("room_1_energy", "room_2_energy", "day_room_energy", "room_energy") == {}


def roles(*names: str) -> dict[str, str]:
    found = roles_beside("hq", [Meter(f"hq.{name}") for name in names])
    return {key.removeprefix("hq."): role for key, role in found.items()}


@pytest.mark.parametrize("main", ["smart_meter_energy", "grid_power", "main_energy", "mains", "수전_전력량", "zähler", "stromzaehler",
                                  "total_energy", "electricity"])  # fmt: skip
@pytest.mark.parametrize(
    "appliance", ["fridge_plug", "washing_machine_energy", "ev_charger", "냉장고", "waschmaschine", "laadpaal"]
)
def test_an_appliance_is_a_part_of_the_buildings_meter(main: str, appliance: str) -> None:
    assert roles(main, appliance) == {appliance: "submeter"}


def test_appliances_alone_and_meters_of_floors_add_up() -> None:
    assert roles("fridge_plug", "washing_machine_energy", "floor_1", "floor_2") == {}


@pytest.mark.parametrize("load", ["house_consumption", "home_load", "household_consumption", "hausverbrauch"])
@pytest.mark.parametrize("grid", ["from_grid", "grid_import_energy", "netzbezug"])
def test_the_house_stands_behind_its_grid(load: str, grid: str) -> None:
    assert roles(load, grid) == {load: "check"}
    assert roles(load) == {}


def test_what_was_drawn_less_what_was_fed_in_stands_behind_what_was_drawn() -> None:
    assert roles("net_energy", "grid_import") == {"net_energy": "check"}
    assert roles("net_energy") == {}


def test_energy_of_the_house_contains_what_the_grid_gave() -> None:
    assert roles("house_energy", "energy_from_grid") == {"house_energy": "check"}
    assert roles("house_energy", "fridge_plug") == {"fridge_plug": "submeter"}
