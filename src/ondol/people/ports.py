"""Where accounts, tokens and sessions are kept."""

from datetime import datetime
from typing import Protocol

from ondol.people.model import NewToken, NewUser, Session, Standing, Token, User, UserChange


class Accounts(Protocol):
    """Users and tokens. Secrets are stored only as hashes."""

    def user(self, username: str) -> User | None: ...

    def users(self) -> list[User]:
        """All users, by name."""
        ...

    def password_hash(self, username: str) -> str | None:
        """The argon2 hash of an active user, or None."""
        ...

    def add_user(self, new: NewUser, password_hash: str) -> User:
        """Raises AlreadyExists when the name or the address is taken, NotFound when a building or tenant does not exist.

        Without a password of its own choice the person has to change it.
        """
        ...

    def change_user(self, username: str, change: UserChange) -> User:
        """Raises NotFound for a person, building or tenant that does not exist, NotAllowed when no active administrator would
        be left.
        """
        ...

    def set_password(self, username: str, password_hash: str, *, must_change: bool) -> None:
        """Raises NotFound."""
        ...

    def standing(self, id_hash: str) -> Standing | None:
        """Role and reach of the active user whose session has not ended, or None. A tenant's spaces include all that lies
        inside them.
        """
        ...

    def token(self, token_hash: str) -> Token | None:
        """The token with this SHA-256 that is not revoked, or None."""
        ...

    def tokens(self) -> list[Token]:
        """Tokens that are not revoked, by name."""
        ...

    def add_token(self, new: NewToken, token_hash: str) -> Token:
        """Raises AlreadyExists when the name is taken."""
        ...

    def revoke_token(self, name: str, when: datetime) -> None:
        """Raises NotFound."""
        ...


class Sessions(Protocol):
    """Sessions by the hash of their id, durably: what the cache falls back on. Ended and expired ones are not found."""

    def add(self, session: Session) -> None: ...

    def find(self, id_hash: str, now: datetime) -> Session | None: ...

    def living(self, now: datetime, username: str | None = None) -> list[Session]:
        """Sessions of a user or of all, the newest first."""
        ...

    def extend(self, id_hash: str, expires_at: datetime) -> None: ...

    def end(self, id_hash: str) -> None: ...

    def end_all(self, username: str, but: str | None = None) -> list[str]:
        """End the sessions of a user, save the one of that hash; returns the hashes of those that ended."""
        ...

    def drop_expired(self, now: datetime) -> None: ...
