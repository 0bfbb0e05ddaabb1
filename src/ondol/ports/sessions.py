"""Who is signed in, durably: what the cache falls back on when it is away or has dropped a session."""

from datetime import datetime
from typing import Protocol

from ondol.domain.people import Session


class Sessions(Protocol):
    """Sessions by the hash of their id. Ended and expired ones are not found."""

    def add(self, session: Session) -> None: ...

    def find(self, id_hash: str, now: datetime) -> Session | None: ...

    def living(self, now: datetime, username: str | None = None) -> list[Session]:
        """Sessions of a user or of all, the newest first."""
        ...

    def extend(self, id_hash: str, expires_at: datetime) -> None: ...

    def end(self, id_hash: str) -> None: ...

    def drop_expired(self, now: datetime) -> None: ...
