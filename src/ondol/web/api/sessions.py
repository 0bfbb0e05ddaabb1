"""Sessions of people: listing and ending them."""

from flask import Response

from ondol.common.access import Scope
from ondol.common.errors import NotAllowed
from ondol.web.api.operations import Call, operation
from ondol.web.api.shapes.accounts import SessionAnswer, SessionList, SessionQuery
from ondol.web.installation import ondol


@operation("GET", "/api/v1/sessions", tag="users", scope=Scope.READ, query=SessionQuery, answer=SessionList)
def list_sessions(call: Call) -> SessionList:
    """List who is signed in.

    A person sees the own sessions; administrators see those of `user`, or all.
    """
    sessions = ondol().living_sessions(_whose(call, call.query.user))
    items = [
        SessionAnswer(
            key=s.key,
            user=s.username,
            address=s.address,
            browser=s.browser,
            login_time=s.login_time,
            expires_at=s.expires_at,
        )
        for s in sessions
    ]
    return SessionList(items=items, next=None)


@operation("DELETE", "/api/v1/sessions/{key}", tag="users", scope=Scope.READ, status=204)
def end_session(call: Call, key: str) -> Response:
    """End a session; its browser is signed out at once.

    A person may end the own sessions, an administrator any. 503 while the cache is away.
    """
    ondol().end_session(key, _whose(call, None))
    ondol().accounts.record(ondol().clock(), call.caller.name, "session ended", key)
    return Response(status=204)


def _whose(call: Call, asked: str | None) -> str | None:
    """The user whose sessions the caller may handle; None stands for all."""
    if Scope.ADMIN in call.caller.scopes:
        return asked
    if call.caller.token is not None or asked not in (None, call.caller.name):
        raise NotAllowed("sessions of others are for administrators; sign in, or use a token with --scope admin")
    return call.caller.name
