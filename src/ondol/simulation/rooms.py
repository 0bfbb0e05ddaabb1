"""What the sensors of a room show: temperature, humidity, CO2, light, people; all from the same people."""

import polars as pl

from ondol.common.instants import HOUR_US
from ondol.simulation.loads import FLOOR_TENANT
from ondol.simulation.noise import drift, jitter, rise, uniform, uniform_at
from ondol.simulation.occupancy import HABITS, presence
from ondol.simulation.office import ROOMS, Room, room_key

OUTDOOR_CO2_PPM = 425.0
_CO2_RISE_PPM = {"office": 540.0, "meeting": 980.0, "lobby": 130.0, "cafe": 420.0, "clinic": 520.0}
_LAGS = ((0.15, 0.35), (0.6, 0.4), (1.3, 0.25))  # hours and weights with which people's breath fills a room


def with_rooms(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add what the sensors share: who was in a little while ago, how full each room is, how far the air is still held."""
    frame = frame.with_columns(
        presence(tenant, lag).alias(f"in_{tenant}_{lag}") for tenant in HABITS for lag, _ in _LAGS
    )
    hour = pl.col("hour")
    fading = (-((hour - 19.0).clip(0)) / 6).exp() * rise(hour, 7.9, 0.35) * pl.col("workday").sign()
    left_over = (-(hour + 5.0) / 6).exp() * (1 - rise(hour, 7.9, 0.35)) * pl.col("was_workday").sign()
    frame = frame.with_columns(held=fading + left_over)
    return frame.with_columns(_filling(room, seed).alias(f"filling_{room.key}") for room in ROOMS)


def sensors(room: Room, seed: int) -> dict[str, pl.Expr]:
    """The room's points by key."""
    key = room_key(room)
    filling = pl.col(f"filling_{room.key}")
    breath = sum((weight * _filling(room, seed, lag) for lag, weight in _LAGS), pl.lit(0.0))
    slot, local = pl.col("slot"), pl.col("local_us")
    co2 = OUTDOOR_CO2_PPM + 12 * drift(seed, f"{key} air", local, 20_000) + _CO2_RISE_PPM[room.use] * breath
    return {
        f"{key}.temperature": _temperature(room, seed, filling),
        f"{key}.humidity": _humidity(room, seed, filling),
        f"{key}.co2": (co2 + 6 * jitter(seed, f"{key} co2", slot)).clip(400, 4_000),
        f"{key}.illuminance": _illuminance(room, seed, filling),
        f"{key}.occupancy": (filling * room.capacity).round().clip(0, room.capacity),
    }


def _filling(room: Room, seed: int, lag_h: float = 0.0) -> pl.Expr:
    """Share of the room's places that are taken, as it was `lag_h` hours ago."""
    key = room_key(room)
    tenant = FLOOR_TENANT[room.floor]
    inside = pl.col(f"in_{tenant}_{lag_h}" if lag_h else f"in_{tenant}")
    then = pl.col("local_us") - int(lag_h * HOUR_US)
    if room.use == "meeting":
        booking = then // HOUR_US
        booked = uniform(seed, f"{key} booked", booking) < 0.46
        size = 0.25 + 0.65 * uniform(seed, f"{key} size", booking)
        return booked.cast(pl.Float64) * size * ((inside - 0.35) / 0.3).clip(0, 1)
    usual = {"office": 0.84, "lobby": 0.35, "cafe": 0.95, "clinic": 0.80}[room.use]
    return (inside * (usual + 0.16 * drift(seed, f"{key} people", then, 4_500))).clip(0, 1)


def _temperature(room: Room, seed: int, filling: pl.Expr) -> pl.Expr:
    """Held near the set point while the plant runs, then drifting towards what the weather makes of the building."""
    key, slow, held = room_key(room), pl.col("slow_temperature"), pl.col("held")
    taste = uniform_at(seed, f"{key} taste", 0) - 0.5
    wanted = 23.2 + 1.9 * pl.col("cooling") - 1.3 * pl.col("heating") + taste
    alone = (22.6 + 0.30 * (slow - 12)).clip(16, 30) + 1.2 * pl.col("cooling")
    sun = 1.3 * room.window * pl.col("irradiance") / 1_000 * (1 - 0.5 * held)
    wander = 0.35 * drift(seed, f"{key} wander", pl.col("local_us"), 6_000)
    return alone + held * (wanted - alone) + sun + 0.7 * filling + wander


def _humidity(room: Room, seed: int, filling: pl.Expr) -> pl.Expr:
    """Dry in winter, held by the coils in summer."""
    key = room_key(room)
    air = (27 + 1.35 * pl.col("slow_temperature").clip(-5)).clip(18, 64) + 0.12 * (pl.col("outdoor_humidity") - 60)
    drying = 7 * pl.col("cooling") * pl.col("operation")
    return (air - drying + 5 * filling + 2.5 * drift(seed, f"{key} damp", pl.col("local_us"), 9_000)).clip(10, 95)


def _illuminance(room: Room, seed: int, filling: pl.Expr) -> pl.Expr:
    """Lamps with people, daylight through the window, and the sign of the way out at night."""
    key = room_key(room)
    level = {"office": 470.0, "meeting": 400.0, "lobby": 260.0, "cafe": 230.0, "clinic": 520.0}[room.use]
    lamps = level * (1 - (-9 * filling).exp())
    if room.use == "lobby":
        lamps = lamps.clip(level * 0.6 * pl.col("lit"))
    daylight = 0.85 * room.window * pl.col("irradiance") * (1 - 0.35 * rise(pl.col("irradiance"), 450, 60))
    return (2.0 + lamps + daylight) * (1 + 0.04 * jitter(seed, f"{key} light", pl.col("slot")))
