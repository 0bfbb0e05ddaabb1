"""Changing the own password; who has one that was made for them comes here from every page."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.errors import NotAllowed, StoreUnavailable, TooManyAttempts
from ondol.people import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordChange, PasswordFault, UnfitPassword
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in
from ondol.web.pages.sign_in import local_address, too_many_attempts
from ondol.web.sessions import is_page

blueprint = Blueprint("password", __name__)
_OPEN_MEANWHILE = frozenset(
    {"password.show", "password.change", "sign_in.sign_out", "preferences.change", "assets.asset"}
)


@blueprint.before_app_request
def lead_here() -> Response | None:
    """No page opens before a password of one's own is chosen; the API says so by itself."""
    must_change = g.access is not None and g.access.must_change_password
    if not must_change or not is_page() or request.endpoint in _OPEN_MEANWHILE:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("password.show", next=wanted), 303)


blueprint.before_request(require_sign_in)


@blueprint.get("/password")
def show() -> str:
    """The form."""
    return _form()


@blueprint.post("/password")
def change() -> tuple[str, int] | Response:
    """Change it; then on to where the person wanted, or to the list of what is still signed in."""
    was_due = access().must_change_password
    present, new = request.form.get("present", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _form(gettext("The two entries of the new password differ. Enter it twice the same.")), 400
    try:
        ondol().people.change_password(access(), PasswordChange(g.session_id, present, new))
    except UnfitPassword as error:
        return _form(words_of_fault(error.fault)), 400
    except NotAllowed:
        return _form(gettext("The present password is wrong. Enter the one that you signed in with.")), 403
    except TooManyAttempts as error:
        return _form(too_many_attempts(error)), 429
    except StoreUnavailable:
        problem = gettext(
            "The password cannot be changed at the moment, because a store is not available. Try again in a minute."
        )
        return _form(problem), 503
    following = local_address(request.form.get("next"), url_for("portfolio.show"))
    return redirect(following if was_due else url_for("signed_in.show", password="changed"), 303)  # noqa: S106  no secret


def _form(problem: str | None = None) -> str:
    following = local_address(request.values.get("next"), url_for("portfolio.show"))
    return render_template(
        "password.html",
        is_due=access().must_change_password,
        problem=problem,
        next=following,
        shortest=SHORTEST_PASSWORD,
    )


def words_of_fault(fault: PasswordFault) -> str:
    """What is wrong with a new password, and what to do."""
    return {
        PasswordFault.TOO_SHORT: gettext(
            "The new password is too short. Use at least %(num)d characters; a few words in a row are easy to remember.",
            num=SHORTEST_PASSWORD,
        ),
        PasswordFault.TOO_LONG: gettext(
            "The new password is too long. Use at most %(num)d characters.", num=LONGEST_PASSWORD
        ),
        PasswordFault.COMMON: gettext(
            "Many people use this password or one nearly like it, so it is tried first. "
            "Put three or four words in a row that nobody expects."
        ),
        PasswordFault.NAMES_YOU: gettext(
            "This password is little more than your user name, your e-mail address or Ondol. "
            "Choose words that nobody connects with the account."
        ),
        PasswordFault.UNCHANGED: gettext("The new password is the present one. Choose another."),
    }[fault]
