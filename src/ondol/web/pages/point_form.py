"""How the form of a point is read."""

from typing import Any

from flask import request
from flask_babel import gettext

from ondol.common.errors import InvalidInput
from ondol.sites import Point, PointKind, PointRole

_TEXTS = ("space", "floor", "submeter_of")
_NUMBERS = ("min_value", "max_value", "rollover_at", "max_per_hour")


def asked_change(point: Point) -> tuple[dict[str, Any], str | None]:
    """Fields that differ from the point's, and the other building's key."""
    form, asked = request.form, dict[str, Any]()
    for field in ("name", "quantity", "unit"):
        if text := text_of(field):
            asked[field] = text
    for field in _TEXTS:
        asked[field] = text_of(field) or None
    if point.formula is not None:
        asked["formula"] = text_of("formula")
    for field in _NUMBERS:
        asked[field] = _number(field)
    interval_s = _number("interval_s")
    asked["interval_s"] = None if interval_s is None else round(interval_s)
    if form.get("kind") in set(PointKind):
        asked["kind"] = PointKind(form["kind"])
    if form.get("role") in set(PointRole):
        asked["role"] = PointRole(form["role"])
    if asked["interval_s"] is not None and not 1 <= asked["interval_s"] <= 86_400:
        raise InvalidInput(gettext("An interval lasts a second to a day."))
    for field in ("rollover_at", "max_per_hour"):
        if asked[field] is not None and asked[field] <= 0:
            raise InvalidInput(gettext("Write a number such as 12.5."))
    building = text_of("building") if text_of("building") not in ("", point.building_key) else None
    # In another building what was not touched is as the move makes it: no room, no floor.
    changed = {field: value for field, value in asked.items() if value != getattr(point, field)}
    if building and point.submeter_of and asked["submeter_of"] is None:
        changed["submeter_of"] = None
    return changed, building


def text_of(field: str) -> str:
    """What was written into a field of the form."""
    return request.form.get(field, "").replace("\0", "").strip()[:500]


def _number(field: str) -> float | None:
    text = text_of(field).replace(",", "")
    try:
        found = float(text) if text else None
    except ValueError as error:
        raise InvalidInput(gettext("Write a number such as 12.5.")) from error
    if found is not None and not abs(found) <= 1e100:
        raise InvalidInput(gettext("Write a number such as 12.5."))
    return found
