"""Readings that were refused, by who sent them."""

from flask import Blueprint, render_template

from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in

blueprint = Blueprint("refused", __name__)
blueprint.before_request(require_sign_in)


@blueprint.get("/refused")
def show() -> str:
    """For administrators: numbers and reasons of the last 30 days."""
    return render_template("refused.html", senders=ondol().readings.refused(access()))
