"""Redis over TLS: `rediss://`."""

from ondol.stores.cache.redis import open_store

__all__ = ["open_store"]
