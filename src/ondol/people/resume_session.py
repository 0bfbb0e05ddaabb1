"""A person who is signed in asks for the next page."""

import contextlib
from dataclasses import replace
from datetime import timedelta

from ondol.common.errors import StoreUnavailable
from ondol.people.model import Session
from ondol.people.recognize import digest_of
from ondol.people.session_cache import get_session, put_session
from ondol.people.sign_in import SessionNeeds


def resume_session(session_id: str, needs: SessionNeeds, *, is_used: bool = True) -> Session | None:
    """The living session of this id; None when there is none. Its use extends its time to live, once a tenth of that has
    passed, but not beyond the longest that a session lasts."""
    now, id_hash = needs.clock(), digest_of(session_id)
    session = get_session(id_hash, needs.cache)
    if session is None:
        session = needs.sessions.find(id_hash, now)
        if session is not None:
            with contextlib.suppress(StoreUnavailable):
                put_session(session, now, needs.cache)
    if session is None or session.expires_at <= now:
        return None
    latest = session.login_time + timedelta(seconds=needs.rules.longest_s)
    if now >= latest:
        return None
    if not is_used or session.expires_at >= min(now + timedelta(seconds=needs.rules.ttl_s * 0.9), latest):
        return session
    extended = replace(session, expires_at=min(now + timedelta(seconds=needs.rules.ttl_s), latest))
    # Either store may be away: the session then lives on in the other.
    with contextlib.suppress(StoreUnavailable):
        needs.sessions.extend(session.id_hash, extended.expires_at)
    with contextlib.suppress(StoreUnavailable):
        put_session(extended, now, needs.cache)
    return extended
