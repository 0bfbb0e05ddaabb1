"""Making the database that readings go to, with the retention of the settings and a shard a day.

A retention that is longer than the settings say was made so by somebody: it is shortened only where that is asked for, and where
nobody else keeps readings in the database.
"""

from typing import Any

from ondol.common.errors import StoreUnavailable
from ondol.common.instants import DAY_S, HOUR_S
from ondol.common.retention import Retention
from ondol.stores.timeseries.influxdb_http import Address, InfluxDBClient
from ondol.stores.timeseries.influxdb_lines import MEASUREMENT
from ondol.stores.timeseries.influxdb_touched import MEASUREMENT as TOUCHED

SHARD_HOURS = 24
_UNITS_S = {"w": 7 * DAY_S, "d": DAY_S, "h": HOUR_S, "m": 60, "s": 1}


def set_up(client: InfluxDBClient, retention: Retention, *, may_shorten: bool = False) -> str | None:
    """Create the database or bucket, or bring its retention in line. Returns what was left as it is and why, None for nothing.

    Safe to run again. Raises StoreUnavailable when InfluxDB is away or does not allow it.
    """
    major = client.version.split(".")[0]
    return {"1": _set_up_1, "2": _set_up_2}.get(major, _set_up_3)(client, retention, may_shorten)


def set_up_at(url: str, retention: Retention, *, may_shorten: bool = False) -> str | None:
    """`set_up` by URL."""
    client = InfluxDBClient(Address.parse(url))
    try:
        return set_up(client, retention, may_shorten=may_shorten)
    finally:
        client.close()


def kept_longer(client: InfluxDBClient, retention: Retention) -> str | None:
    """What to say where InfluxDB keeps readings longer than the settings do. Raises StoreUnavailable."""
    if client.version.startswith("1."):
        found = _default_policy(client)
        return None if found is None else _longer(_seconds(found["duration"]), retention)
    if client.version.startswith("2."):
        bucket = find_bucket(client)
        return None if bucket is None else _longer(_kept_s(bucket), retention)
    return None


def _longer(kept_s: int, retention: Retention) -> str | None:
    """A sentence where readings are kept longer (0 seconds: for good) than the settings say."""
    wanted_s = retention.days * DAY_S
    if not wanted_s or 0 < kept_s <= wanted_s:
        return None
    how_long, setting = ("for good", 0) if not kept_s else (f"for {kept_s / DAY_S:g} days", -(-kept_s // DAY_S))
    return (
        f"InfluxDB keeps raw readings {how_long}, the settings say {retention.days} days: set ONDOL_RAW_RETENTION_DAYS={setting}, "
        "or let it drop what is older with: ondol db upgrade --shorten-retention"
    )


def _left_for_others(client: InfluxDBClient) -> str | None:
    """What to say where others keep readings in the database, too: a shorter retention would drop theirs."""
    names = {name for series in client.query("SHOW MEASUREMENTS") for (name, *_) in series.get("values", [])}
    others = sorted(names - {MEASUREMENT, TOUCHED})
    if MEASUREMENT in names and client.query(f"SELECT value FROM {MEASUREMENT} WHERE point = '' LIMIT 1"):  # noqa: S608
        others.insert(0, f"{MEASUREMENT} without the tag point")
    if not others:
        return None
    return (
        f"the retention of InfluxDB is left as it is: others keep readings there, too ({', '.join(others[:5])}), and a shorter one would "
        "drop theirs; let ONDOL_TIMESERIES_URL name a database of its own and ONDOL_ADOPT_URL this one, or shorten it in InfluxDB"
    )


def _set_up_1(client: InfluxDBClient, retention: Retention, may_shorten: bool) -> str | None:
    database = client.address.quoted(client.address.database)
    how = f"DURATION {f'{retention.days}d' if retention.days else 'INF'} SHARD DURATION {SHARD_HOURS}h"
    policy = _default_policy(client)
    if policy is None:
        client.execute(f"CREATE DATABASE {database} WITH {how}")
        return None
    kept_s = _seconds(policy["duration"])
    if (left := _longer(kept_s, retention)) and (not may_shorten or (left := _left_for_others(client))):
        return left
    if (kept_s, _seconds(policy["shardGroupDuration"])) != (retention.days * DAY_S, SHARD_HOURS * HOUR_S):
        client.execute(f"ALTER RETENTION POLICY {client.address.quoted(policy['name'])} ON {database} {how} DEFAULT")
    return None


def _default_policy(client: InfluxDBClient) -> dict[str, Any] | None:
    """The default retention policy of the database; None when there is no such database."""
    names = {name for series in client.query("SHOW DATABASES") for (name,) in series.get("values", [])}
    if client.address.database not in names:
        return None
    (policies,) = client.query(f"SHOW RETENTION POLICIES ON {client.address.quoted(client.address.database)}")
    named = [dict(zip(policies["columns"], row, strict=True)) for row in policies.get("values", [])]
    return next((policy for policy in named if policy["default"]), None)


def _seconds(duration: str) -> int:
    """Of `720h0m0s`."""
    seconds = number = 0
    for sign in duration:
        if sign.isdigit():
            number = number * 10 + int(sign)
        else:
            seconds, number = seconds + number * _UNITS_S.get(sign, 0), 0
    return seconds


def _set_up_2(client: InfluxDBClient, retention: Retention, may_shorten: bool) -> str | None:
    rule = {
        "type": "expire",
        "everySeconds": retention.days * DAY_S,
        "shardGroupDurationSeconds": SHARD_HOURS * HOUR_S,
    }
    bucket = find_bucket(client)
    if bucket is None:
        body = {"name": client.address.database, "orgID": _organisation(client), "retentionRules": [rule]}
        client.request("POST", "/api/v2/buckets", body)
        return None
    if (left := _longer(_kept_s(bucket), retention)) and (not may_shorten or (left := _left_for_others(client))):
        return left
    if not any(rule.items() <= found.items() for found in bucket.get("retentionRules", [])):
        client.request("PATCH", f"/api/v2/buckets/{bucket['id']}", {"retentionRules": [rule]})
    return None


def find_bucket(client: InfluxDBClient) -> dict[str, Any] | None:
    """The bucket (2.x), None where there is none or the token may not see it. Raises StoreUnavailable."""
    address = client.address
    parameters = {"name": address.database, "org": address.org or ""}
    found = client.request("GET", "/api/v2/buckets", parameters=parameters, or_missing=True)
    return next(iter(found["buckets"]), None) if found else None


def _organisation(client: InfluxDBClient) -> str:
    """Its id. Raises StoreUnavailable when there is none of that name, or the token may not see it."""
    org = client.address.org
    if not org:
        raise StoreUnavailable("InfluxDB 2.x needs the organisation: add org=NAME to ONDOL_TIMESERIES_URL")
    found = client.request("GET", "/api/v2/orgs", parameters={"org": org}, or_missing=True)
    if not found or not found["orgs"]:
        raise StoreUnavailable(
            f"InfluxDB knows no organisation {org!r}, or the token of ONDOL_TIMESERIES_URL may not see it; correct org= there, "
            f"or make the bucket {client.address.database!r} yourself and a token that may read and write it"
        )
    return str(found["orgs"][0]["id"])


def _kept_s(bucket: dict[str, Any]) -> int:
    """How long a bucket keeps readings; 0 for good."""
    return max((int(rule.get("everySeconds", 0)) for rule in bucket.get("retentionRules", [])), default=0)


def _set_up_3(client: InfluxDBClient, retention: Retention, may_shorten: bool) -> str | None:
    body = {"db": client.address.database}
    if retention.days:
        body["retention_period"] = f"{retention.days}d"
    try:
        client.request("POST", "/api/v3/configure/database", body)
    except StoreUnavailable as error:
        # 3.x says 409 when it exists and cannot change its retention afterwards.
        if "409" not in str(error):
            raise
    return None
