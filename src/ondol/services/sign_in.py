"""Flow 1 of the guide: user -> session in the cache <- user in the database."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ondol.domain.clock import Clock
from ondol.domain.errors import NotSignedIn, TooManyAttempts
from ondol.domain.people import Role
from ondol.ports.accounts import Accounts
from ondol.ports.cache import Cache

PAUSE_S = 900


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; stored as `session:{id}`. Times are RFC 3339."""

    id: str
    user_id: int
    username: str
    role: Role
    language: str | None
    csrf_token: str
    login_time: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Settings of sessions."""

    ttl_s: int = 3600
    attempts: int = 8


def sign_in(
    username: str, password: str, address: str, *, accounts: Accounts, cache: Cache, clock: Clock, rules: SessionRules
) -> Session:
    """A new session with a fresh id. Raises NotSignedIn on a wrong name or password, TooManyAttempts after too many."""
    attempts = f"attempts:{username}:{address}"
    if cache.count(attempts, PAUSE_S) > rules.attempts:
        raise TooManyAttempts(f"too many attempts; wait {PAUSE_S // 60} minutes and try again", PAUSE_S)
    known = accounts.password_hash(username)
    # An unknown name costs the same time as a wrong password, so that names cannot be probed.
    if not verify_password(known or _hash_of_nothing(), password) or known is None:
        accounts.record(clock(), username[:100], "sign-in refused", address=address)
        raise NotSignedIn("the name or the password is wrong")
    user = accounts.user(username)
    assert user is not None
    cache.delete(attempts)
    accounts.record(clock(), username, "signed in", address=address)
    return _keep(
        Session(
            secrets.token_urlsafe(32), user.id, user.username, user.role, user.language, secrets.token_urlsafe(24),
            clock().isoformat(), "",
        ),
        cache, clock, rules,
    )  # fmt: skip


def resume_session(session_id: str, *, cache: Cache, clock: Clock, rules: SessionRules) -> Session | None:
    """The living session of this id, its time to live extended once a tenth of it has passed; None when there is none."""
    stored = cache.get(f"session:{session_id}")
    if stored is None:
        return None
    fields: dict[str, Any] = orjson.loads(stored)
    fields |= {"id": session_id, "role": Role(fields["role"])}
    session = Session(**fields)
    if session.expires_at <= clock().isoformat():
        return None
    extended = (clock() + timedelta(seconds=rules.ttl_s * 0.9)).isoformat()
    return _keep(session, cache, clock, rules) if session.expires_at < extended else session


def sign_out(session_id: str, *, cache: Cache) -> None:
    """End the session."""
    cache.delete(f"session:{session_id}")


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters."""
    return PasswordHasher().hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash."""
    try:
        return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nothing() -> str:
    return hash_password(secrets.token_urlsafe(16))


def _keep(session: Session, cache: Cache, clock: Clock, rules: SessionRules) -> Session:
    kept = replace(session, expires_at=(clock() + timedelta(seconds=rules.ttl_s)).isoformat())
    fields = {name: value for name, value in asdict(kept).items() if name != "id"}
    cache.set(f"session:{session.id}", orjson.dumps(fields), rules.ttl_s)
    return kept
