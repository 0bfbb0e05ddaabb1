"""A new virtual point: what several meters count together, by a formula over them."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ondol.common.access import Scope
from ondol.common.errors import AlreadyExists, InvalidInput, NotFound
from ondol.common.keys import OTHER_SIGNS
from ondol.sites import NewPoint, PointRole
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.display import quantity_names, unit_symbols
from ondol.web.pages.imports import role_names
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("virtual_point", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/buildings/<key>/virtual-point")
def show(key: str, problem: str | None = None) -> str:
    """The form, with the points that a formula may read."""
    access().require(Scope.WRITE)
    access().require_whole_building(key)
    return render_template(
        "virtual_point.html",
        building=ondol().sites.building(access(), key),
        points=ondol().sites.points(access(), key),
        quantities=quantity_names(), units=unit_symbols(), roles=role_names(), sent=request.form, problem=problem,
    )  # fmt: skip


@blueprint.post("/buildings/<key>/virtual-point")
def create(key: str) -> Response | tuple[str, int]:
    """Create it; its history is there with the next aggregation."""
    form = request.form
    name, formula = form.get("name", "").strip()[:200], form.get("formula", "").strip()
    try:
        kind = ondol().sites.kind_of_formula(access(), key, formula)
        role = PointRole(form["role"]) if form.get("role") in set(PointRole) else PointRole.CHECK
        new = NewPoint(
            key=form.get("key", "").strip() or f"{key}.{_key_of(name)}"[:200],
            name=name, quantity=form.get("quantity", "").strip(), unit=form.get("unit", ""), kind=kind, role=role, formula=formula,
        )  # fmt: skip
        (point,) = ondol().sites.create_points(access(), key, [new])
    except (InvalidInput, AlreadyExists, NotFound) as error:
        return show(key, in_words(error)), 400
    ondol().history.aggregate()
    return redirect(url_for("point.show", key=point.key), 303)


def _key_of(name: str) -> str:
    return re.sub(rf"[^\w.\-]+|{OTHER_SIGNS}", "_", name).strip("_.")
