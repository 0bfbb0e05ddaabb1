"""What the building draws: lighting, sockets, lifts, plant; kW as means over the step, gas and water as flows in m3/h.

Every function returns expressions on a frame with the weather, the calendar and one `in_<tenant>` column a tenant.
"""

import polars as pl

from ondol.common.instants import HOUR_S
from ondol.simulation.noise import bump, drift, jitter, rise
from ondol.simulation.occupancy import HABITS, operation
from ondol.simulation.office import CENTRAL, FLOOR_AREA_M2, FLOORS, KEY

FLOOR_TENANT = {
    1: "cafe",
    2: "clinic",
    3: "insurance",
    4: "software",
    5: "software",
    6: "accounting",
    7: "studio",
    8: "studio",
}
FLOOR_PEOPLE = {1: 40, 2: 46, 3: 66, 4: 74, 5: 68, 6: 52, 7: 50, 8: 42}
LOSSES = 0.011
"""Share of transformers and cables in the main meter's reading."""

_SOCKET_BASE_KW = {1: 5.9, 2: 3.5, 3: 3.3, 4: 5.7, 5: 5.3, 6: 3.0, 7: 4.5, 8: 3.5}
_SOCKET_KW_A_PERSON = {1: 0.26, 2: 0.15, 3: 0.105, 4: 0.15, 5: 0.15, 6: 0.105, 7: 0.17, 8: 0.13}
_GAS_KWH_A_M3 = 10.6


def with_plant(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add `operation`, the seasons `cooling` and `heating` (0..1), `people` (0..1 of all), heat and cold in kW that is asked for."""
    slow, outdoor = pl.col("slow_temperature"), pl.col("outdoor_temperature")
    frame = frame.with_columns(
        operation=operation(),
        cooling=rise(slow, 18.3, 1.1),
        heating=rise(-slow, -11.0, 1.4),
        people=sum((_people(floor) for floor in FLOORS), pl.lit(0.0)) / sum(FLOOR_PEOPLE.values()),
    )
    hour, run = pl.col("hour"), pl.col("operation")
    after_rest = 1 + 0.45 * pl.col("monday")
    pull_down = bump(hour, 8.2, 0.75) * after_rest * pl.col("workday").sign()
    warmth = (outdoor - 17.5).clip(0) * 34 + pl.col("irradiance") * 0.20 + pl.col("people") * 185
    damp = (pl.col("outdoor_humidity") - 50).clip(0) * (outdoor - 20).clip(0) * 0.18
    cold_kw = pl.col("cooling") * (run * (warmth + damp) + pull_down * (slow - 14).clip(0) * 14)
    warm_up = bump(hour, 7.4, 0.85) * after_rest * pl.col("workday").sign()
    night = 0.16 * (-2.0 - outdoor).clip(0) * (1 - run)
    lack = (14.5 - outdoor).clip(0)
    heat_kw = pl.col("heating") * (run * lack * 13.5 + warm_up * lack * 20 + night * 13.5)
    noise = 1 + 0.05 * drift(seed, "plant", pl.col("local_us"), HOUR_S)
    return frame.with_columns(cold_kw=cold_kw * noise, heat_kw=heat_kw * noise, lit=_lit())


def floor_loads(floor: int, seed: int) -> dict[str, pl.Expr]:
    """Lighting, sockets and air conditioning of one floor by the key of its meter."""
    inside = pl.col(f"in_{FLOOR_TENANT[floor]}")
    hour, slot = pl.col("hour"), pl.col("slot")
    on = 1 - (-5 * inside).exp()
    if floor == 1:
        on = on.clip(0.55 * (rise(hour, 7.0, 0.2) * (1 - rise(hour, 21.0, 0.4)) * (1 - 0.7 * pl.col("feast"))))
    cleaning = 0.22 * bump(hour, 6.6, 0.5) * pl.col("workday").sign()
    lunch = 1 - (0.0 if floor <= 2 else 0.22) * bump(hour, 12.5, 0.4) * pl.col("workday").sign()
    daylight = 0.20 * (pl.col("irradiance") / 700).clip(0, 1)
    density_w = 8.6 if floor > 1 else 7.4
    lighting = 0.55 + FLOOR_AREA_M2 * 0.80 * density_w / 1e3 * (on * lunch * (1 - daylight) + cleaning).clip(0, 1)
    plug = _SOCKET_BASE_KW[floor] + FLOOR_PEOPLE[floor] * _SOCKET_KW_A_PERSON[floor] * inside
    winter_desks = FLOOR_PEOPLE[floor] * 0.022 * inside * pl.col("heating")
    run, morning = pl.col("operation"), bump(hour, 9.0, 1.25) * pl.col("workday").sign()
    split = pl.col("heating") * (3.6 * morning + 3.2 * run) + 2.7 * pl.col("cooling") * run
    cold_morning = 0.55 * (2 - pl.col("outdoor_temperature")).clip(0) * morning
    after_hours = 2.6 * inside * (1 - run) * pl.col("cooling").clip(pl.col("heating"))
    hvac = 0.6 + 2.7 * run + split + cold_morning + after_hours
    loads = {"lighting": lighting, "plug": plug + winter_desks, "hvac": hvac}
    spread = {"lighting": 0.015, "plug": 0.05, "hvac": 0.05}
    keys = {use: f"{KEY}.f{floor}.electricity.{use}" for use in loads}
    return {keys[use]: load * (1 + spread[use] * jitter(seed, keys[use], slot)) for use, load in loads.items()}


def central_loads(seed: int) -> dict[str, pl.Expr]:
    """The plant's meters by key."""
    run, people, outdoor, hour = pl.col("operation"), pl.col("people"), pl.col("outdoor_temperature"), pl.col("hour")
    cold, heat = pl.col("cold_kw"), pl.col("heat_kw")
    efficiency = (5.3 - 0.045 * (outdoor - 25)) * (0.72 + 0.28 * (cold / 700).clip(0, 1))
    working = (cold / 25).clip(0, 1)
    rush = (
        bump(hour, 8.75, 0.32) + 0.9 * bump(hour, 12.0, 0.22) + 0.85 * bump(hour, 13.0, 0.22) + bump(hour, 18.2, 0.35)
    )
    loads = {
        "chiller": 0.15 + cold / efficiency * working,
        "chilled_water_pumps": 0.08 + working * (4.0 + 15.0 * (cold / 1_000).clip(0, 1)),
        "cooling_tower": 0.05 + working * (1.2 + 11.0 * (cold / 1_000).clip(0, 1)),
        "hot_water_pumps": 0.35 + 5.2 * (heat / 60).clip(0, 1),
        "ventilation": 0.6 + 21.5 * run * (0.72 + 0.28 * people),
        "lifts": 1.3 + 5.5 * people + 13.0 * rush * pl.col("workday") + 2.0 * people * (pl.col("workday") == 0),
        "server_room": 24.2 + 1.1 * pl.col("in_software"),
        "server_cooling": 6.2 + 0.17 * (outdoor - 5).clip(0),
        "parking": 3.2
        + 3.8 * rise(hour, 7.2, 0.4) * (1 - rise(hour, 20.0, 0.7)) * (0.35 + 0.65 * pl.col("workday").sign()),
    }
    spread = dict.fromkeys(CENTRAL, 0.02) | {"lifts": 0.12, "chiller": 0.04, "parking": 0.05}
    keys = {name: f"{KEY}.electricity.{name}" for name in loads}
    return {
        keys[name]: load * (1 + spread[name] * jitter(seed, keys[name], pl.col("slot"))) for name, load in loads.items()
    }


def gas_m3_h(seed: int) -> pl.Expr:
    """Gas of the boilers, the kitchen of the cafe and hot water."""
    boiler_efficiency = 0.87
    kitchen = 0.9 * pl.col("in_cafe") + 0.35 * pl.col("people")
    return (pl.col("heat_kw") / boiler_efficiency / _GAS_KWH_A_M3 + kitchen) * (
        1 + 0.06 * jitter(seed, "gas", pl.col("slot"))
    )


def water_m3_h(seed: int) -> pl.Expr:
    """Water of people, the cafe and the cooling tower, with a small constant leak."""
    people = (
        2.1 * pl.col("people") + 0.5 * pl.col("in_cafe") + 0.5 * bump(pl.col("hour"), 12.9, 0.4) * pl.col("workday")
    )
    tower = 0.0016 * pl.col("cold_kw")
    return 0.02 + (people + tower) * (1 + 0.15 * jitter(seed, "water", pl.col("slot")))


def _people(floor: int) -> pl.Expr:
    return FLOOR_PEOPLE[floor] * pl.col(f"in_{FLOOR_TENANT[floor]}")


def _lit() -> pl.Expr:
    """Whether anyone is in, over the tenants: for lamps in shared rooms."""
    return 1 - (-4 * sum((pl.col(f"in_{tenant}") for tenant in HABITS), pl.lit(0.0)) / len(HABITS)).exp()
