"""Sessions of people: listing and ending them."""

from flask import Response

from ondol.common.access import Scope
from ondol.web.api.operations import Answer, Call, operation
from ondol.web.api.shapes.accounts import SessionAnswer, SessionKey, SessionList, SessionQuery
from ondol.web.installation import ondol


@operation("GET", "/api/v1/sessions", tag="users", scope=Scope.READ, query=SessionQuery, answer=SessionList)
def list_sessions(call: Call) -> SessionList:
    """List who is signed in.

    A person sees the own sessions; administrators see those of `user`, or all.
    """
    sessions = ondol().people.sessions(call.access, call.query.user)
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


@operation("DELETE", "/api/v1/sessions/{key}", tag="users", scope=Scope.READ, answer=Answer(status=204))
def end_session(call: Call, key: SessionKey) -> Response:
    """End a session; its browser is signed out at once.

    A person may end the own sessions, an administrator any. 503 while the cache is away.
    """
    ondol().people.end_session(call.access, key)
    return Response(status=204)
