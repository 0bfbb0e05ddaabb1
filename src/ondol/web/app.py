"""The Flask application."""

from flask import Flask, Response, g, request
from flask_babel import Babel

from ondol.installation import Installation
from ondol.web import api, pages, sessions
from ondol.web.pages.preferences import select_language

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def create_app(ondol: Installation) -> Flask:
    """Pages and API of an open installation."""
    app = Flask("ondol.web", static_folder=None)
    app.extensions["ondol"] = ondol
    app.config["MAX_CONTENT_LENGTH"] = ondol.settings.max_body_mb * 2**20
    Babel(app, locale_selector=select_language, default_translation_directories="translations")
    api.register(app)
    sessions.register(app)
    pages.register(app)
    app.after_request(add_security_headers)
    return app


def add_security_headers(response: Response) -> Response:
    """What a browser must not do with our pages."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if g.get("user") is not None and not request.path.startswith("/assets/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
