"""Who calls the API: a program with a token, or a person with a session."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from flask import g, request

from ondol.common.access import COMMAND, COMMANDS_TOKEN, Access, Scope
from ondol.common.errors import NotSignedIn
from ondol.web.installation import access, ondol
from ondol.web.sessions import check_csrf

PATH_OF_INFLUXDB_1 = "/write"
"""The path at which the token may be the parameter `p`."""


def authenticate(scope: Scope | None) -> Access:
    """What the caller may do. Raises NotSignedIn; NotAllowed when even the scope is lacking, before a body is looked at.

    None stands for what anybody may do to the own account.
    """
    secret = _secret()
    if secret is not None:
        caller = _named(replace(ondol().people.access_of_token(secret), address=request.remote_addr))
    elif g.session is not None:
        check_csrf()
        caller = access()
    else:
        raise NotSignedIn("sign in, or send a token: Authorization: Bearer TOKEN (make one with: ondol token create)")
    if scope is not None:
        caller.require(scope)
    return caller


def _named(caller: Access) -> Access:
    """A command of this machine says who runs it, as it would be recorded without a server."""
    operator = unquote(request.headers.get("X-Ondol-Operator", ""))
    if operator and caller.is_administrator and (caller.token or "").startswith(COMMANDS_TOKEN):
        return replace(caller, who=f"{COMMAND.who}:{operator}")
    return caller


def recognizer() -> Callable[[], Access]:
    """Who calls, to be asked again while a long answer is on its way. It raises NotSignedIn once the token or session ended.

    An answer is no use of a session: one that nobody uses ends while a page stands open.
    """
    people, secret, session_id, address = ondol().people, _secret(), g.session_id, request.remote_addr

    def recognize() -> Access:
        if secret is not None:
            return replace(people.access_of_token(secret), address=address)
        session = people.resume_session(session_id, is_used=False)
        if session is None:
            raise NotSignedIn("the session ended; sign in again")
        return replace(people.access_of_session(session), address=address)

    return recognize


def _secret() -> str | None:
    """The token as API clients, InfluxDB 2 clients (`Token`) and InfluxDB 1 clients (password, `p`) send it."""
    header = request.headers.get("Authorization", "")
    kind, _, value = header.partition(" ")
    if kind.lower() in ("bearer", "token") and value.strip():
        # Telegraf's 1.x style in a 2.x header is "Token user:password".
        return value.strip().rpartition(":")[2]
    if request.authorization is not None and request.authorization.type == "basic":
        return request.authorization.password
    return request.values.get("p") if request.path in (PATH_OF_INFLUXDB_1, "/query") else None
