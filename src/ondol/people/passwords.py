"""Passwords: made and hashed with argon2id, checked in constant time."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ondol.people.rules import UnfitPassword, fault_of

_TURNS = threading.Semaphore(2)


def make_password() -> str:
    """A password that nobody guesses."""
    return secrets.token_urlsafe(12)


def check_new_password(password: str) -> None:
    """Raises UnfitPassword."""
    if fault := fault_of(password):
        raise UnfitPassword(fault)


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters."""
    return PasswordHasher().hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash. Each check takes 64 MB, so that two at a time have their turn."""
    try:
        with _TURNS:
            return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nothing() -> str:
    return hash_password(secrets.token_urlsafe(16))
