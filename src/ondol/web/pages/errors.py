"""Error pages that say what happened and what to do next. The API answers for itself with problem documents."""

from flask import Flask, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ondol.common.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, StoreUnavailable
from ondol.web.messages import in_words
from ondol.web.pages.installation import require_sign_in

Answer = tuple[str, int] | Response | HTTPException


def register(app: Flask) -> None:
    """Handle what pages raise; handlers of the API's blueprints come before these."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(NotSignedIn, lead_to_sign_in)
    app.register_error_handler(NotAllowed, lambda error: show(403, in_words(error)))
    app.register_error_handler(NotFound, lambda error: show(404, in_words(error)))
    app.register_error_handler(InvalidInput, lambda error: show(400, in_words(error)))
    app.register_error_handler(StoreUnavailable, lambda error: show(503, in_words(error)))


def show_http_error(error: HTTPException) -> Answer:
    """An error page; redirects and what the API answered stay as they are."""
    if request.path.startswith("/api/") or error.code is None or error.code < 400:
        return error
    return show(error.code)


def show(status: int, detail: str | None = None) -> tuple[str, int]:
    """The page for a status; `detail` is an error's own sentence."""
    title, advice = _words(status)
    return render_template("error.html", status=status, title=title, detail=detail, advice=advice), status


def lead_to_sign_in(error: NotSignedIn) -> Response:
    """The session ended while the page was open."""
    return require_sign_in() or redirect(url_for("sign_in.show"))


def _words(status: int) -> tuple[str, str]:
    """Title and advice for a status."""
    if status == 403:
        return gettext("You may not see this"), gettext(
            "Ask an administrator to give you access, or sign in as another user."
        )
    if status == 404:
        return gettext("There is nothing here"), gettext(
            "Check the address, or start again from the list of buildings."
        )
    if status == 400:
        return gettext("The request was not understood"), gettext("Go back, check what you entered and send it again.")
    if status == 503:
        return gettext("A store is not available"), gettext(
            "Wait a moment and reload the page. If it stays, run `ondol check` on the server."
        )
    if status < 500:
        return gettext("That did not work"), gettext(
            "Go back and try again, or start again from the list of buildings."
        )
    return gettext("Something went wrong on our side"), gettext(
        "Reload the page. If it happens again, tell your administrator the time; the server's log has the cause."
    )
