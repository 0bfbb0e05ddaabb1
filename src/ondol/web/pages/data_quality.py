"""Data quality: how complete each point is, when it was last seen and what is suspect."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request

from ondol.history import PointQuality
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import now, require_sign_in

SILENT_AFTER = timedelta(days=1)
ENOUGH = 0.95

blueprint = Blueprint("data_quality", __name__)
blueprint.before_request(require_sign_in)


class Health(StrEnum):
    """The verdict on one point, from good to worst."""

    GOOD = "good"
    SUSPECT = "suspect"  # gaps or flags within the last day or month
    SILENT = "silent"  # nothing came for a day
    NEVER = "never"  # nothing ever came


def judge(quality: PointQuality, time: datetime) -> Health:
    """The verdict at `time`; points with long intervals may be silent for two of them."""
    if quality.last_seen is None:
        return Health.NEVER
    patience = max(SILENT_AFTER, 2 * timedelta(seconds=quality.point.interval_s or 0))
    if time - quality.last_seen > patience:
        return Health.SILENT
    has_gaps = quality.completeness_24h is not None and quality.completeness_24h < ENOUGH
    # The interval that is running now is always partly measured; completeness tells when too much is missing.
    is_flagged = any(name not in ("partial", "repaired") for name in quality.flags)
    return Health.SUSPECT if has_gaps or is_flagged else Health.GOOD


@blueprint.get("/buildings/<key>/data-quality")
def show(key: str) -> str:
    """The page, or only its table when htmx asks for a new order or filter."""
    building = ondol().sites.building(access(), key)
    rows = _judged(key)
    values: dict[str, Any] = {
        "building": building,
        "rows": _chosen(rows),
        "total": len(rows),
        "counts": _counts(rows),
        "sort": request.args.get("sort", "state"),
        "descending": request.args.get("order") == "desc",
        "search": request.args.get("search", ""),
        "problems": "problems" in request.args,
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    return render_template("data_quality_table.html" if is_fragment else "data_quality.html", **values)


@blueprint.get("/buildings/<key>/health")
def health(key: str) -> str:
    """How many points are well: a cell of the portfolio, fetched after the page."""
    rows = _judged(key)
    return render_template("health.html", key=key, total=len(rows), counts=_counts(rows))


def _judged(building_key: str) -> list[tuple[PointQuality, Health]]:
    time = now()
    return [(quality, judge(quality, time)) for quality in ondol().history.assess_data_quality(access(), building_key)]


def _counts(rows: list[tuple[PointQuality, Health]]) -> dict[str, int]:
    return {health.value: sum(judged is health for _, judged in rows) for health in Health}


def _chosen(rows: list[tuple[PointQuality, Health]]) -> list[tuple[PointQuality, Health]]:
    """The rows that match the filter, in the chosen order; ties stay in the order of keys."""
    words = request.args.get("search", "").casefold().split()
    only_problems = "problems" in request.args
    kept = [
        (quality, health)
        for quality, health in sorted(rows, key=lambda row: row[0].point.key)
        if all(word in _searchable(quality) for word in words) and not (only_problems and health is Health.GOOD)
    ]
    order = _ORDERS.get(request.args.get("sort", "state"), _ORDERS["state"])
    return sorted(kept, key=order, reverse=request.args.get("order") == "desc")


def _searchable(quality: PointQuality) -> str:
    point = quality.point
    return f"{point.key} {point.name} {point.quantity} {point.floor or ''} {point.space or ''}".casefold()


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_SEVERITY = {health: -severity for severity, health in enumerate(Health)}
_ORDERS: dict[str, Callable[[tuple[PointQuality, Health]], Any]] = {
    "state": lambda row: _SEVERITY[row[1]],
    "name": lambda row: row[0].point.name,
    "quantity": lambda row: row[0].point.quantity,
    "floor": lambda row: row[0].point.floor or "",
    "seen": lambda row: row[0].last_seen or _LONG_AGO,
    "day": lambda row: row[0].completeness_24h if row[0].completeness_24h is not None else -1,
    "month": lambda row: row[0].completeness_30d if row[0].completeness_30d is not None else -1,
    "flags": lambda row: sum(row[0].flags.values()),
}
