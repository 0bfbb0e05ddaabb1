"""PostgreSQL: does it take our user, is the schema there, how many connections are in use?"""

from sqlalchemy import text

from ondol.common.errors import StoreUnavailable
from ondol.database.engine import Database, newest_revision
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport

_ADVICE = {
    "password authentication failed": "correct user and password in ONDOL_DATABASE_URL",
    "no password supplied": "add the password to ONDOL_DATABASE_URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE",
    "does not exist": "create it: sudo -u postgres createdb -O energy_user energy_management",
    "refused": "start it: sudo systemctl start postgresql, and check host and port of ONDOL_DATABASE_URL",
    "resolve": "correct the host of ONDOL_DATABASE_URL",
    "timeout": "check that host and port of ONDOL_DATABASE_URL can be reached from here",
}


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    database = Database(url)
    try:
        with database.read() as connection:
            version = str(connection.scalar(text("show server_version"))).split()[0]
            latency_ms = median_ms(lambda: connection.execute(text("select 1")))
            connections = int(connection.scalar(text("select count(*) from pg_stat_activity")) or 0)
            most = int(connection.scalar(text("show max_connections")) or 0)
        advice = _advice(database.revision(), connections, most)
        return StoreReport(version, latency_ms, None, advice, {"connections": connections, "most_connections": most})
    except StoreUnavailable as error:
        reason = str(error.__cause__ or error)
        return StoreReport(problem=str(error), advice=[what for sign, what in _ADVICE.items() if sign in reason][:1])
    finally:
        database.close()


def _advice(revision: str | None, connections: int, most: int) -> list[str]:
    advice: list[str] = []
    if revision != newest_revision():
        advice.append(f"the schema is at {revision or 'nothing'} and not at {newest_revision()}: ondol db upgrade")
    if connections > 0.9 * most:
        advice.append(f"{connections} of {most} connections are in use: raise max_connections in postgresql.conf")
    return advice
