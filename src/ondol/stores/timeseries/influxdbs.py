"""InfluxDB over TLS: `influxdbs://`."""

from ondol.stores.timeseries.influxdb import open_store

__all__ = ["open_store"]
