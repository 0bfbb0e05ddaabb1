"""Language and theme: kept in cookies, so that they hold before signing in too."""

from flask import Blueprint, Flask, g, redirect, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from ondol.web.installation import ondol
from ondol.web.pages.installation import is_being_filled
from ondol.web.pages.sign_in import local_address

LANGUAGES = {"ko": "한국어", "en": "English"}
THEMES = ("light", "dark")
ONE_YEAR_S = 365 * 86400

blueprint = Blueprint("preferences", __name__)


def register(app: Flask) -> None:
    """Add the route and what the layout shows of the preferences."""
    app.register_blueprint(blueprint)
    app.add_template_filter(spoken_role)
    app.context_processor(layout_values)


def select_language() -> str:
    """For Flask-Babel: the cookie, else the user's own, else what the browser asks for, else the setting."""
    chosen = request.cookies.get("ondol_language", "")
    if chosen in LANGUAGES:
        return chosen
    of_user = getattr(g.get("user"), "language", None)
    if of_user in LANGUAGES:
        return of_user
    return request.accept_languages.best_match(LANGUAGES) or ondol().settings.language


def layout_values() -> dict[str, object]:
    """What the layout needs on every page."""
    theme = request.cookies.get("ondol_theme")
    return {
        "language": str(get_locale() or "en"),
        "languages": LANGUAGES,
        "theme": theme if theme in THEMES else None,
        "user": g.get("user"),
        "may_sign_up": ondol().settings.sign_up != "closed",
        "is_being_filled": is_being_filled,
    }


def spoken_role(role: str) -> str:
    """The name of a user's role."""
    names = {
        "admin": gettext("Administrator"),
        "manager": gettext("Energy manager"),
        "installer": gettext("Installer"),
        "tenant": gettext("Tenant"),
        "user": gettext("User"),
    }
    return names.get(role, role)


@blueprint.post("/preferences")
def change() -> Response:
    """Keep the chosen language and theme (`system` follows the device) and go back to the page."""
    response = redirect(local_address(request.form.get("next"), url_for("portfolio.show")), 303)
    language, theme = request.form.get("language"), request.form.get("theme")
    keep_language(response, language)
    if theme in THEMES:
        _keep(response, "ondol_theme", theme)
    elif theme == "system":
        response.delete_cookie("ondol_theme")
    return response


def keep_language(response: Response, language: str | None) -> Response:
    """The answer, which lets this browser keep a language that there is."""
    if language in LANGUAGES:
        _keep(response, "ondol_language", language)
    return response


def _keep(response: Response, name: str, value: str) -> None:
    secure = ondol().settings.secure_cookies
    response.set_cookie(name, value, max_age=ONE_YEAR_S, samesite="Lax", httponly=True, secure=secure)
