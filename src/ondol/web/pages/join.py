"""An invited person opens the account; a stranger asks for one where that is open."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from ondol.common.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, StoreUnavailable, TooManyAttempts
from ondol.people import SHORTEST_PASSWORD, Credentials, Link, Newcomer, Purpose, UnfitPassword
from ondol.web.installation import ondol
from ondol.web.pages.preferences import keep_language
from ondol.web.pages.visitors import Answer, address, hide_address_of_page, no_link, notice, problem_of
from ondol.web.sessions import begin

blueprint = Blueprint("join", __name__)
blueprint.after_request(hide_address_of_page)


@blueprint.get("/join/<secret>")
def show(secret: str) -> Answer:
    """The form; to look at it uses nothing up."""
    try:
        return _form(ondol().people.look_at_invitation(secret, address())), 200
    except NotFound:
        return no_link()
    except TooManyAttempts as error:
        return notice(gettext("Too many attempts"), *problem_of(error))


@blueprint.post("/join/<secret>")
def join(secret: str) -> Answer | Response:
    """Open the account, and go on as who it is."""
    try:
        link = ondol().people.look_at_invitation(secret, address())
    except NotFound:
        return no_link()
    except TooManyAttempts as error:
        return notice(gettext("Too many attempts"), *problem_of(error))
    form = request.form
    if form.get("password", "") != form.get("again", ""):
        return _form(link, gettext("The two entries of the password differ. Enter it twice the same.")), 400
    language = form.get("language")
    username = form.get("username", "").strip()
    newcomer = Newcomer(username=username, password=form.get("password", ""), name=form.get("name"), language=language)
    try:
        begun = ondol().people.join(secret, newcomer, Credentials(username, "", address(), request.user_agent.string))
    except NotFound:
        return no_link()
    except UnfitPassword as error:
        problem, status = problem_of(error)
        return _form(link, problem), status
    except InvalidInput:
        problem = gettext(
            "Choose a user name of 2 to 50 letters, digits, dots, dashes or underscores that is not Ondol's own."
        )
        return _form(link, problem), 400
    except AlreadyExists:
        return _form(link, gettext("The user name, or one that looks like it, is taken. Choose another.")), 409
    except (TooManyAttempts, StoreUnavailable) as error:
        problem, status = problem_of(error)
        return _form(link, problem), status
    if begun is None:
        return notice(
            gettext("Your account waits for approval"),
            gettext("An administrator looks at it; you get a mail as soon as you can sign in."),
        )
    begin(*begun)
    return keep_language(redirect(url_for("portfolio.show"), 303), language)


@blueprint.get("/sign-up")
def ask() -> Answer:
    """The form, where signing up is open."""
    if ondol().settings.sign_up == "closed":
        return notice(
            gettext("Accounts are by invitation"),
            gettext("Ask an administrator to invite you; a link comes by mail."),
            403,
        )
    return render_template("ask_by_mail.html", **_sign_up()), 200


@blueprint.post("/sign-up")
def sign_up() -> Answer:
    """Send a link; the answer is the same for every address."""
    email = request.form.get("email", "")
    try:
        ondol().people.ask_to_sign_up(email, str(get_locale()), address())
    except NotAllowed:
        return ask()
    except InvalidInput:
        problem = gettext("This is no e-mail address. Write one such as kim@example.com.")
        return render_template("ask_by_mail.html", **_sign_up(), email=email, problem=problem), 400
    except (TooManyAttempts, StoreUnavailable) as error:
        problem, status = problem_of(error)
        return render_template("ask_by_mail.html", **_sign_up(), email=email, problem=problem), status
    return notice(
        gettext("Look into your mail"),
        gettext("If the address has no account yet, a link is on its way. It works for a day."),
    )


def _sign_up() -> dict[str, str]:
    return {
        "title": gettext("Ask for an account"),
        "advice": gettext("You get a link by mail. Then an administrator decides what you may see."),
        "target": url_for("join.sign_up"),
    }


def _form(link: Link, problem: str | None = None) -> str:
    return render_template(
        "join.html",
        link=link,
        is_sign_up=link.purpose is Purpose.SIGN_UP,
        problem=problem,
        given=request.form,
        shortest=SHORTEST_PASSWORD,
    )
