"""Servers that are away: who asks is told at once instead of waiting for the same silence again."""

import time
from collections.abc import Callable
from typing import TypeVar

from ondol.common.errors import StoreUnavailable

_Answer = TypeVar("_Answer")


class Breaker:
    """Calls one server. After a failure calls are refused for a moment, without asking; then the next one finds out.

    Safe to use from many threads.
    """

    def __init__(
        self, refuse_for_s: float, failures: tuple[type[Exception], ...], sentence: Callable[[str], str]
    ) -> None:
        """`failures` say that the server is away; `sentence` makes what the user reads of the reason."""
        self._refuse_for_s = refuse_for_s
        self._failures = failures
        self._sentence = sentence
        self._away_until = 0.0

    def ask(self, call: Callable[[], _Answer]) -> _Answer:
        """What the call gives. Raises StoreUnavailable when it fails, or failed a moment ago."""
        if time.monotonic() < self._away_until:
            raise StoreUnavailable(self._sentence("it did not answer a moment ago"))
        try:
            return call()
        except self._failures as error:
            raise self.failed(error) from error

    def failed(self, error: Exception) -> StoreUnavailable:
        """Refuse calls from now on for the moment; returns what to raise."""
        self._away_until = time.monotonic() + self._refuse_for_s
        return StoreUnavailable(self._sentence(str(error) or type(error).__name__))
