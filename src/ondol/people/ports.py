"""Where accounts, tokens and sessions are kept."""

from datetime import datetime
from typing import Protocol

from ondol.people.model import Link, NewToken, NewUser, Purpose, Session, Standing, Token, User, UserChange, WaitingMail


class PersonalData(Protocol):
    """What an account says of its person."""

    def taken_names(self) -> list[str]:
        """User names that nobody else gets, those of deleted people included."""
        ...

    def describe(self, username: str, name: str | None, language: str | None) -> None:
        """How the person is called, and their language. Raises NotFound."""
        ...

    def set_address(self, username: str, email: str, by_link: str) -> None:
        """Raises AlreadyExists when another has it, NotFound; `by_link` as above."""
        ...

    def note_sign_in(self, user_id: int, when: datetime) -> None: ...

    def delete_user(self, username: str, when: datetime) -> None:
        """Forget all but the user name, which stays taken. Raises NotFound, NotAllowed for the last administrator."""
        ...


class Accounts(PersonalData, Protocol):
    """Users and tokens. Secrets are stored only as hashes."""

    def user(self, username: str) -> User | None: ...

    def users(self) -> list[User]:
        """All users, by name."""
        ...

    def user_of_address(self, email: str) -> User | None:
        """The person with that address, in whatever case it is written."""
        ...

    def password_hash(self, username: str) -> str | None:
        """The argon2 hash of an active user, or None."""
        ...

    def add_user(self, new: NewUser, password_hash: str, by_link: str | None = None) -> User:
        """Raises AlreadyExists when the name or the address is taken, NotFound when a building or tenant does not exist.

        Without a password of its own choice the person has to change it. The link of that key is used up in the same transaction;
        NotFound when somebody else did so.
        """
        ...

    def change_user(self, username: str, change: UserChange) -> User:
        """Raises NotFound for a person, building or tenant that does not exist, NotAllowed when no active administrator would
        be left.
        """
        ...

    def set_password(self, username: str, password_hash: str, *, must_change: bool, by_link: str | None = None) -> None:
        """Raises NotFound; `by_link` as above."""
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


class Links(Protocol):
    """Links by which people open or change an account. Guarantee: each is used once, whoever comes at the same time."""

    def add(self, link: Link, secret_hash: str | None) -> None:
        """Links of the same purpose to the same address, or of the same person, end."""
        ...

    def get(self, key: str) -> Link | None:
        """The link of that key, sent or not."""
        ...

    def seal(self, key: str, secret_hash: str) -> Link | None:
        """Give the link another secret; None when it is gone."""
        ...

    def find(self, secret_hash: str, now: datetime) -> Link | None:
        """The link of that secret that has not expired. It is not used up."""
        ...

    def all(self, purpose: Purpose, now: datetime) -> list[Link]:
        """Those that have not expired, the newest first."""
        ...

    def remove(self, key: str) -> Link | None:
        """Take it back; None when it is gone."""
        ...

    def end_all(self, username: str) -> None:
        """End every link of the person."""
        ...

    def drop_expired(self, now: datetime) -> None: ...


class WaitingMails(Protocol):
    """Mails that are not sent yet, durably: one a kind and address."""

    def put(self, mail: WaitingMail) -> None:
        """Add it, or replace the one of the same kind and address."""
        ...

    def due(self, now: datetime) -> list[WaitingMail]: ...

    def all(self) -> list[WaitingMail]: ...

    def remove(self, mail: WaitingMail) -> None: ...

    def drop_expired(self, now: datetime) -> None: ...
