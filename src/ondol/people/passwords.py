"""Passwords: made and hashed with argon2id, checked in constant time."""

import gzip
import secrets
import threading
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ondol.people.rules import UnfitPassword, fault_of

_TURNS = threading.Semaphore(2)


def make_password() -> str:
    """A password that nobody guesses."""
    return secrets.token_urlsafe(12)


def check_new_password(password: str, *names: str) -> None:
    """Raises UnfitPassword when it is too short, or what is tried first for a person of these names."""
    if fault := fault_of(password, names, common_passwords()):
        raise UnfitPassword(fault)


@cache
def common_passwords() -> frozenset[str]:
    """What people choose most often; the file names its source and licence."""
    text = gzip.decompress((files("ondol.people") / "common_passwords.txt.gz").read_bytes()).decode()
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def hash_password(password: str) -> str:
    """An argon2id hash with the library's current parameters. It takes 64 MB, so that two at a time have their turn."""
    with _TURNS:
        return PasswordHasher().hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash, in the same turns."""
    try:
        with _TURNS:
            return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nothing() -> str:
    return hash_password(secrets.token_urlsafe(16))
