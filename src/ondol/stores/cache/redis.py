"""The cache in Redis, shared by every process of an installation."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from ondol.common.errors import StoreUnavailable
from ondol.stores.breaker import Breaker

LEAST_MEMORY_MB = 512
POLICY = "allkeys-lru"
_CONNECT_TIMEOUT_S, _TIMEOUT_S = 1.0, 2.0
_REFUSE_FOR_S = 1.0
_MOST_WAITING = 64
_COUNT = """local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return n"""
_UNCOUNT = """if tonumber(redis.call('get', KEYS[1]) or 0) > 0 then redis.call('decr', KEYS[1]) end"""
_SET_MANY = """for n, key in ipairs(KEYS) do redis.call('set', key, ARGV[n + 1], 'px', ARGV[1]) end"""
_log = structlog.get_logger()


class RedisCache:
    """`Cache` on Redis. While Redis is away every call raises StoreUnavailable, at once for a second after a failure."""

    def __init__(self, url: str) -> None:
        """Nothing is connected before the first use."""
        self._address = f"{urlsplit(url).hostname}:{urlsplit(url).port or 6379}"
        self._redis: Any = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_TIMEOUT_S,
            socket_timeout=_TIMEOUT_S,
            health_check_interval=10,
            max_connections=256,
        )
        self._count = self._redis.register_script(_COUNT)
        self._uncount = self._redis.register_script(_UNCOUNT)
        self._set_many = self._redis.register_script(_SET_MANY)
        self._breaker = Breaker(_REFUSE_FOR_S, (RedisError,), self._away)

    def get(self, key: str) -> bytes | None:
        return self._ask(lambda: self._redis.get(key))

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        wanted = list(keys)
        if not wanted:
            return {}
        values = self._ask(lambda: self._redis.mget(wanted))
        return {key: value for key, value in zip(wanted, values, strict=True) if value is not None}

    def set(self, key: str, value: bytes, ttl_s: float) -> None:
        self._ask(lambda: self._redis.set(key, value, px=_ms(ttl_s)))

    def set_many(self, values: Mapping[str, bytes], ttl_s: float) -> None:
        if values:
            # One command instead of one for each key: each serving process does this twice a second.
            self._ask(lambda: self._set_many(keys=list(values), args=[_ms(ttl_s), *values.values()]))

    def delete(self, *keys: str) -> None:
        if keys:
            self._ask(lambda: self._redis.delete(*keys))

    def keys(self, prefix: str) -> list[str]:
        pattern = "".join(f"\\{sign}" if sign in "*?[]\\^" else sign for sign in prefix) + "*"
        found = self._ask(lambda: set(self._redis.scan_iter(pattern, count=1000)))
        return [key.decode() for key in found]

    def count(self, key: str, ttl_s: float) -> int:
        return int(self._ask(lambda: self._count(keys=[key], args=[_ms(ttl_s)])))

    def uncount(self, key: str) -> None:
        self._ask(lambda: self._uncount(keys=[key]))

    def publish(self, channel: str, message: bytes) -> None:
        self._ask(lambda: self._redis.publish(channel, message))

    def subscribe(self, channel: str) -> "RedisSubscription":
        def begin() -> PubSub:
            listener = self._redis.pubsub(ignore_subscribe_messages=False)
            listener.subscribe(channel)
            # Messages count from the moment that Redis has confirmed.
            listener.get_message(timeout=_TIMEOUT_S)
            return listener

        return RedisSubscription(self._ask(begin), self._breaker.failed)

    def server(self) -> tuple[str, int]:
        """Version and memory in use (bytes). Raises StoreUnavailable."""
        information = self._ask(lambda: self._redis.info())
        return str(information["redis_version"]), int(information["used_memory"])

    def advice(self) -> list[str]:
        """What is set other than the guide asks, each with the command that mends it. Raises StoreUnavailable."""
        memory = self._ask(lambda: self._redis.info("memory"))
        advice: list[str] = []
        if not 0 < LEAST_MEMORY_MB * 2**20 <= int(memory["maxmemory"]):
            advice.append(
                f"Redis has no limit of {LEAST_MEMORY_MB} MB or more: redis-cli config set maxmemory {LEAST_MEMORY_MB}mb"
            )
        if memory["maxmemory_policy"] != POLICY:
            advice.append(
                f"Redis drops keys by {memory['maxmemory_policy']}: redis-cli config set maxmemory-policy {POLICY}"
            )
        return advice

    def close(self) -> None:
        self._redis.close()

    def _ask(self, call: Callable[[], Any]) -> Any:
        return self._breaker.ask(call)

    def _away(self, reason: str) -> str:
        return f"Redis at {self._address} cannot be used ({reason}); start it, or check ONDOL_CACHE_URL"


class RedisSubscription:
    """`Subscription` on a connection of its own. `next` raises StoreUnavailable when the connection is gone."""

    def __init__(self, listener: PubSub, unavailable: Callable[[Exception], StoreUnavailable]) -> None:
        self._listener: Any = listener
        self._unavailable = unavailable
        self._waiting: list[bytes] = []
        self._closed = False

    def next(self, timeout_s: float) -> bytes | None:
        if self._closed:
            return None
        self._take(0.0)
        until = time.monotonic() + timeout_s
        while not self._waiting and (left_s := until - time.monotonic()) > 0:
            self._take(left_s)
        return self._waiting.pop(0) if self._waiting else None

    def close(self) -> None:
        self._closed = True
        self._listener.close()

    def _take(self, timeout_s: float) -> None:
        """Everything that has arrived; the oldest are dropped when the listener is too slow."""
        try:
            while (message := self._listener.get_message(timeout=timeout_s)) is not None:
                timeout_s = 0.0
                if message["type"] == "message":
                    self._waiting.append(message["data"])
        except (RedisError, OSError, ValueError) as error:
            raise self._unavailable(error) from error
        del self._waiting[:-_MOST_WAITING]


def _ms(ttl_s: float) -> int:
    return max(int(ttl_s * 1000), 1)


def open_store(url: str) -> RedisCache:
    """`redis://:PASSWORD@HOST:6379/0`; `rediss://` for TLS."""
    cache = RedisCache(url)
    try:
        for advice in cache.advice():
            _log.warning(advice)
    except StoreUnavailable as error:
        _log.warning("the cache is away; Ondol goes on without it", reason=str(error))
    return cache
