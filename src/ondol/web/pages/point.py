"""One point: any range of time, raw to monthly."""

from flask import Blueprint, render_template

from ondol.web.installation import ondol
from ondol.web.pages.display import flag_names
from ondol.web.pages.installation import is_recent, require_sign_in

blueprint = Blueprint("point", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/points/<key>")
def show(key: str) -> str:
    """The page; `?start=`, `?end=` (RFC 3339) and `?interval=` choose what the chart opens with."""
    point = ondol().directory.point(key)
    building = ondol().directory.building(point.building_key)
    of_building = ondol().assess_data_quality(building.key)
    last_seen = next((quality.last_seen for quality in of_building if quality.point.key == key), None)
    return render_template(
        "point.html",
        point=point,
        building=building,
        last_seen=last_seen,
        until=None if is_recent(last_seen) else last_seen,
        flag_texts={f"flag_{name}": text for name, text in flag_names().items()},
    )
