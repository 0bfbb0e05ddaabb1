"""InfluxDB: does it take our user or token, is the database there with its retention, how many readings does it hold?"""

from ondol.common.errors import OndolError, StoreUnavailable
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient
from ondol.stores.timeseries.influxdb_lines import MEASUREMENT
from ondol.stores.timeseries.influxdb_setup import kept_longer


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    client = InfluxDBClient(Address.parse(url))
    try:
        version = client.version
        latency_ms = median_ms(client.ping)
        try:
            counted = client.query(f"SELECT count(value) FROM {MEASUREMENT}")  # noqa: S608
            readings = int(counted[0]["values"][0][1]) if counted else 0
            longer = kept_longer(client, context.retention)
        except StoreUnavailable as error:
            missing = "database not found" in str(error)
            return StoreReport(
                version, latency_ms, str(error), ["make the database: ondol db upgrade"] if missing else []
            )
        return StoreReport(version, latency_ms, None, [longer] if longer else [], {"readings": readings})
    except OndolError as error:
        return StoreReport(problem=str(error), advice=["start it: sudo systemctl start influxdb"])
    finally:
        client.close()
