"""What pages share that people open without being signed in: who asks, and what they read when it does not work."""

from flask import Response, render_template, request
from flask_babel import gettext

from ondol.common.errors import InvalidInput, NotFound, OndolError, StoreUnavailable, TooManyAttempts
from ondol.people import UnfitPassword
from ondol.web.messages import in_words
from ondol.web.pages.password import words_of_fault
from ondol.web.pages.sign_in import too_many_attempts

Answer = tuple[str, int]


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def hide_address_of_page(response: Response) -> Response:
    """For `after_request`: the address holds a secret, so that no request from the page names it, not even to ourselves."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def notice(title: str, text: str, status: int = 200) -> Answer:
    """A page that says one thing, and leads to signing in."""
    return render_template("said.html", title=title, text=text, is_bad=status >= 400), status


def no_link() -> Answer:
    """For every link that is of no use, whatever the reason."""
    return notice(
        gettext("This link is not valid"),
        gettext("A link works once and for a limited time, and a newer one replaces it. Ask for a new one."),
        404,
    )


def problem_of(error: OndolError) -> Answer:
    """What a form says, and its status."""
    if isinstance(error, UnfitPassword):
        return words_of_fault(error.fault), 400
    if isinstance(error, TooManyAttempts):
        return too_many_attempts(error), 429
    if isinstance(error, StoreUnavailable):
        return gettext(
            "This is not possible at the moment, because a store is not available. Try again in a minute."
        ), 503
    return in_words(error), 400 if isinstance(error, InvalidInput) else 404 if isinstance(error, NotFound) else 409
