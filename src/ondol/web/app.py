"""The Flask application."""

from flask import Flask, Response
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from ondol.installation import Installation
from ondol.web import api, pages, sessions
from ondol.web.installation import ondol as installation
from ondol.web.pages.preferences import ONE_YEAR_S, select_language

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
    if proxies := ondol.settings.trusted_proxies:
        # Without one in front these headers are anybody's.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
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
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if installation().settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_S}"
    # Assets say for themselves how long they are kept; all else holds somebody's data, or a form's token.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
