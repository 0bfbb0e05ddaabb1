"""What the chain costs: a record, a sign-in, a page of the list and a look at all records, on SQLite and PostgreSQL."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert
from tests.servers import PostgreSQL, Servers

from benchmarks.measure import Figure, median_ms
from ondol.audit import AuditQuestion, AuditTrail
from ondol.audit.model import NOTHING, Deed
from ondol.audit.rules import hash_of
from ondol.audit.sql import SqlAudit
from ondol.audit.tables import AuditChainRow, AuditRow
from ondol.common.access import SYSTEM
from ondol.common.clock import system_clock
from ondol.database.engine import Database
from ondol.people.passwords import hash_of_nothing, verify_password

MANY = 100_000
THREADS, EACH = 8, 50


def run() -> list[Figure]:
    """Both databases."""
    servers = Servers()
    try:
        with tempfile.TemporaryDirectory() as folder:
            server = servers.start("postgresql")
            assert isinstance(server, PostgreSQL)
            server.run("create database audit")
            urls = {"SQLite": f"sqlite:///{Path(folder) / 'audit.sqlite'}", "PostgreSQL": server.url_of("audit")}
            return [figure for name, url in urls.items() for figure in _measured(name, url)]
    finally:
        servers.stop()


def _measured(name: str, url: str) -> list[Figure]:
    database = Database(url)
    database.upgrade()
    _fill(database)
    audit = SqlAudit(database, system_clock)
    trail = AuditTrail(audit, None, system_clock, 730)
    number = iter(range(10 * MANY, 20 * MANY))

    def record() -> None:
        audit.record(SYSTEM, "signed in")

    def plain() -> None:
        row = {"occurred_at": datetime.now(UTC), "actor": "x", "action": "x", "number": -next(number), "hash": NOTHING}
        with database.write() as connection:
            connection.execute(insert(AuditRow).values(row))

    hash_of_nothing()
    password = median_ms(lambda: verify_password(hash_of_nothing(), "x"), 20)
    found = [
        Figure(
            f"a record, {name}", median_ms(record, 300), "ms", "the same row without a chain", median_ms(plain, 300)
        ),
        Figure(
            f"records of 8 threads, {name}", _together(record), "1/s", "the same rows without a chain", _together(plain)
        ),
        Figure(f"a record, {name}", median_ms(record, 300), "ms", "the password of a sign-in", password),
    ]
    rare = AuditQuestion(who="nobody")
    listed = median_ms(lambda: trail.records(SYSTEM, AuditQuestion()), 20)
    found.append(
        Figure(
            f"100 of {MANY:,} records, {name}",
            listed,
            "ms",
            "a filter that none passes",
            median_ms(lambda: trail.records(SYSTEM, rare), 5),
        )
    )
    with database.write() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.number < 0))
    assert trail.verify(SYSTEM).ok
    verified = median_ms(lambda: trail.verify(SYSTEM), 1)
    hashed = median_ms(lambda: [hash_of(NOTHING, n, _deed(n)) for n in range(MANY)], 1)
    found.append(Figure(f"{MANY:,} records looked through, {name}", verified, "ms", "their hashes alone", hashed))
    database.close()
    return found


def _together(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(lambda: [action() for _ in range(EACH)]) for _ in range(THREADS)]:
            done.result()
    return THREADS * EACH / (time.perf_counter() - started)


def _fill(database: Database) -> None:
    previous, rows = NOTHING, list[dict[str, object]]()
    for number in range(1, MANY + 1):
        deed = _deed(number)
        previous = hash_of(previous, number, deed)
        rows.append(
            {
                "occurred_at": deed.at,
                "actor": deed.who,
                "address": deed.address,
                "action": deed.action,
                "number": number,
                "hash": previous,
            }
        )
    state = {"id": 1, "last_number": MANY, "last_hash": previous, "dropped_number": 0, "dropped_hash": NOTHING}
    with database.write() as connection:
        connection.execute(insert(AuditRow), rows)
        connection.execute(insert(AuditChainRow).values(state))


def _deed(number: int) -> Deed:
    at = datetime(2026, 1, 1, number % 24, number % 60, tzinfo=UTC)
    return Deed(at=at, who=f"user{number % 50}", address="192.0.2.1", action="signed in", subject=None)
