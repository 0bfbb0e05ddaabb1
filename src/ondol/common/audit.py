"""The record of who did what to what, from where."""

from typing import Protocol

from ondol.common.access import Access


class Audit(Protocol):
    """Lines are added and never changed. Guarantee: a line is durable when `record` returns."""

    def record(self, access: Access, action: str, subject: str | None = None) -> None:
        """Note what `access.who` did from `access.address`."""
        ...
