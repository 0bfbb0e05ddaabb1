"""Who it is that asks: from the secret of a token or the session of a person to their access."""

import hashlib
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from ondol.common.access import Access
from ondol.common.errors import NotSignedIn, StoreUnavailable
from ondol.common.messages import said
from ondol.people.model import Session, Standing, Token
from ondol.people.ports import Accounts

_REMEMBER_S = 5.0
_MOST_REMEMBERED = 10_000
Found = TypeVar("Found")


class Recognition:
    """Finds tokens and the standing of people; what was found is remembered for five seconds, so what was taken away ends soon.

    While the database is away, who was recognized before stays so: meters go on writing.
    """

    def __init__(self, accounts: Accounts, is_for_show: Callable[[], bool] = lambda: False) -> None:
        """`is_for_show`: whether there is nothing to guard, so that nobody has to change a password yet."""
        self._tokens = _Remembered[Token](accounts.token)
        self._people = _Remembered[Standing](accounts.standing)
        self._is_for_show = is_for_show

    def of_token(self, secret: str) -> Access:
        """Raises NotSignedIn when there is no such token."""
        token = self._tokens(digest_of(secret))
        if token is None:
            raise NotSignedIn(
                said("the token is unknown or was revoked; make one with: ondol token create NAME --scope write")
            )
        return token.access

    def of_session(self, session: Session) -> Access:
        """Raises NotSignedIn when the session ended or the person has no account any more.

        The cache alone does not tell: a session that ended while the cache was away, or while it was extended, stands there still.
        """
        standing = self._people(session.id_hash)
        if standing is None:
            raise NotSignedIn(said("the session ended, or the account was closed; sign in again"))
        if standing.must_change_password:
            # Another process may change it meanwhile: who just did so goes on at once.
            self._people.forget(session.id_hash)
        return Access(
            session.username, standing.role.scopes, standing.buildings, standing.spaces, username=session.username,
            address=session.address or None,
            must_change_password=standing.must_change_password and not self._is_for_show(),
        )  # fmt: skip

    def forget(self) -> None:
        """Look everybody up anew."""
        self._tokens.forget()
        self._people.forget()


class _Remembered(Generic[Found]):
    """Answers of a look-up, good for a few seconds; only what exists is remembered."""

    def __init__(self, look_up: Callable[[str], Found | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[Found, float]] = {}

    def __call__(self, key: str) -> Found | None:
        found, until = self._known.get(key, (None, 0.0))
        if found is None or until < time.monotonic():
            try:
                found = self._look_up(key)
            except StoreUnavailable:
                if found is None:
                    raise
            self._remember(key, found)
        return found

    def _remember(self, key: str, found: Found | None) -> None:
        if found is None:
            self._known.pop(key, None)
            return
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = found, time.monotonic() + _REMEMBER_S

    def forget(self, key: str | None = None) -> None:
        if key is None:
            self._known.clear()
        else:
            self._known.pop(key, None)


def digest_of(secret: str) -> str:
    """SHA-256 of a secret, as the stores keep it."""
    return hashlib.sha256(secret.encode()).hexdigest()
