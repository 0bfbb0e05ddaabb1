"""Flow 1 of the guide: user -> session in the cache <- user in the database.

A session stands in the cache as `session:{id}`, as the guide has it, and in the database behind it: when the cache is away or
has dropped the key, who is signed in goes on working.
"""

import contextlib
import hashlib
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from ondol.common.cache import Cache
from ondol.common.clock import Clock
from ondol.common.errors import NotFound, NotSignedIn, StoreUnavailable, TooManyAttempts
from ondol.people.model import Role, Session
from ondol.people.passwords import hash_of_nothing, verify_password
from ondol.people.ports import Accounts, Sessions

PAUSE_S = 900


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Settings of sessions."""

    ttl_s: int = 3600
    attempts: int = 8


@dataclass(frozen=True, slots=True)
class SessionDesk:
    """What handling sessions needs."""

    sessions: Sessions
    cache: Cache
    clock: Clock
    rules: SessionRules


def sign_in(
    username: str, password: str, address: str, browser: str, *, accounts: Accounts, desk: SessionDesk
) -> tuple[str, Session]:
    """The id of a new session, and the session.

    Raises NotSignedIn on a wrong name or password, TooManyAttempts after too many, StoreUnavailable while the cache is away:
    attempts could not be counted.
    """
    attempts = f"attempts:{username}:{address}"
    if desk.cache.count(attempts, PAUSE_S) > desk.rules.attempts:
        raise TooManyAttempts(f"too many attempts; wait {PAUSE_S // 60} minutes and try again", PAUSE_S)
    now, known = desk.clock(), accounts.password_hash(username)
    # An unknown name costs the same time as a wrong password, so that names cannot be probed.
    if not verify_password(known or hash_of_nothing(), password) or known is None:
        accounts.record(now, username[:100], "sign-in refused", address=address)
        raise NotSignedIn("the name or the password is wrong")
    user = accounts.user(username)
    assert user is not None
    session_id = secrets.token_urlsafe(32)
    session = Session(
        _hash(session_id), user.id, user.username, user.role, user.language, secrets.token_urlsafe(24), now,
        now + timedelta(seconds=desk.rules.ttl_s), address, browser,
    )  # fmt: skip
    desk.sessions.add(session)
    _cache(session, desk)
    desk.cache.delete(attempts)
    accounts.record(now, username, "signed in", address=address)
    return session_id, session


def resume_session(session_id: str, desk: SessionDesk) -> Session | None:
    """The living session of this id, its time to live extended once a tenth of it has passed; None when there is none."""
    now, id_hash = desk.clock(), _hash(session_id)
    session = _cached(id_hash, desk.cache)
    if session is None:
        session = desk.sessions.find(id_hash, now)
        if session is not None:
            with contextlib.suppress(StoreUnavailable):
                _cache(session, desk)
    if session is None or session.expires_at <= now:
        return None
    if session.expires_at >= now + timedelta(seconds=desk.rules.ttl_s * 0.9):
        return session
    extended = replace(session, expires_at=now + timedelta(seconds=desk.rules.ttl_s))
    # Either store may be away: the session then lives on in the other.
    with contextlib.suppress(StoreUnavailable):
        desk.sessions.extend(session.id_hash, extended.expires_at)
    with contextlib.suppress(StoreUnavailable):
        _cache(extended, desk)
    return extended


def sign_out(session_id: str, desk: SessionDesk) -> None:
    """End the session, also while the cache is away."""
    with contextlib.suppress(StoreUnavailable):
        desk.cache.delete(_key(_hash(session_id)))
    desk.sessions.end(_hash(session_id))


def end_session(public_key: str, desk: SessionDesk, username: str | None = None) -> None:
    """End the session of that `Session.key`, of this user or, without one, of any.

    Raises NotFound; StoreUnavailable while the cache is away, where the session would live on.
    """
    found = [session for session in desk.sessions.living(desk.clock(), username) if session.key == public_key]
    if not found:
        raise NotFound(f"there is no session {public_key!r}; it may have ended already")
    for session in found:
        desk.cache.delete(_key(session.id_hash))
        desk.sessions.end(session.id_hash)


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def _key(id_hash: str) -> str:
    """The guide's `session:{id}`; the hash, so that who reads the cache cannot sign in with it."""
    return f"session:{id_hash}"


def _cache(session: Session, desk: SessionDesk) -> None:
    left_s = (session.expires_at - desk.clock()).total_seconds()
    fields = {name: value for name, value in asdict(session).items() if name != "id_hash"}
    desk.cache.set(_key(session.id_hash), orjson.dumps(fields), max(left_s, 0.001))


def _cached(id_hash: str, cache: Cache) -> Session | None:
    """The session as the cache has it; None when it does not, or is away."""
    try:
        stored = cache.get(_key(id_hash))
    except StoreUnavailable:
        return None
    if stored is None:
        return None
    fields: dict[str, Any] = orjson.loads(stored)
    fields |= {name: datetime.fromisoformat(fields[name]) for name in ("login_time", "expires_at")}
    fields["role"] = Role(fields["role"])
    return Session(id_hash, **fields)
