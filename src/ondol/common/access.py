"""x"""

from enum import StrEnum


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
