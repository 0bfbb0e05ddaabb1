"""One building: live tiles, load curve, forecast, days and months, heat map, its points."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request

from ondol.common.access import Scope
from ondol.common.errors import NotFound
from ondol.forecasts import HORIZONS_H
from ondol.sites import Building, Point
from ondol.web.installation import access, ondol
from ondol.web.messages import words_of_missing_forecast
from ondol.web.pages.installation import (
    is_recent,
    now,
    own_spaces,
    require_sign_in,
    usage_quantities,
)

blueprint = Blueprint("building", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/buildings/<key>")
def show(key: str) -> str:
    """The page; `?date=`, `?year=`, `?month=` and `?quantity=` choose what the charts open with."""
    building = ondol().sites.building(access(), key)
    points = ondol().sites.points(access(), key)
    last_day = _last_day(building, ondol().history.last_seen(access(), [building]).get(key))
    day = _date_or(request.args.get("date"), last_day)
    quantities = usage_quantities(points) or ["electricity"]
    wanted = request.args.get("quantity", "")
    quantity = wanted if wanted in quantities else quantities[0]
    return render_template(
        "building.html",
        building=building,
        floors=points_by_floor(points),
        point_count=len(points),
        quantities=quantities,
        quantity=quantity,
        no_forecast=(no_forecast := _no_forecast(building, quantity)),
        has_forecast=no_forecast == "" and access().spaces is None,
        own_spaces=own_spaces(key),
        may_import=Scope.WRITE in access().scopes and access().spaces is None,
        last_day=last_day,
        day=day,
        year=_number_or(request.args.get("year"), day.year, range(1970, 2100)),
        month=_number_or(request.args.get("month"), day.month, range(1, 13)),
    )


def _no_forecast(building: Building, quantity: str) -> str:
    """Why there is no forecast; empty where there is one, and the page's script asks for it at once."""
    if access().spaces is not None:
        return ""
    with suppress(NotFound):
        ondol().forecasts.look_up(access(), building.key, quantity, HORIZONS_H[0])
        return ""
    missing = ondol().forecasts.explain_missing(access(), building.key, quantity)
    return words_of_missing_forecast(missing, building.zone)


def points_by_floor(points: Iterable[Point]) -> list[tuple[str | None, list[Point]]]:
    """The points of the whole building first, then floor by floor."""
    floors: dict[str | None, list[Point]] = defaultdict(list)
    for point in points:
        floors[point.floor].append(point)
    return sorted(floors.items(), key=lambda item: (item[0] is not None, _storey(item[0] or "")))


def _storey(floor: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, floor))
    below = floor[:1] in ("B", "b", "-")
    return (-int(digits) if below else int(digits)) if digits else 0, floor


def _last_day(building: Building, last_reading: datetime | None) -> date:
    """Today while the building is running, else the day of its last reading."""
    # Data that ends at midnight belongs to the day before.
    shown = now() if last_reading is None or is_recent(last_reading) else last_reading - timedelta(seconds=1)
    return shown.astimezone(building.zone).date()


def _date_or(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _number_or(text: str | None, otherwise: int, allowed: range) -> int:
    return int(text) if text and text.isdecimal() and int(text) in allowed else otherwise
