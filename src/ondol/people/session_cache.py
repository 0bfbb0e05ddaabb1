"""Sessions in the cache, as the guide has them: `session:{id}`. The key has the hash, so that who reads it cannot sign in with it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.people.model import Role, Session


def session_key(id_hash: str) -> str:
    """Where the cache keeps the session."""
    return f"session:{id_hash}"


def put_session(session: Session, now: datetime, cache: Cache) -> None:
    """Keep the session until it expires. Raises StoreUnavailable."""
    left_s = (session.expires_at - now).total_seconds()
    fields = {name: value for name, value in asdict(session).items() if name != "id_hash"}
    cache.set(session_key(session.id_hash), orjson.dumps(fields), max(left_s, 0.001))


def get_session(id_hash: str, cache: Cache) -> Session | None:
    """The session as the cache has it; None when it does not, or is away."""
    try:
        stored = cache.get(session_key(id_hash))
    except StoreUnavailable:
        return None
    if stored is None:
        return None
    fields: dict[str, Any] = orjson.loads(stored)
    fields |= {name: datetime.fromisoformat(fields[name]) for name in ("login_time", "expires_at")}
    fields["role"] = Role(fields["role"])
    return Session(id_hash, **fields)
