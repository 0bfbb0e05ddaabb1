"""Lists in parts: the cursor is the key of the last item."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from ondol.web.api.shapes.base import Page


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str: ...


Item = TypeVar("Item", bound=Keyed)


def page_of(items: Sequence[Item], page: Page) -> tuple[Sequence[Item], str | None]:
    """The items behind the cursor by key, and the cursor of the next part or None."""
    # Sorted here: a database's own order of letters need not be the one that compares with the cursor.
    rest = sorted((item for item in items if page.cursor is None or item.key > page.cursor), key=lambda item: item.key)
    part = rest[: page.limit]
    return part, part[-1].key if len(rest) > len(part) else None
