"""Who forgot the password asks for a link, and chooses another by it."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale, gettext

from ondol.common.errors import InvalidInput, NotFound, StoreUnavailable, TooManyAttempts
from ondol.people import SHORTEST_PASSWORD, UnfitPassword
from ondol.web.installation import ondol
from ondol.web.pages.visitors import Answer, address, hide_address_of_page, no_link, notice, problem_of

blueprint = Blueprint("recover", __name__)
blueprint.after_request(hide_address_of_page)


@blueprint.get("/forgot")
def show() -> Answer:
    """The form, or whom to ask where no mail is sent."""
    if not ondol().people.has_mail():
        return notice(
            gettext("Forgot your password?"),
            gettext("No mail is sent from here. Ask an administrator for a link by which you choose another password."),
        )
    return _ask(), 200


@blueprint.post("/forgot")
def ask() -> Answer:
    """Send a link; the answer is the same for every address."""
    if not ondol().people.has_mail():
        return show()
    try:
        ondol().people.ask_for_reset(request.form.get("email", ""), str(get_locale()), address())
    except InvalidInput:
        return _ask(gettext("This is no e-mail address. Write one such as kim@example.com.")), 400
    except (TooManyAttempts, StoreUnavailable) as error:
        problem, status = problem_of(error)
        return _ask(problem), status
    return notice(
        gettext("Look into your mail"),
        gettext("If an account has this address, a link is on its way. It works for an hour."),
    )


@blueprint.get("/reset/<secret>")
def look(secret: str) -> Answer:
    """The form; to look at it uses nothing up."""
    try:
        return _form(ondol().people.look_at_reset(secret, address()).username or ""), 200
    except NotFound:
        return no_link()
    except TooManyAttempts as error:
        return notice(gettext("Too many attempts"), *problem_of(error))


@blueprint.post("/reset/<secret>")
def reset(secret: str) -> Answer:
    """Give the person the password; they sign in with it."""
    try:
        username = ondol().people.look_at_reset(secret, address()).username or ""
        if request.form.get("new", "") != request.form.get("again", ""):
            return _form(username, gettext("The two entries of the new password differ. Enter it twice the same.")), 400
        try:
            ondol().people.reset_by_link(secret, request.form.get("new", ""), address())
        except UnfitPassword as error:
            return _form(username, problem_of(error)[0]), 400
    except NotFound:
        return no_link()
    except (TooManyAttempts, StoreUnavailable) as error:
        return notice(gettext("That did not work"), *problem_of(error))
    return notice(
        gettext("Your password is changed"),
        gettext("You were signed out everywhere. Sign in with the new password."),
    )


def _ask(problem: str | None = None) -> str:
    return render_template(
        "ask_by_mail.html",
        title=gettext("Forgot your password?"),
        advice=gettext("Enter the e-mail address of your account. A link comes by which you choose another password."),
        target=url_for("recover.ask"),
        email=request.form.get("email", ""),
        problem=problem,
    )


def _form(username: str, problem: str | None = None) -> str:
    return render_template("reset.html", username=username, problem=problem, shortest=SHORTEST_PASSWORD)
