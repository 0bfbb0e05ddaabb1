"""Readings that were refused, by who sent them."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from ondol.common.instants import parse_instant
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("refused", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/refused")
def show() -> str:
    """For administrators: numbers and reasons of the last 30 days."""
    senders = ondol().readings.refused(access())
    last_seen = {sender.who: parse_instant(sender.last_at) for sender in senders}
    zone = ZoneInfo(ondol().settings.timezone)
    return render_template("refused.html", senders=senders, last_seen=last_seen, zone=zone)
