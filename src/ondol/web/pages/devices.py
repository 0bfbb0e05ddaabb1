"""New devices: names that sent readings, and a form that says what each of them is."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.errors import AlreadyExists, InvalidInput
from ondol.readings import Naming
from ondol.sites import PointKind
from ondol.web.installation import access, ondol
from ondol.web.messages import in_words
from ondol.web.pages.display import quantity_names, unit_symbols
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("devices", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/buildings/<key>/devices")
def show(key: str) -> str:
    """The names that wait, with what is understood of each."""
    return _page(key)


@blueprint.post("/buildings/<key>/devices/<device>")
def name(key: str, device: str) -> Response | tuple[str, int]:
    """Make a point of a name, or with `forget` let go of it."""
    form = request.form
    if "forget" in form:
        ondol().readings.forget_device(access(), device)
        return redirect(url_for("devices.show", key=key), 303)
    kind = form.get("kind") or None
    naming = Naming(
        quantity=form.get("quantity") or None,
        unit=form.get("unit") or None,
        kind=PointKind(kind) if kind in set(PointKind) else None,
        name=form.get("name") or None,
    )
    try:
        point = ondol().readings.name_device(access(), device, naming)
    except (InvalidInput, AlreadyExists) as error:
        return _page(key, in_words(error)), 400
    return redirect(url_for("devices.show", key=key, named=point.key), 303)


def _page(key: str, problem: str | None = None) -> str:
    building = ondol().sites.building(access(), key)
    values: dict[str, Any] = {
        "building": building,
        "devices": ondol().readings.waiting_devices(access(), key),
        "problem": problem,
        "named": request.args.get("named"),
        "quantities": quantity_names(),
        "units": unit_symbols(),
        "kinds": kind_names(),
    }
    return render_template("devices.html", **values)


def kind_names() -> dict[str, str]:
    """What each kind of point means, in a few words."""
    return {
        PointKind.MEASUREMENT.value: gettext("present value (power, temperature)"),
        PointKind.TOTAL_INCREASING.value: gettext("meter register that counts up"),
        PointKind.TOTAL.value: gettext("amount of each interval"),
    }
