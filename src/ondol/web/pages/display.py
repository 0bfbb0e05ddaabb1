"""How templates show numbers, units, times and names, in the request's language."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_decimal, gettext, ngettext

from ondol.common.quality import Quality
from ondol.web.pages.installation import now

UNIT_SIGNS = {"degC": "°C", "degF": "°F", "m3": "m³", "m3/h": "m³/h", "W/m2": "W/m²", "pf": "", "1": ""}
NO_BREAK = "\u00a0"


def register(app: Flask) -> None:
    """Make the functions below filters of the templates."""
    for show in (number, amount, change, percent, unit, local_time, ago, quantity, flag):
        app.add_template_filter(show)


def number(value: float | None, digits: int | None = None) -> str:
    """`12,345`, `67.8` or `1.23`: as many digits as the size deserves; an en dash for None."""
    if value is None:
        return "–"
    size = abs(value)
    places = digits if digits is not None else 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(Decimal(repr(float(value))), pattern)


def amount(value: float | None, unit_symbol: str, digits: int | None = None) -> str:
    """A number with its unit, never broken over two lines."""
    return "–" if value is None else f"{number(value, digits)}{NO_BREAK}{unit(unit_symbol)}".rstrip(NO_BREAK)


def change(share: float | None) -> str:
    """A relative change: 0.123 -> `+12.3 %`, with a true minus sign."""
    if share is None:
        return "–"
    sign = "+" if share > 0 else "−" if share < 0 else "±"
    return f"{sign}{number(abs(share) * 100, 1)}{NO_BREAK}%"


def percent(share: float | None) -> str:
    """A share of one: 0.987 -> `98.7 %`; only what is whole reads `100 %`."""
    if share is None:
        return "–"
    tenths = int(share * 1000) / 10
    return f"{number(tenths, 0 if tenths in (0, 100) else 1)}{NO_BREAK}%"


def unit(symbol: str) -> str:
    """The sign people write for a unit symbol."""
    return gettext("people") if symbol == "people" else UNIT_SIGNS.get(symbol, symbol)


def local_time(instant: datetime | None, zone: ZoneInfo) -> str:
    """`2026-01-15 14:05` on the building's clock."""
    return "–" if instant is None else instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


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
    return _quantity_names().get(name, name.replace("_", " "))


def flag(name: str) -> str:
    """The name of a quality flag."""
    return flag_names().get(name, name)


def flag_names() -> dict[str, Any]:
    """Every flag of `domain.quality` in the request's language."""
    names = {
        Quality.OUT_OF_RANGE: gettext("out of range"),
        Quality.FUTURE: gettext("stamped in the future"),
        Quality.UNIT_MISMATCH: gettext("wrong unit"),
        Quality.ESTIMATED: gettext("estimated"),
        Quality.PARTIAL: gettext("partly measured"),
        Quality.RESET: gettext("meter reset"),
        Quality.GLITCH: gettext("glitch left out"),
        Quality.OVERLAP: gettext("overlapping history"),
    }
    return {"good": gettext("good"), "missing": gettext("missing")} | {
        quality.names[0]: name for quality, name in names.items()
    }


def _quantity_names() -> dict[str, str]:
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
    }
