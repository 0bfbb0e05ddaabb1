"""A session ends: its person signs out, or somebody who may ends it from elsewhere."""

import contextlib

from ondol.common.access import Access, Scope
from ondol.common.audit import Audit
from ondol.common.errors import NotAllowed, NotFound, StoreUnavailable
from ondol.people.model import Session
from ondol.people.recognize import Recognition, digest_of
from ondol.people.session_cache import session_key
from ondol.people.sign_in import SessionNeeds


def sign_out(access: Access, session_id: str, *, needs: SessionNeeds, audit: Audit) -> None:
    """End the own session, also while the cache is away."""
    id_hash = digest_of(session_id)
    with contextlib.suppress(StoreUnavailable):
        needs.cache.delete(session_key(id_hash))
    needs.sessions.end(id_hash)
    audit.record(access, "signed out")


def list_sessions(access: Access, username: str | None, *, needs: SessionNeeds) -> list[Session]:
    """Living sessions, the newest first: the own ones, or for an administrator those of a user or of all. Raises NotAllowed."""
    return needs.sessions.living(needs.clock(), _whose(access, username))


def end_session(access: Access, key: str, *, needs: SessionNeeds, audit: Audit) -> None:
    """End the session of that `Session.key`: one of the own, or for an administrator any.

    Raises NotAllowed; NotFound; StoreUnavailable while the cache is away, where the session would live on.
    """
    living = needs.sessions.living(needs.clock(), _whose(access, None))
    found = [session for session in living if session.key == key]
    if not found:
        raise NotFound(f"there is no session {key!r}; it may have ended already")
    for session in found:
        needs.cache.delete(session_key(session.id_hash))
        needs.sessions.end(session.id_hash)
        audit.record(access, "session ended", f"{session.username} {key}")


def end_all_sessions(username: str, *, needs: SessionNeeds, recognition: Recognition, but: str | None = None) -> None:
    """Sign a person out everywhere, save where the session has that hash. It holds also while the cache is away: what the
    database does not know opens nothing."""
    ended = needs.sessions.end_all(username, but)
    with contextlib.suppress(StoreUnavailable):
        needs.cache.delete(*map(session_key, ended))
    recognition.forget()


def _whose(access: Access, asked: str | None) -> str | None:
    """The user whose sessions may be handled; None stands for all."""
    access.require(Scope.READ)
    if access.is_administrator:
        return asked
    if access.username is None or asked not in (None, access.username):
        raise NotAllowed("sessions of others are for administrators; sign in, or use a token with --scope admin")
    return access.username
