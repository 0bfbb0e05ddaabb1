"""Connect: settings to copy for the programs and devices that send to Ondol, and for Grafana, which reads."""

from urllib.parse import urlsplit

from flask import Blueprint, render_template, request

from ondol.common.access import Scope
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("connect", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/buildings/<key>/connect")
def show(key: str) -> str:
    """The settings with this building and the address that the browser knows; the token is a place to fill in."""
    access().require(Scope.READ)
    building = ondol().sites.building(access(), key)
    address = urlsplit(request.host_url)
    is_secure = address.scheme == "https"
    return render_template(
        "connect.html",
        building=building,
        url=f"{address.scheme}://{address.netloc}",
        host=address.hostname,
        port=address.port or (443 if is_secure else 80),
        is_secure=is_secure,
    )
