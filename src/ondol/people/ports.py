"""People, their passwords, API tokens, and the record of what was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ondol.common.access import Scope
from ondol.people.model import Role, Session, Token, User


class Accounts(Protocol):
    """Users and tokens. Secrets are stored only as hashes."""

    def user(self, username: str) -> User | None: ...

    def users(self) -> list[User]: ...

    def password_hash(self, username: str) -> str | None:
        """The argon2 hash of an active user, or None."""
        ...

    def add_user(self, username: str, email: str, role: Role, password_hash: str, language: str | None = None) -> User:
        """Raises AlreadyExists when the name or the address is taken."""
        ...

    def change_user(self, username: str, *, language: str | None = None, password_hash: str | None = None) -> None: ...

    def token(self, token_hash: str) -> Token | None:
        """The token with this SHA-256 that is not revoked, or None."""
        ...

    def tokens(self) -> list[Token]: ...

    def add_token(
        self,
        name: str,
        token_hash: str,
        scopes: Sequence[Scope],
        buildings: Sequence[str] | None,
        *,
        may_register: bool,
    ) -> Token:
        """Raises AlreadyExists when the name is taken."""
        ...

    def revoke_token(self, name: str, when: datetime) -> None:
        """Raises NotFound."""
        ...

    def record(
        self, when: datetime, actor: str, action: str, subject: str | None = None, address: str | None = None
    ) -> None:
        """Add a line to the audit."""
        ...


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
