"""Signing in and out."""

import re

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from ondol.common.errors import NotSignedIn, StoreUnavailable, TooManyAttempts
from ondol.people import Credentials
from ondol.web.installation import ondol
from ondol.web.sessions import begin, end

blueprint = Blueprint("sign_in", __name__)
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path of this site. Browsers drop tabs and line breaks and take a backslash for a slash, which would make a host of what follows."""


def local_address(wanted: str | None, otherwise: str) -> str:
    """`wanted` when it stays on this site, else `otherwise`: a link must not lead a signed-in user elsewhere."""
    return wanted if wanted is not None and _LOCAL.fullmatch(wanted) else otherwise


def too_many_attempts(error: TooManyAttempts) -> str:
    """What a paused person reads."""
    minutes = -(-error.retry_after_s // 60)
    return ngettext(
        "Too many attempts. Try again in %(num)d minute.", "Too many attempts. Try again in %(num)d minutes.", minutes
    )


@blueprint.get("/sign-in")
def show() -> str | Response:
    """The form; who is signed in already goes on."""
    target = local_address(request.args.get("next"), url_for("portfolio.show"))
    return redirect(target) if g.get("user") is not None else render_template("sign_in.html", next=target)


@blueprint.post("/sign-in")
def sign_in() -> tuple[str, int] | Response:
    """Check name and password; on success go where the visitor wanted."""
    target = local_address(request.form.get("next"), url_for("portfolio.show"))
    username = request.form.get("username", "").strip()
    try:
        password, browser = request.form.get("password", ""), request.user_agent.string
        begin(*ondol().people.sign_in(Credentials(username, password, request.remote_addr or "", browser)))
    except NotSignedIn:
        problem = gettext("The user name or the password is wrong. Check both and try again.")
        return render_template("sign_in.html", next=target, username=username, problem=problem), 401
    except TooManyAttempts as error:
        problem = too_many_attempts(error)
        return render_template("sign_in.html", next=target, username=username, problem=problem), 429
    except StoreUnavailable:
        problem = gettext(
            "Signing in is not possible at the moment, because a store is not available. "
            "Try again in a minute; who is signed in can go on working."
        )
        return render_template("sign_in.html", next=target, username=username, problem=problem), 503
    return redirect(target, 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    end()
    return redirect(url_for("sign_in.show"), 303)
