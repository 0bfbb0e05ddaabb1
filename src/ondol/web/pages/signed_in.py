"""Where a person is signed in, and ending that."""

from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ondol.web.installation import access, ondol
from ondol.web.pages.installation import require_sign_in
from ondol.web.sessions import end as sign_out_here

blueprint = Blueprint("signed_in", __name__)
_BROWSERS = {
    "Edg": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@blueprint.app_template_filter("browser")
def browser_name(user_agent: str) -> str:
    """`Chrome, Windows` from what a browser says of itself; others by the beginning of it."""
    names = [
        next((name for sign, name in known.items() if sign in user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or user_agent[:40] or "–"


blueprint.before_request(require_sign_in)


@blueprint.get("/signed-in")
def show() -> str:
    """The person's own sessions; an administrator sees everybody's."""
    zone = ZoneInfo(ondol().settings.timezone)
    return render_template("signed_in.html", sessions=ondol().people.sessions(access()), own=g.session.key, zone=zone)


@blueprint.post("/signed-in/end")
def end() -> Response:
    """End one session, with `others` all of the person's own but this one, with `everywhere` that, too."""
    if "everywhere" in request.form:
        for session in ondol().people.sessions(access(), g.user.username):
            if session.key != g.session.key:
                ondol().people.end_session(access(), session.key)
        sign_out_here()
        return redirect(url_for("sign_in.show"), 303)
    if "others" in request.form:
        for session in ondol().people.sessions(access(), g.user.username):
            if session.key != g.session.key:
                ondol().people.end_session(access(), session.key)
    else:
        ondol().people.end_session(access(), request.form.get("key", ""))
    return redirect(url_for("signed_in.show"), 303)
