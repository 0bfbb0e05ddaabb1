"""Redis: does it take our password, and is its memory set as the guide asks?"""

from ondol.common.errors import StoreUnavailable
from ondol.stores.cache.redis import RedisCache
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport

_ADVICE = {
    "refused": "start it: sudo systemctl start redis-server",
    "password": "correct the password in ONDOL_CACHE_URL: redis://:PASSWORD@HOST:6379/0",
    "Authentication": "add the password to ONDOL_CACHE_URL: redis://:PASSWORD@HOST:6379/0",
    "name": "correct the host of ONDOL_CACHE_URL",
}


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    cache = RedisCache(url)
    try:
        version, memory_bytes = cache.server()
        latency_ms = median_ms(lambda: cache.get("cache:ping"))
        return StoreReport(version, latency_ms, None, cache.advice(), {"memory_bytes": memory_bytes})
    except StoreUnavailable as error:
        return StoreReport(
            problem=str(error), advice=[what for sign, what in _ADVICE.items() if sign in str(error)][:1]
        )
    finally:
        cache.close()
