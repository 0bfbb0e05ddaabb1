"""SQLite: can the file be read, and is there room on its disk?"""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from ondol.common.errors import StoreUnavailable
from ondol.database.engine import Database, newest_revision
from ondol.stores.probes import LEAST_FREE_MB, median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    path = Path(make_url(url).database or "")
    if not path.is_file():
        return StoreReport(problem=f"{path} does not exist", advice=["start Ondol once, it makes it: ondol serve"])
    database = Database(url)
    try:
        with database.read() as connection:
            latency_ms = median_ms(lambda: connection.exec_driver_sql("select 1"))
        advice = disk_advice(path)
        if database.revision() != newest_revision():
            advice.append("the schema is not up to date: ondol db upgrade")
        return StoreReport(sqlite3.sqlite_version, latency_ms, None, advice, {"size_bytes": path.stat().st_size})
    except StoreUnavailable as error:
        return StoreReport(problem=str(error), advice=[f"check the rights of {path}"])
    finally:
        database.close()


def disk_advice(path: Path) -> list[str]:
    """A warning when little room is left where the file is."""
    free_mb = shutil.disk_usage(path.parent).free // 2**20
    return [f"only {free_mb} MB are free at {path.parent}: make room"] if free_mb < LEAST_FREE_MB else []
