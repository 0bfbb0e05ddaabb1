"""Repairs from the page of a point: look at what would change, do it, undo it."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ondol.common.errors import InvalidInput
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.installation import require_sign_in
from ondol.web.pages.point import point_page
from ondol.web.pages.point_repairs import asked_repair

blueprint = Blueprint("repairs", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/points/<key>/repairs")
def show(key: str) -> Response:
    """Leads to the point: who loads the page of a preview again sees the point as it is."""
    return redirect(url_for("point.show", key=ondol().sites.point(access(), key).key))


@blueprint.post("/points/<key>/repairs")
def repair(key: str) -> str | Response | tuple[str, int]:
    """Show what a repair would change, or with `make` put it in force."""
    point = ondol().sites.point(access(), key)
    zone = ondol().sites.building(access(), point.building_key).zone
    is_real = "make" in request.form
    try:
        made = ondol().history.repair(access(), key, asked_repair(zone), dry_run=not is_real)
    except InvalidInput as error:
        return point_page(key, problem=in_words(error)), 400
    return back_to(key) if is_real else point_page(key, preview=made)


@blueprint.post("/points/<key>/repairs/undo")
def undo(key: str) -> Response:
    """Undo one."""
    ondol().history.undo_repair(access(), key, request.form.get("repair", ""))
    return back_to(key)


def back_to(key: str) -> Response:
    """The page of the point, at its repairs."""
    return redirect(url_for("point.show", key=key, _anchor="repairs"), 303)
