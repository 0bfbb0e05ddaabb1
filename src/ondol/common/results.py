"""Results that are asked for again and again, kept in the cache until what they were made from changes.

A scope (a building) has a version; whoever writes drops it, and with it everything that was kept under it. While the cache is
away everything is computed.
"""

import contextlib
import secrets
from collections.abc import Callable

from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S

KEPT_FOR_S = 60.0
"""A writer that dies between its commit and the forgetting leaves a stale result for no longer than this."""


class Results:
    """Keeps results by kind, scope and question, as `cache:{kind}:{scope}:...`."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def remember(self, kind: str, scope: str, question: str, compute: Callable[[], bytes]) -> bytes:
        """The kept answer, or the computed one, which is then kept."""
        try:
            version = self._version(kind, scope)
            key = f"cache:{kind}:{scope}:{version}:{question}"
            kept = self._cache.get(key)
        except StoreUnavailable:
            return compute()
        if kept is not None:
            return kept
        answer = compute()
        with contextlib.suppress(StoreUnavailable):
            self._cache.set(key, answer, KEPT_FOR_S)
        return answer

    def forget(self, kind: str, *scopes: str) -> None:
        """Let everything that was kept in the scopes be computed anew; call it after the write is committed."""
        with contextlib.suppress(StoreUnavailable):
            self._cache.delete(*(f"cache:{kind}_version:{scope}" for scope in scopes))

    def _version(self, kind: str, scope: str) -> str:
        key = f"cache:{kind}_version:{scope}"
        version = self._cache.get(key)
        if version is None:
            # Read before anything is computed: a write in between makes the answer one that nobody finds.
            version = secrets.token_hex(8).encode()
            self._cache.set(key, version, DAY_S)
        return version.decode()
