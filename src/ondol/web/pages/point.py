"""One point: any range of time, raw to monthly; what of it is suspect, and repairs."""

from typing import Any

from flask import Blueprint, render_template

from ondol.common.access import Scope
from ondol.web.installation import access, ondol
from ondol.web.pages.display import flag_names
from ondol.web.pages.installation import is_recent, require_sign_in
from ondol.web.pages.point_repairs import repair_values

blueprint = Blueprint("point", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/points/<key>")
def show(key: str) -> str:
    """The page; `?start=`, `?end=` (RFC 3339) and `?interval=` choose what the chart opens with, `?first=` and `?until=` (local
    times) what the form of a repair does.
    """
    return point_page(key)


def point_page(key: str, **values: Any) -> str:
    """The page with what a repair would change, or what is wrong with it, among the values."""
    point = ondol().sites.point(access(), key)
    building = ondol().sites.building(access(), point.building_key)
    last_seen = ondol().history.last_seen_of_point(access(), key)
    return render_template(
        "point.html",
        point=point,
        building=building,
        last_seen=last_seen,
        may_edit=Scope.WRITE in access().scopes and access().spaces is None,
        until=None if is_recent(last_seen) else last_seen,
        flag_texts={f"flag_{name}": text for name, text in flag_names().items()},
        **repair_values(point, building, last_seen),
        **values,
    )
