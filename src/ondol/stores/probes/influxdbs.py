"""Influxdb over TLS."""

from ondol.stores.probes.influxdb import probe

__all__ = ["probe"]
