"""A file comes in by the browser: upload, look at how it is understood, choose otherwise where that is wrong, take it."""

import re
from typing import Any

import yaml
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.access import Scope
from ondol.common.errors import InvalidInput
from ondol.common.units import UNITS
from ondol.imports import ImportedSeries, ImportSummary, Offer
from ondol.sites import PointRole
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.display import quantity
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("imports", __name__)
blueprint.before_request(require_sign_in)

_MOST_SHOWN = 40
_FOR_ALL = ("quantity", "unit", "kind", "role", "value", "time", "timezone", "date_format", "stamp", "sheet")
_KINDS = {"total": "interval", "total_increasing": "register", "measurement": "measurement"}


@blueprint.get("/buildings/<key>/import")
def show(key: str) -> str:
    """The form for a file."""
    return _page(key)


@blueprint.post("/buildings/<key>/import")
def offer(key: str) -> str | tuple[str, int]:
    """Take in a file and show how it would be read."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(key, problem=gettext("Choose a file first.")), 400
    return _page(key, ondol().imports.offer_file(access(), key, file.filename, file.read(), {}))


@blueprint.post("/buildings/<key>/import/<offer>")
def look(key: str, offer: str) -> str | Response | tuple[str, int]:
    """Look at it again under other choices, or take it."""
    given = _given()
    if "take" not in request.form:
        return _page(key, ondol().imports.look_at_offer(access(), key, offer, given))
    try:
        summary = ondol().imports.take_offer(access(), key, offer, given)
    except InvalidInput:
        return _page(key, ondol().imports.look_at_offer(access(), key, offer, given)), 400
    last = max((series.last_us or 0 for series in summary.series), default=0)
    return redirect(url_for("imports.taken", key=key, values=summary.stored, last=last), 303)


@blueprint.get("/buildings/<key>/imported")
def taken(key: str) -> str:
    """What was stored, and where to see it."""
    values = request.args.get("values", "")
    return _page(key, stored=int(values) if values.isascii() and values.isdecimal() and len(values) < 12 else 0)


def _page(key: str, offer: Offer | None = None, problem: str | None = None, stored: int | None = None) -> str:
    access().require(Scope.WRITE)
    access().require_whole_building(key)
    building = ondol().sites.building(access(), key)
    summary = offer.summary if offer else None
    return render_template(
        "import.html",
        building=building, offer=offer, summary=summary, problem=problem, stored=stored,
        series=summary.series[:_MOST_SHOWN] if summary else [],
        unshown=max(len(summary.series) - _MOST_SHOWN, 0) if summary else 0,
        rejects=summary.rejects.head(20).to_dicts() if summary else [],
        chosen=request.form, kinds=_kind_names(), roles=role_names(), kind_words=_KINDS, units=list(UNITS),
        month_total=_month_total(summary) if summary else None,
    )  # fmt: skip


def _month_total(summary: ImportSummary) -> dict[str, dict[str, float]]:
    """What the mains of each quantity come to by month."""
    totals: dict[str, dict[str, float]] = {}
    for series in summary.series:
        if series.role == PointRole.MAIN and series.total_unit in ("kWh", "m3"):
            months = totals.setdefault(f"{quantity(series.quantity)} ({series.total_unit})", {})
            for month in series.by_month:
                months[month.month] = months.get(month.month, 0.0) + month.value
    return totals


def _given() -> dict[str, Any]:
    """The choices: of the file as a whole, and of each series as a mapping."""
    given: dict[str, Any] = {name: request.form[name] for name in _FOR_ALL if request.form.get(name, "").strip()}
    if request.form.get("zero_is_missing"):
        given["zero_is_missing"] = True
    if (comma := request.form.get("decimal_comma")) in ("yes", "no"):
        given["decimal_comma"] = comma == "yes"
    multiplier = request.form.get("multiplier", "").strip()
    if re.fullmatch(r"\d{1,8}(\.\d{1,6})?", multiplier) and float(multiplier) > 0:
        given["multiplier"] = float(multiplier)
    columns: dict[str, dict[str, str]] = {}
    for number, name in enumerate(request.form.getlist("series")[:_MOST_SHOWN]):
        if request.form.get(f"leave.{number}"):
            continue
        chosen = {field: request.form.get(f"{field}.{number}", "") for field in ("kind", "role", "unit")}
        columns[name] = {field: value for field, value in chosen.items() if value}
    is_chosen = any(columns.values()) or len(columns) < len(request.form.getlist("series"))
    if is_chosen and columns:
        given["mapping"] = yaml.safe_dump([{"file": "*", "columns": columns}], allow_unicode=True)
    return given


blueprint.add_app_template_filter(in_words)


@blueprint.app_template_filter("series_name")
def series_name(series: ImportedSeries) -> str:
    """What a mapping knows a series by: the meter that rows name, else its column."""
    return series.label or series.column


def role_names() -> dict[str, str]:
    """What a meter's count is of the building's use, in the request's language."""
    return {
        "main": gettext("main: counts as the building's use"),
        "submeter": gettext("submeter: a part of the main"),
        "generation": gettext("generation: made by the building"),
        "export": gettext("export: fed into the grid"),
        "storage": gettext("storage: battery"),
        "check": gettext("check: shows what another meter counts"),
    }


def _kind_names() -> dict[str, str]:
    return {
        "interval": gettext("amount of each interval"),
        "register": gettext("register (meter reading)"),
        "measurement": gettext("measured state"),
    }
