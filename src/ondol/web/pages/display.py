"""How templates show numbers, units, times and names, in the request's language.

Numbers read the same as in frontend/src/format.ts; tests/number_formats.json holds both to it.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_decimal, gettext, ngettext

from ondol.common.instants import from_epoch_s
from ondol.common.quality import Quality
from ondol.common.units import UNITS
from ondol.web.pages.installation import now

UNIT_SIGNS = {"degC": "°C", "degF": "°F", "m3": "m³", "m3/h": "m³/h", "W/m2": "W/m²", "pf": "", "1": ""}
LARGER_UNITS = {
    "Wh": "kWh", "kWh": "MWh", "MWh": "GWh", "W": "kW", "kW": "MW", "MW": "GW",
    "kvarh": "Mvarh", "kvar": "Mvar", "kVAh": "MVAh", "kVA": "MVA",
}  # fmt: skip
UNREADABLE = 999_999.5  # reads 1,000,000
NO_BREAK = "\u00a0"
NOTHING = "–"
MINUS = "−"

# As the front end rounds: halves of the number as it is written go up. The digits suffice for every float.
_WRITTEN = Context(prec=400, rounding=ROUND_HALF_UP)


def register(app: Flask) -> None:
    """Make the functions below filters of the templates."""
    for show in (
        number, amount, amount_parts, change, percent, unit, instant, local_time, ago, quantity, flag, instant_of_s,
    ):  # fmt: skip
        app.add_template_filter(show)


def number(value: float | None, digits: int | None = None) -> str:
    """`12,345`, `67.8` or `1.23`: as many digits as the size deserves; an en dash for None."""
    if value is None or not isfinite(value):
        return NOTHING
    size = abs(value)
    suitable = 0 if size >= 99.95 or size == 0 else 1 if size >= 9.995 else 2
    places = suitable if digits is None else digits
    return _write(_rounded(_decimal(value), places), places)


def amount(value: float | None, unit_symbol: str) -> str:
    """A number with its unit, never broken over two lines: `67.8 kWh`, `1,314 MWh`, `45%`."""
    figure, sign = amount_parts(value, unit_symbol)
    return f"{figure}{'' if sign in ('', '%') else NO_BREAK}{sign}"


def amount_parts(value: float | None, unit_symbol: str) -> tuple[str, str]:
    """A number and the sign of its unit, a larger one from a million on; no unit for None."""
    if value is None or not isfinite(value):
        return NOTHING, ""
    while abs(value) >= UNREADABLE and unit_symbol in LARGER_UNITS:
        value, unit_symbol = value / 1000, LARGER_UNITS[unit_symbol]
    return number(value), unit(unit_symbol)


def change(share: float | None) -> str:
    """A relative change: 0.123 -> `+12.3%`, with a true minus sign; `±0.0%` where it rounds to nothing."""
    if share is None or not isfinite(share):
        return NOTHING
    rounded = _rounded(_decimal(share) * 100, 1)
    sign = "+" if rounded > 0 else "" if rounded < 0 else "±"
    return f"{sign}{_write(rounded, 1)}%"


def percent(share: float | None) -> str:
    """A share of one: 0.987 -> `98.7%`; only what is whole reads `100%`, only nothing `0%`."""
    if share is None or not isfinite(share):
        return NOTHING
    if share in (0, 1):
        return f"{number(share * 100, 0)}%"
    below_whole = min(share, 0.999) if share < 1 else share
    return f"{_write(_rounded(_decimal(below_whole) * 100, 1), 1)}%"


def _decimal(value: float) -> Decimal:
    """The number as it is written, not as it is kept: 1.005 and not 1.00499..."""
    return Decimal(repr(float(value)))


def _rounded(value: Decimal, places: int) -> Decimal:
    with localcontext(_WRITTEN):
        rounded = value.quantize(Decimal(1).scaleb(-places))
    return rounded if rounded else abs(rounded)


def _write(rounded: Decimal, places: int) -> str:
    with localcontext(_WRITTEN):
        return format_decimal(rounded, "#,##0." + "0" * places if places else "#,##0").replace("-", MINUS)


def unit(symbol: str) -> str:
    """The sign people write for a unit symbol."""
    return gettext("people") if symbol == "people" else UNIT_SIGNS.get(symbol, symbol)


def unit_symbols() -> list[str]:
    """The units that can be chosen."""
    return list(UNITS)


def instant(time_us: int) -> datetime:
    """Microseconds UTC as an instant."""
    return datetime.fromtimestamp(time_us / 1_000_000, UTC)


def local_time(instant: datetime | None, zone: ZoneInfo) -> str:
    """`2026-01-15 14:05` on the building's clock."""
    return NOTHING if instant is None else instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def instant_of_s(time_s: int) -> datetime:
    """An instant that is kept in seconds."""
    return from_epoch_s(time_s)


def ago(instant: datetime | None) -> str:
    """How long ago, in the largest unit that fits."""
    if instant is None:
        return gettext("never")
    seconds = max(0, int((now() - instant).total_seconds()))
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", seconds // 60)
    if seconds < 2 * 86400:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", seconds // 3600)
    return ngettext("%(num)d day ago", "%(num)d days ago", seconds // 86400)


def quantity(name: str) -> str:
    """The name of a measured quantity; unknown ones read as they are keyed."""
    return quantity_names().get(name, name.replace("_", " "))


def flag(name: str) -> str:
    """The name of a quality flag."""
    return flag_names().get(name, name)


def flag_names() -> dict[str, Any]:
    """Every flag of `common.quality` in the request's language."""
    names = {
        Quality.OUT_OF_RANGE: gettext("out of range"),
        Quality.FUTURE: gettext("stamped in the future"),
        Quality.UNIT_MISMATCH: gettext("wrong unit"),
        Quality.ESTIMATED: gettext("estimated"),
        Quality.PARTIAL: gettext("partly measured"),
        Quality.RESET: gettext("meter reset"),
        Quality.GLITCH: gettext("glitch left out"),
        Quality.OVERLAP: gettext("overlapping history"),
        Quality.REPAIRED: gettext("repaired"),
    }
    return {"good": gettext("good"), "missing": gettext("missing")} | {
        quality.names[0]: name for quality, name in names.items()
    }


def quantity_names() -> dict[str, str]:
    """Every quantity that has a name in the request's language."""
    return {
        "electricity": gettext("Electricity"),
        "gas": gettext("Gas"),
        "heat": gettext("Heat"),
        "cooling": gettext("Cooling"),
        "water": gettext("Water"),
        "temperature": gettext("Temperature"),
        "humidity": gettext("Humidity"),
        "illuminance": gettext("Illuminance"),
        "co2": gettext("CO₂"),
        "occupancy": gettext("Occupancy"),
        "power_factor": gettext("Power factor"),
        "reactive_energy": gettext("Reactive energy"),
        "irradiance": gettext("Irradiance"),
        "voltage": gettext("Voltage"),
        "current": gettext("Current"),
        "frequency": gettext("Frequency"),
        "pressure": gettext("Pressure"),
        "battery": gettext("Battery charge"),
        "apparent_power": gettext("Apparent power"),
    }
