"""One contract for every cache adapter: the guarantees of ports/cache.py."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from tests.conftest import NOW, SetClock

from ondol.common.cache import Cache
from ondol.stores.cache.memory import MemoryCache
from ondol.stores.cache.redis import open_store

OpenCache = Callable[[], Cache]


class PassingTime:
    """Lets time pass for a cache: the clock of the one in memory is moved, Redis' keys are brought nearer to their end."""

    def __init__(self, clock: SetClock, redis: Redis | None) -> None:
        self._clock, self._redis = clock, redis

    def forward(self, seconds: float) -> None:
        self._clock.forward(seconds=seconds)
        if self._redis is not None:
            for key in list(self._redis.scan_iter()):
                self._redis.pexpire(key, self._redis.pttl(key) - int(seconds * 1000))


@pytest.fixture(params=["memory", "redis"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def url(request: pytest.FixtureRequest, backend: str) -> str:
    return request.getfixturevalue("server_urls")()["cache_url"] if backend == "redis" else ""


@pytest.fixture
def passing(url: str, clock: SetClock) -> Iterator[PassingTime]:
    redis = Redis.from_url(url) if url else None
    yield PassingTime(clock, redis)
    if redis is not None:
        redis.close()


@pytest.fixture
def open_cache(url: str, tmp_path: Path, clock: SetClock) -> Iterator[OpenCache]:
    """Opens the same cache again and again, as restarts do."""
    opened: list[Cache] = []

    def open_one() -> Cache:
        in_memory = MemoryCache(tmp_path / "sessions.sqlite", lambda: clock().timestamp()) if not url else None
        opened.append(in_memory or open_store(url))
        return opened[-1]

    yield open_one
    for cache in opened:
        cache.close()


@pytest.fixture
def cache(open_cache: OpenCache) -> Cache:
    return open_cache()


def test_a_value_is_there_until_its_time_to_live_is_over(cache: Cache, passing: PassingTime) -> None:
    cache.set("cache:a", b"1", 60)
    passing.forward(59)
    assert cache.get("cache:a") == b"1"
    passing.forward(1)
    assert cache.get("cache:a") is None
    assert cache.keys("cache:") == []


def test_setting_again_replaces_value_and_time_to_live(cache: Cache, passing: PassingTime) -> None:
    cache.set("cache:a", b"1", 10)
    cache.set("cache:a", b"\x00\xff", 100)
    passing.forward(50)
    assert cache.get("cache:a") == b"\x00\xff"


def test_deleting_takes_what_is_named_and_nothing_else(cache: Cache) -> None:
    for key in ("cache:a", "cache:b", "session:c"):
        cache.set(key, b"1", 60)
    cache.delete("cache:a", "session:c", "cache:never")
    assert cache.keys("") == ["cache:b"]
    assert cache.get("session:c") is None


def test_keys_are_those_with_the_prefix(cache: Cache) -> None:
    for key in ("session:1", "session:2", "sessions", "cache:session:3"):
        cache.set(key, b"", 60)
    assert sorted(cache.keys("session:")) == ["session:1", "session:2"]


def test_a_counter_lives_from_its_first_call(cache: Cache, passing: PassingTime) -> None:
    assert [cache.count("attempts:a", 60) for _ in range(3)] == [1, 2, 3]
    passing.forward(59)
    assert cache.count("attempts:a", 60) == 4
    passing.forward(1)
    assert cache.count("attempts:a", 60) == 1
    assert cache.count("attempts:b", 60) == 1


def test_what_was_counted_is_taken_back(cache: Cache, passing: PassingTime) -> None:
    cache.uncount("attempts:a")
    assert cache.get("attempts:a") is None
    cache.count("attempts:a", 60)
    cache.uncount("attempts:a")
    cache.uncount("attempts:a")
    assert cache.count("attempts:a", 60) == 1
    passing.forward(60)
    cache.uncount("attempts:a")
    assert cache.count("attempts:a", 60) == 1


def test_many_threads_count_every_time(cache: Cache) -> None:
    threads = [threading.Thread(target=lambda: [cache.count("attempts:a", 60) for _ in range(200)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.count("attempts:a", 60) == 1601


def test_sessions_outlive_a_restart_and_end_in_time(open_cache: OpenCache, passing: PassingTime) -> None:
    first = open_cache()
    first.set("session:kept", b"kim", 60)
    first.set("session:ended", b"lee", 60)
    first.delete("session:ended")
    first.close()
    second = open_cache()
    assert second.get("session:kept") == b"kim"
    assert second.get("session:ended") is None
    second.close()
    passing.forward(60)
    assert open_cache().get("session:kept") is None


def test_many_values_in_one_go(cache: Cache, passing: PassingTime) -> None:
    cache.set_many({f"latest:{n}": b"%d" % n for n in range(100)}, 60)
    assert cache.get_many(["latest:7", "latest:99", "latest:never"]) == {"latest:7": b"7", "latest:99": b"99"}
    assert cache.get_many([]) == {}
    cache.set_many({}, 60)
    passing.forward(60)
    assert cache.get_many([f"latest:{n}" for n in range(100)]) == {}


def test_a_prefix_is_taken_as_it_is_written(cache: Cache) -> None:
    for key in ("cache:[ab]*?", "cache:a", "cache:b"):
        cache.set(key, b"", 60)
    assert cache.keys("cache:[ab]*") == ["cache:[ab]*?"]


def test_messages_reach_every_open_subscription_in_order(cache: Cache) -> None:
    cache.publish("live:a", b"before")
    one, two, other = cache.subscribe("live:a"), cache.subscribe("live:a"), cache.subscribe("live:b")
    for message in (b"1", b"2", b"3"):
        cache.publish("live:a", message)
    assert [one.next(1) for _ in range(3)] == [b"1", b"2", b"3"]
    assert [two.next(1) for _ in range(3)] == [b"1", b"2", b"3"]
    assert one.next(0.001) is None
    assert other.next(0.001) is None


def test_a_closed_subscription_hears_no_more(cache: Cache) -> None:
    closed, still_open = cache.subscribe("live:a"), cache.subscribe("live:a")
    closed.close()
    cache.publish("live:a", b"1")
    assert still_open.next(1) == b"1"
    assert closed.next(0.001) is None


def test_who_listens_too_slowly_loses_the_oldest(cache: Cache) -> None:
    slow = cache.subscribe("live:a")
    for number in range(1000):
        cache.publish("live:a", b"%d" % number)
    heard = []
    while (message := slow.next(0.001)) is not None:
        heard.append(int(message))
    assert heard[-1] == 999
    assert heard == list(range(1000 - len(heard), 1000))


def test_what_has_expired_is_swept_out_by_writing_and_counting(clock: SetClock) -> None:
    cache = MemoryCache(now=lambda: clock().timestamp())
    for number in range(900):
        cache.count(f"attempts:{number}", 1)
    clock.forward(seconds=1)
    for number in range(200):
        cache.count(f"later:{number}", 60)
    assert len(cache._values) == 200
    assert clock() > NOW
