"""What `ondol init` writes."""

import secrets
from collections.abc import Mapping

USER, DATABASE, ORGANISATION, BUCKET = "energy_user", "energy_management", "energy_org", "energy_data"
ADMINISTRATOR = "admin@energy.com"


def environment(servers: str) -> dict[str, str]:
    """The variables of `.env`: secrets for the servers, and the URLs that Ondol reaches them by."""
    postgresql, influxdb, token, redis = (secrets.token_hex(16) for _ in range(4))
    timeseries = (
        f"influxdb://{USER}:{influxdb}@localhost:8086/{BUCKET}"
        if servers == "apt"
        else f"influxdb://localhost:8086/{BUCKET}?org={ORGANISATION}&token={token}"
    )
    values = {
        "ONDOL_DATABASE_URL": f"postgresql://{USER}:{postgresql}@localhost:5432/{DATABASE}",
        "ONDOL_TIMESERIES_URL": timeseries,
        "ONDOL_CACHE_URL": f"redis://:{redis}@localhost:6379/0",
        "POSTGRES_PASSWORD": postgresql,
        "INFLUXDB_PASSWORD": influxdb,
        "REDIS_PASSWORD": redis,
    }
    if servers == "docker":
        values |= {
            "INFLUXDB_TOKEN": token,
            "PGADMIN_PASSWORD": secrets.token_hex(16),
            "ELASTIC_PASSWORD": secrets.token_hex(16),
            "MINIO_ROOT_PASSWORD": secrets.token_hex(16),
        }
    return values


def apt_setup(values: Mapping[str, str]) -> str:
    """A shell script that makes users, databases and memory limits on Debian's servers; it may run again."""
    return f"""#!/bin/sh
# Sets up PostgreSQL, InfluxDB 1.x and Redis of Debian for Ondol. Run it as root; it may be run again.
set -eu
service postgresql start
service influxdb start

runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 <<'SQL'
do $$ begin
  if not exists (select from pg_roles where rolname = '{USER}') then create role {USER} login; end if;
end $$;
alter role {USER} password '{values["POSTGRES_PASSWORD"]}';
select 'create database {DATABASE} owner {USER} encoding ''UTF8'' template template0'
  where not exists (select from pg_database where datname = '{DATABASE}') \\gexec
SQL

influxql() {{
  curl -fsS -u '{USER}:{values["INFLUXDB_PASSWORD"]}' http://localhost:8086/query --data-urlencode "q=$1" >/dev/null
}}
tries=0
until curl -fsS http://localhost:8086/ping; do
  tries=$((tries + 1)); [ $tries -lt 60 ] || {{ echo "InfluxDB does not answer; start it: service influxdb start" >&2; exit 1; }}
  sleep 1
done
if ! grep -qs '^  auth-enabled = true # Ondol' /etc/influxdb/influxdb.conf; then
  influxql "CREATE USER {USER} WITH PASSWORD '{values["INFLUXDB_PASSWORD"]}' WITH ALL PRIVILEGES"
  sed -i '0,/^\\[http\\]/s//[http]\\n  auth-enabled = true # Ondol\\n  bind-address = "127.0.0.1:8086"/' /etc/influxdb/influxdb.conf
  service influxdb restart
fi

cat > /etc/redis/ondol.conf <<'CONF'
requirepass {values["REDIS_PASSWORD"]}
maxmemory 512mb
maxmemory-policy allkeys-lru
appendonly yes
CONF
chown redis:redis /etc/redis/ondol.conf
chmod 600 /etc/redis/ondol.conf
grep -qs '^include /etc/redis/ondol.conf' /etc/redis/redis.conf || echo 'include /etc/redis/ondol.conf' >> /etc/redis/redis.conf
service redis-server restart
"""  # noqa: S608  a script for psql, with secrets made here
