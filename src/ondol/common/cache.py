"""What is quick to reach and may expire: sessions, cached results, counters, and messages to who listens now."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Subscription(Protocol):
    """Messages of one channel since it was opened; the oldest are dropped when the listener is too slow."""

    def next(self, timeout_s: float) -> bytes | None:
        """The next message, or None when none came in time. Raises StoreUnavailable when none can come any more."""
        ...

    def close(self) -> None: ...


class Cache(Protocol):
    """Values by key with a time to live. Keys are spelled as in the guide: `session:*`, `cache:*`, `notification:*`.

    Guarantees: a value is gone after its time to live; sessions outlive a restart; messages reach every subscription that is
    open when they are published, in order. Safe to call from many threads. While the cache is away every call raises
    StoreUnavailable, soon; a later call finds it when it is back.
    """

    def get(self, key: str) -> bytes | None: ...

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of the keys that live, in one round trip."""
        ...

    def set(self, key: str, value: bytes, ttl_s: float) -> None: ...

    def set_many(self, values: Mapping[str, bytes], ttl_s: float) -> None:
        """Set all of them, in one round trip."""
        ...

    def delete(self, *keys: str) -> None: ...

    def keys(self, prefix: str) -> list[str]:
        """Living keys that begin with the prefix."""
        ...

    def count(self, key: str, ttl_s: float) -> int:
        """Add one to a counter and return it; its time to live begins with the first call."""
        ...

    def uncount(self, key: str) -> None:
        """Take one back that `count` added; a counter that has gone meanwhile stays gone."""
        ...

    def publish(self, channel: str, message: bytes) -> None: ...

    def subscribe(self, channel: str) -> Subscription: ...

    def close(self) -> None: ...
