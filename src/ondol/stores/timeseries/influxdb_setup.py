"""Making the database that readings go to, with the retention of the settings and a shard a day."""

from typing import Any

from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S, HOUR_S
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient

SHARD_HOURS = 24


def set_up(client: InfluxDBClient, retention_days: int) -> None:
    """Create the database or bucket, or bring its retention in line; 0 days keep readings for good.

    Safe to run again. Raises StoreUnavailable when InfluxDB is away or does not allow it.
    """
    major = client.version.split(".")[0]
    {"1": _set_up_1, "2": _set_up_2}.get(major, _set_up_3)(client, retention_days)


def set_up_at(url: str, retention_days: int) -> None:
    """`set_up` by URL."""
    address = Address.parse(url)
    client = InfluxDBClient(address)
    try:
        set_up(client, retention_days if address.retention_days is None else address.retention_days)
    finally:
        client.close()


def _set_up_1(client: InfluxDBClient, retention_days: int) -> None:
    address = client.address
    database = address.quoted(address.database)
    duration = f"{retention_days}d" if retention_days else "INF"
    client.query(f"CREATE DATABASE {database}")
    policies = client.query(f"SHOW RETENTION POLICIES ON {database}")[0]
    columns = policies["columns"]
    for policy in (dict(zip(columns, row, strict=True)) for row in policies["values"]):
        wanted = f"{retention_days * 24}h0m0s" if retention_days else "0s"
        shard = f"{SHARD_HOURS}h0m0s"
        if policy["default"] and (policy["duration"], policy["shardGroupDuration"]) != (wanted, shard):
            client.query(
                f"ALTER RETENTION POLICY {address.quoted(policy['name'])} ON {database} DURATION {duration} "
                f"SHARD DURATION {SHARD_HOURS}h DEFAULT"
            )


def _set_up_2(client: InfluxDBClient, retention_days: int) -> None:
    address = client.address
    rule = {
        "type": "expire",
        "everySeconds": retention_days * DAY_S,
        "shardGroupDurationSeconds": SHARD_HOURS * HOUR_S,
    }
    found = client.request("GET", f"/api/v2/buckets?name={address.database}&org={address.org or ''}")["buckets"]
    if not found:
        orgs = client.request("GET", f"/api/v2/orgs?org={address.org or ''}")["orgs"]
        body = {"name": address.database, "orgID": orgs[0]["id"], "retentionRules": [rule]}
        client.request("POST", "/api/v2/buckets", body)
    elif not _has(found[0], rule):
        client.request("PATCH", f"/api/v2/buckets/{found[0]['id']}", {"retentionRules": [rule]})


def _has(bucket: dict[str, Any], rule: dict[str, Any]) -> bool:
    return any(rule.items() <= found.items() for found in bucket.get("retentionRules", []))


def _set_up_3(client: InfluxDBClient, retention_days: int) -> None:
    body = {"db": client.address.database}
    if retention_days:
        body["retention_period"] = f"{retention_days}d"
    try:
        client.request("POST", "/api/v3/configure/database", body)
    except StoreUnavailable as error:
        # 3.x says 409 when it exists and cannot change its retention afterwards.
        if "409" not in str(error):
            raise
