"""How many live streams there may be, and how many of them one person or program may hold."""

import threading
from collections import Counter

_SHARE = 4
_LEAST_SHARE = 2


class LivePlaces:
    """Places for streams in this process: a quarter of them, at least two, for each who watches."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.share = max(number // _SHARE, _LEAST_SHARE)
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, who: str) -> int | None:
        """A place is theirs when this is None; else the status of the refusal: 429 when they hold their share, 503 when all are taken."""
        with self._lock:
            if self._held[who] >= self.share:
                return 429
            if self._held.total() >= self._number:
                return 503
            self._held[who] += 1
        return None

    def give_back(self, who: str) -> None:
        with self._lock:
            self._held[who] -= 1
            if self._held[who] <= 0:
                del self._held[who]
