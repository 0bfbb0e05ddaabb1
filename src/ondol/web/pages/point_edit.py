"""Editing a point: what is said of it, where it belongs, its names; merging it into another one, and deleting it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.access import Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotFound, Unconfirmed
from ondol.sites import Point, PointChange
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.devices import kind_names
from ondol.web.pages.display import quantity_names, unit_symbols
from ondol.web.pages.imports import role_names
from ondol.web.pages.installation import require_sign_in
from ondol.web.pages.point_form import asked_change, text_of

blueprint = Blueprint("point_edit", __name__)
blueprint.before_request(require_sign_in)

_ANEW = frozenset({"building", "quantity", "unit", "kind", "interval_s"})
"""Fields whose change is shown before it is made: history is made anew, or counts elsewhere."""


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
        return _page(point, problem=in_words(error)), 400
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
    change, building = asked_change(point)
    if not change and building is None:
        raise InvalidInput(gettext("Nothing is changed yet."))
    wanted = PointChange(**change)
    if _ANEW & {*change, *(["building"] if building else [])} and "make" not in request.form:
        return _page(point, preview=ondol().points.preview(access(), point.key, wanted, building))
    forget = "forget_older" in request.form
    ondol().points.change(access(), point.key, wanted, building=building, forget_older=forget)
    return _back(point.key, "saved")


def _merge(point: Point) -> str | Response:
    into, swap = text_of("into"), {"yes": True, "no": False}.get(request.form.get("swap", ""))
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
    ondol().points.delete(access(), point.key, text_of("confirm") or None)
    return redirect(url_for("building.show", key=point.building_key), 303)


def _add_name(point: Point) -> Response:
    ondol().points.add_name(access(), point.key, text_of("name"))
    return _back(point.key, "saved")


def _take_name(point: Point) -> Response:
    ondol().points.take_name(access(), point.key, request.form.get("name", ""))
    return _back(point.key, "saved")


def _back(key: str, done: str) -> Response:
    return redirect(url_for("point_edit.show", key=key, done=done), 303)


_ACTS: Mapping[str, Callable[[Point], str | Response]] = {
    "save": _save, "merge": _merge, "delete": _delete, "add_name": _add_name, "take_name": _take_name,
}  # fmt: skip
