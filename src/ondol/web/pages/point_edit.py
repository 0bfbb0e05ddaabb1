"""Editing a point: what is said of it, where it belongs, its names; merging it into another one, and deleting it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.access import Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotFound, Unconfirmed
from ondol.sites import Point, PointChange, PointKind, PointRole
from ondol.web.installation import access, ondol
from ondol.web.pages.devices import kind_names
from ondol.web.pages.display import quantity_names, unit_symbols
from ondol.web.pages.imports import role_names
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("point_edit", __name__)
blueprint.before_request(require_sign_in)

_ANEW = frozenset({"building", "quantity", "unit", "kind", "interval_s"})
"""Fields whose change is shown before it is made: history is made anew, or counts elsewhere."""
_TEXTS = ("space", "floor", "submeter_of")
_NUMBERS = ("min_value", "max_value", "rollover_at", "max_per_hour")


@blueprint.get("/points/<key>/edit")
def show(key: str) -> str:
    """The form."""
    return _page(_point(key))


@blueprint.post("/points/<key>/edit")
def edit(key: str) -> str | Response | tuple[str, int]:
    """Do what the button says: `save`, `merge`, `delete`, `add_name` or `take_name`; first show it where history changes."""
    point = _point(key)
    act = _ACTS.get(request.form.get("act", ""))
    try:
        if act is None:
            raise InvalidInput(gettext("Choose what is to be done."))
        return act(point)
    except (InvalidInput, AlreadyExists, NotFound) as error:
        return _page(point, problem=str(error)), 400
    except Unconfirmed:
        return _page(point, hanging=ondol().points.hanging(access(), point.key)), 409


def _point(key: str) -> Point:
    """The point, for who may change it. Raises NotAllowed, NotFound."""
    access().require(Scope.WRITE)
    point = ondol().sites.point(access(), key)
    access().require_whole_building(point.building_key)
    return point


def _page(point: Point, **values: Any) -> str:
    buildings = ondol().sites.buildings(access())
    others = [it for it in ondol().sites.points(access(), point.building_key) if it.key != point.key]
    return render_template(
        "point_edit.html",
        point=point,
        building=ondol().sites.building(access(), point.building_key),
        buildings=buildings,
        spaces=ondol().sites.spaces(access(), point.building_key),
        meters=[it for it in others if it.usage_unit],
        alike=[it for it in others if (it.quantity, it.dimension, it.kind) == (point.quantity, point.dimension, point.kind)],
        names=ondol().points.names(access(), [point]).get(point.key, []),
        quantities=quantity_names(), units=unit_symbols(), kinds=kind_names(), roles=role_names(),
        chosen=_chosen(point), sent=request.form, done=request.args.get("done"), **values,
    )  # fmt: skip


def _chosen(point: Point) -> Mapping[str, Any]:
    """What the fields of the form hold: what was sent, or the point as it is."""
    if request.form.get("act") == "save":
        return request.form
    return {**asdict(point), "building": point.building_key, "kind": point.kind.value, "role": point.role.value}


def _save(point: Point) -> str | Response:
    change, building = _asked_change(point)
    if not change and building is None:
        raise InvalidInput(gettext("Nothing is changed yet."))
    wanted = PointChange(**change)
    if _ANEW & {*change, *(["building"] if building else [])} and "make" not in request.form:
        return _page(point, preview=ondol().points.preview(access(), point.key, wanted, building))
    forget = "forget_older" in request.form
    ondol().points.change(access(), point.key, wanted, building=building, forget_older=forget)
    return _back(point.key, "saved")


def _asked_change(point: Point) -> tuple[dict[str, Any], str | None]:
    """Fields that differ from the point's, and the other building's key."""
    form, asked = request.form, dict[str, Any]()
    for field in ("name", "quantity", "unit"):
        if text := _text(field):
            asked[field] = text
    for field in _TEXTS:
        asked[field] = _text(field) or None
    if point.formula is not None:
        asked["formula"] = _text("formula")
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
    building = _text("building") if _text("building") not in ("", point.building_key) else None
    # In another building what was not touched is as the move makes it: no room, no floor.
    changed = {field: value for field, value in asked.items() if value != getattr(point, field)}
    if building and point.submeter_of and asked["submeter_of"] is None:
        changed["submeter_of"] = None
    return changed, building


def _merge(point: Point) -> str | Response:
    into, swap = _text("into"), {"yes": True, "no": False}.get(request.form.get("swap", ""))
    if not into:
        raise InvalidInput(gettext("Choose the point that is to stay."))
    is_real = "make" in request.form
    outcome = ondol().points.merge(
        access(), point.key, into, swap=swap, accept_overlap="accept_overlap" in request.form, dry_run=not is_real
    )
    if not is_real:
        return _page(point, merge=outcome)
    return redirect(url_for("point.show", key=outcome.into), 303)


def _delete(point: Point) -> Response:
    ondol().points.delete(access(), point.key, _text("confirm") or None)
    return redirect(url_for("building.show", key=point.building_key), 303)


def _add_name(point: Point) -> Response:
    ondol().points.add_name(access(), point.key, _text("name"))
    return _back(point.key, "saved")


def _take_name(point: Point) -> Response:
    ondol().points.take_name(access(), point.key, request.form.get("name", ""))
    return _back(point.key, "saved")


def _back(key: str, done: str) -> Response:
    return redirect(url_for("point_edit.show", key=key, done=done), 303)


def _text(field: str) -> str:
    return request.form.get(field, "").replace("\0", "").strip()[:500]


def _number(field: str) -> float | None:
    text = _text(field).replace(",", "")
    try:
        found = float(text) if text else None
    except ValueError as error:
        raise InvalidInput(gettext("Write a number such as 12.5.")) from error
    if found is not None and not abs(found) <= 1e100:
        raise InvalidInput(gettext("Write a number such as 12.5."))
    return found


_ACTS: Mapping[str, Callable[[Point], str | Response]] = {
    "save": _save, "merge": _merge, "delete": _delete, "add_name": _add_name, "take_name": _take_name,
}  # fmt: skip
