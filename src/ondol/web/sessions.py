"""Who asks: the session of a signed-in person, and the token that guards forms against other sites."""

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from ondol.common.errors import NotAllowed, NotSignedIn
from ondol.people import Session
from ondol.web.installation import ondol

_SESSION, _VISITOR = "ondol_session", "ondol_visitor"
_PREFIX = "__Host-"
"""Browsers take a cookie of such a name from this very host over HTTPS alone: a neighbouring subdomain can plant none."""
LARGEST_FORM_BYTES = 16 * 1024
_MACHINES = frozenset({"api", "health", "influxdb"})
_PORTS = {"http": 80, "https": 443}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone without a session: `csrf_token` lives in a cookie that other sites cannot read."""

    csrf_token: str


def register(app: Flask) -> None:
    """Load the session before each request and keep its cookies after it."""
    app.before_request(limit_forms)
    app.before_request(load_session)
    app.before_request(guard_forms)
    app.after_request(keep_cookies)
    app.add_template_global(csrf_token)


def is_page() -> bool:
    """Whether a page is asked for, and no machine's door."""
    return request.blueprint not in _MACHINES and request.endpoint != "openapi"


def limit_forms() -> None:
    """Forms of pages are small, whoever sends them."""
    if is_page():
        request.max_content_length = LARGEST_FORM_BYTES


def load_session() -> None:
    """Set `g.session`, `g.user` and `g.access`, all None for visitors."""
    session_id = request.cookies.get(_named(_SESSION))
    g.session_id = session_id
    g.session = ondol().people.resume_session(session_id) if session_id else None
    g.access = None
    if g.session is not None:
        try:
            g.access = replace(ondol().people.access_of_session(g.session), address=request.remote_addr)
        except NotSignedIn:
            g.session = None
    g.user = g.session


def guard_forms() -> None:
    """Forms and htmx requests of pages carry the token; the API checks its callers itself."""
    if is_page():
        check_csrf()


def begin(session_id: str, session: Session) -> None:
    """Make a new session the one of this browser; its id replaces any former one."""
    if g.get("session") is not None:
        ondol().people.sign_out(g.access, g.session_id)
    g.session = g.user = session
    g.session_id = g.new_session_id = session_id


def end() -> None:
    """Sign out and let the browser forget."""
    if g.session is not None:
        ondol().people.sign_out(g.access, g.session_id)
    g.session = g.user = None
    g.ended_session = True


def csrf_token() -> str:
    """The token that a form or an htmx request of this page has to send back."""
    if g.get("session") is not None:
        return g.session.csrf_token
    if g.get("visitor") is None:
        g.visitor = Visitor(request.cookies.get(_named(_VISITOR)) or secrets.token_urlsafe(24))
    return g.visitor.csrf_token


def check_csrf() -> None:
    """Raises NotAllowed when a request that changes something comes from another site or does not carry the page's token."""
    if request.method in SAFE_METHODS:
        return
    if not _comes_from_here():
        raise NotAllowed(
            "another site sent this; open the page here and try again (a proxy in front has to pass Host on)"
        )
    expected = g.session.csrf_token if g.session is not None else request.cookies.get(_named(_VISITOR), "")
    sent = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
    if not expected or not hmac.compare_digest(expected.encode(), sent.encode()):
        raise NotAllowed("the page is out of date: reload it and try again")


def _comes_from_here() -> bool:
    """Whether a page of this host sent the request, as the browser tells. Programs tell nothing; they need the token alone."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    return sender is None or _is_of(sender, request.host)


def _is_of(sender: str, host: str) -> bool:
    """Whether an address is of the host. A proxy may have spoken HTTPS, so that the sender's scheme says what goes without saying."""
    try:
        scheme = urlsplit(sender).scheme
        ours, theirs = _place(f"{scheme}://{host}"), _place(sender)
    except ValueError:
        return False
    if ours is None or ours != theirs:
        return False
    # HTTPS on a port that we ourselves serve without it is somebody else.
    return scheme == request.scheme or (scheme == "https" and ours[1] == _PORTS[scheme])


def _place(url: str) -> tuple[str, int] | None:
    """Host and port of a page's address; None for what is none. Raises ValueError."""
    parts = urlsplit(url)
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or not re.fullmatch(r"[^:@]+|[^@:]+:\d+|\[[^\]@]*\](:\d+)?", parts.netloc)
    ):
        return None
    return parts.hostname, _PORTS[parts.scheme] if parts.port is None else parts.port


def keep_cookies(response: Response) -> Response:
    """Send the cookies that this request made or ended."""
    if g.get("new_session_id") is not None:
        _keep(response, _SESSION, g.new_session_id)
        _drop(response, _VISITOR)
    elif g.get("ended_session"):
        _drop(response, _SESSION)
    elif g.get("visitor") is not None and _named(_VISITOR) not in request.cookies:
        _keep(response, _VISITOR, g.visitor.csrf_token)
    return response


def _named(name: str) -> str:
    return _PREFIX + name if ondol().settings.secure_cookies else name


def _keep(response: Response, name: str, value: str) -> None:
    secure = ondol().settings.secure_cookies
    response.set_cookie(_named(name), value, path="/", httponly=True, samesite="Lax", secure=secure)


def _drop(response: Response, name: str) -> None:
    secure = ondol().settings.secure_cookies
    response.delete_cookie(_named(name), path="/", httponly=True, samesite="Lax", secure=secure)
