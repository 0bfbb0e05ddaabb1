"""Users and API tokens: making them and checking them."""

import hashlib
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ondol.common.access import Scope
from ondol.common.clock import Clock
from ondol.common.errors import InvalidInput, NotSignedIn, StoreUnavailable
from ondol.people.model import Role, Token, User
from ondol.people.passwords import hash_password
from ondol.people.ports import Accounts

TOKEN_PREFIX = "ondol_"  # noqa: S105  no secret: how a token begins
SHORTEST_PASSWORD = 10
_NAME = re.compile(r"[\w.@-]{2,50}")
_REMEMBER_S = 5.0


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user who was just made; `password` is known only now."""

    user: User
    password: str


def create_user(
    username: str,
    email: str,
    role: Role,
    password: str | None = None,
    *,
    accounts: Accounts,
    clock: Clock,
    actor: str = "command",
) -> NewUser:
    """Add a user; without a password a good one is made. Raises InvalidInput, AlreadyExists."""
    if not _NAME.fullmatch(username):
        raise InvalidInput("a user name has 2 to 50 letters, digits, dots, dashes or underscores")
    if "@" not in email or len(email) > 100:
        raise InvalidInput(f"{email!r} is no e-mail address")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"a password has at least {SHORTEST_PASSWORD} characters")
    password = password or secrets.token_urlsafe(12)
    user = accounts.add_user(username, email, role, hash_password(password))
    accounts.record(clock(), actor, "user created", username)
    return NewUser(user, password)


def create_token(
    name: str,
    scopes: Sequence[Scope],
    buildings: Sequence[str] | None = None,
    *,
    may_register: bool = False,
    accounts: Accounts,
    clock: Clock,
    actor: str = "command",
) -> tuple[Token, str]:
    """Add an API token; its secret is returned here and nowhere else. Raises InvalidInput, AlreadyExists."""
    if not scopes:
        raise InvalidInput("a token needs a scope: read, write or admin")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = accounts.add_token(name, _digest(secret), scopes, buildings, may_register=may_register)
    accounts.record(clock(), actor, "token created", name)
    return token, secret


class TokenCheck:
    """Finds the token of a secret; what was found is remembered for five seconds, so a revoked one ends soon.

    While the database is away a token that was found before stays good.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._known: dict[str, tuple[Token, float]] = {}

    def __call__(self, secret: str) -> Token:
        """Raises NotSignedIn when there is no such token."""
        digest = _digest(secret)
        token, until = self._known.get(digest, (None, 0.0))
        if token is None or until < time.monotonic():
            token = self._look_up(digest, token)
            if token is None:
                self._known.pop(digest, None)
                raise NotSignedIn(
                    "the token is unknown or was revoked; make one with: ondol token create NAME --scope write"
                )
            self._known[digest] = token, time.monotonic() + _REMEMBER_S
        return token

    def _look_up(self, digest: str, remembered: Token | None) -> Token | None:
        try:
            return self._accounts.token(digest)
        except StoreUnavailable:
            # Meters go on writing while the database is away for a while.
            if remembered is None:
                raise
            return remembered

    def forget(self) -> None:
        """Look every token up anew."""
        self._known.clear()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
