"""What every page asks of the installation and of the request."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from ondol.sites import Point
from ondol.web.installation import access, ondol

RECENT = timedelta(days=8)
"""Younger data counts as running: charts then end now and not at the last reading."""


def now() -> datetime:
    """The present instant by the installation's clock, UTC."""
    return ondol().clock()


def require_sign_in() -> Response | None:
    """For `before_request`: leads a visitor without a session to the sign-in page and back."""
    if g.get("user") is not None:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("sign_in.show", next=wanted))


def is_recent(time: datetime | None) -> bool:
    """Whether data from that time counts as running."""
    return time is not None and now() - time < RECENT


def is_being_filled(building_key: str) -> bool:
    """Whether a file is being taken into the building right now."""
    return ondol().imports.running(access(), building_key) is not None


def usage_quantities(points: Iterable[Point]) -> list[str]:
    """The quantities that are metered as usage, electricity first."""
    found = {point.quantity for point in points if point.is_main_meter}
    return sorted(found, key=lambda quantity: (quantity != "electricity", quantity))


def own_spaces(building_key: str) -> str | None:
    """Names of the spaces that a tenant's figures are of; None where they are the building's."""
    if access().spaces is None:
        return None
    return ", ".join(space.name for space in ondol().sites.spaces(access(), building_key))
