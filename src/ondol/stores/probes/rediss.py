"""Redis over TLS."""

from ondol.stores.probes.redis import probe

__all__ = ["probe"]
