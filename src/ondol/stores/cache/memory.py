"""The cache in this process; sessions are also written to a small SQLite file, so that a restart signs nobody out."""

import queue
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

_DURABLE = "session:"
_MOST_WAITING = 64
_SWEEP_EVERY = 1000


class MemoryCache:
    """`Cache` in memory. Expiry follows the wall clock, as sessions must over a restart."""

    def __init__(self, path: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._values: dict[str, tuple[bytes, float]] = {}
        self._listeners: dict[str, set[MemorySubscription]] = defaultdict(set)
        self._writes = 0
        self._file = _open(path) if path else None
        if self._file:
            self._values |= {key: (value, until) for key, value, until in self._file.execute("select * from sessions")}

    def get(self, key: str) -> bytes | None:
        value, until = self._values.get(key, (None, 0.0))
        return value if until > self._now() else None

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: value for key in keys if (value := self.get(key)) is not None}

    def set(self, key: str, value: bytes, ttl_s: float) -> None:
        until = self._now() + ttl_s
        with self._lock:
            self._sweep()
            self._values[key] = value, until
            if self._file and key.startswith(_DURABLE):
                self._file.execute("insert or replace into sessions values (?, ?, ?)", [key, value, until])

    def set_many(self, values: Mapping[str, bytes], ttl_s: float) -> None:
        for key, value in values.items():
            self.set(key, value, ttl_s)

    def delete(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._values.pop(key, None)
                if self._file and key.startswith(_DURABLE):
                    self._file.execute("delete from sessions where key = ?", [key])

    def keys(self, prefix: str) -> list[str]:
        now = self._now()
        with self._lock:
            return [key for key, (_, until) in self._values.items() if key.startswith(prefix) and until > now]

    def count(self, key: str, ttl_s: float) -> int:
        with self._lock:
            self._sweep()
            value, until = self._values.get(key, (b"0", 0.0))
            now = self._now()
            number, until = (int(value) + 1, until) if until > now else (1, now + ttl_s)
            self._values[key] = str(number).encode(), until
            return number

    def uncount(self, key: str) -> None:
        with self._lock:
            value, until = self._values.get(key, (b"0", 0.0))
            if until > self._now() and int(value) > 0:
                self._values[key] = str(int(value) - 1).encode(), until

    def publish(self, channel: str, message: bytes) -> None:
        for listener in list(self._listeners.get(channel, ())):
            listener.put(message)

    def subscribe(self, channel: str) -> "MemorySubscription":
        return MemorySubscription(self._listeners[channel])

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _sweep(self) -> None:
        """Forget what has expired, once in many writes."""
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 0:
            now = self._now()
            self._values = {key: item for key, item in self._values.items() if item[1] > now}
            if self._file:
                self._file.execute("delete from sessions where until <= ?", [now])


class MemorySubscription:
    """`Subscription`; holds at most 64 messages."""

    def __init__(self, listeners: "set[MemorySubscription]") -> None:
        self._waiting: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        self._listeners = listeners
        listeners.add(self)

    def put(self, message: bytes) -> None:
        """Add a message, in place of the oldest when there are too many."""
        while True:
            try:
                return self._waiting.put_nowait(message)
            except queue.Full:
                try:
                    self._waiting.get_nowait()
                except queue.Empty:
                    continue

    def next(self, timeout_s: float) -> bytes | None:
        try:
            return self._waiting.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        self._listeners.discard(self)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    connection.execute("pragma journal_mode=wal")
    connection.execute("create table if not exists sessions (key text primary key, value blob, until real)")
    return connection


def open_store(url: str) -> MemoryCache:
    """`memory://` or, with sessions that outlive a restart, `memory:///FILE`"""
    path = urlsplit(url).path[1:]
    return MemoryCache(Path(path) if path else None)
