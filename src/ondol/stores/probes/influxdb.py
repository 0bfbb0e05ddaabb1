"""InfluxDB: does it take our user or token, is the database there with its retention, how many readings does it hold?"""

from typing import Any

from ondol.common.errors import OndolError, StoreUnavailable
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import StoreReport
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient
from ondol.stores.timeseries.influxdb_lines import MEASUREMENT


def probe(url: str) -> StoreReport:
    """See `StoreReport`."""
    client = InfluxDBClient(Address.parse(url))
    try:
        version = client.version
        latency_ms = median_ms(client.ping)
        try:
            counted = client.query(f"SELECT count(value) FROM {MEASUREMENT}")  # noqa: S608
            readings = int(counted[0]["values"][0][1]) if counted else 0
            advice = _retention_advice(client)
        except StoreUnavailable as error:
            missing = "database not found" in str(error)
            return StoreReport(
                version, latency_ms, str(error), ["make the database: ondol db upgrade"] if missing else []
            )
        return StoreReport(version, latency_ms, None, advice, {"readings": readings})
    except OndolError as error:
        return StoreReport(problem=str(error), advice=["start it: sudo systemctl start influxdb"])
    finally:
        client.close()


def _retention_advice(client: InfluxDBClient) -> list[str]:
    if not client.version.startswith("1."):
        return []
    database = client.address.quoted(client.address.database)
    policies = client.query(f"SHOW RETENTION POLICIES ON {database}")[0]
    named: list[dict[str, Any]] = [dict(zip(policies["columns"], row, strict=True)) for row in policies["values"]]
    keeps_for_good = any(policy["default"] and policy["duration"] == "0s" for policy in named)
    if keeps_for_good and client.address.retention_days != 0:
        return ["raw readings are kept for good and will fill the disk: ondol db upgrade sets the retention"]
    return []
