"""The own account: name, language, e-mail address, and where to change what else is one's own."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ondol.common.errors import InvalidInput, NotAllowed, NotFound, StoreUnavailable, TooManyAttempts
from ondol.people import AccountChange
from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in
from ondol.web.pages.preferences import keep_language
from ondol.web.pages.visitors import Answer, address, hide_address_of_page, no_link, notice, problem_of

blueprint = Blueprint("account", __name__)
by_link = Blueprint("address", __name__)
blueprint.before_request(require_sign_in)
by_link.after_request(hide_address_of_page)


@blueprint.get("/account")
def show() -> str:
    """The forms."""
    return _page()


@blueprint.post("/account")
def change() -> Answer | Response:
    """Change name and language."""
    language = request.form.get("language") or None
    try:
        ondol().people.change_account(access(), AccountChange(request.form.get("name"), language))
    except InvalidInput:
        return _page(problem=gettext("A name has at most 100 characters, all of which can be seen.")), 400
    return keep_language(redirect(url_for("account.show", done="1"), 303), language)


@blueprint.post("/account/address")
def ask_for_address() -> Answer:
    """Send a link to the new address."""
    email = request.form.get("email", "")
    try:
        ondol().people.ask_for_address(access(), email, request.form.get("password", ""))
    except InvalidInput:
        return _page(problem=gettext("This is no e-mail address. Write one such as kim@example.com.")), 400
    except NotAllowed:
        return _page(problem=gettext("The present password is wrong. Enter the one that you signed in with.")), 403
    except (TooManyAttempts, StoreUnavailable) as error:
        problem, status = problem_of(error)
        return _page(problem=problem), status
    done = gettext("A link is on its way to the new address. Open it within a day; until then the present one counts.")
    return _page(done=done), 200


@by_link.get("/address/<secret>")
def look(secret: str) -> Answer:
    """Asks once more: programs that look through mail open links, too."""
    try:
        link = ondol().people.look_at_address(secret, address())
    except NotFound:
        return no_link()
    except TooManyAttempts as error:
        return notice(gettext("Too many attempts"), *problem_of(error))
    return render_template("address.html", link=link), 200


@by_link.post("/address/<secret>")
def confirm(secret: str) -> Answer:
    """The address counts from now on."""
    try:
        ondol().people.confirm_address(secret, address())
    except NotFound:
        return no_link()
    except TooManyAttempts as error:
        return notice(gettext("Too many attempts"), *problem_of(error))
    return notice(gettext("Your e-mail address is confirmed"), gettext("It counts from now on."))


def _page(problem: str | None = None, done: str | None = None) -> str:
    if "done" in request.args:
        done = gettext("Your account is changed.")
    return render_template(
        "account.html",
        account=ondol().people.own_account(access()),
        has_mail=ondol().people.has_mail(),
        problem=problem,
        done=done,
    )
