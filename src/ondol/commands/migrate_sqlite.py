"""`ondol migrate-sqlite`: an embedded installation, or a file with the guide's tables, moves to PostgreSQL and InfluxDB."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ondol.config import Settings
    from ondol.readings.ports import TimeSeries


def migrate(
    source: Annotated[Path, typer.Option("--from", help="Home folder of an embedded installation, or a SQLite file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move; write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Move an embedded installation to the PostgreSQL and InfluxDB of the settings; the source is never changed.

    It may be stopped at any point and started again. At the end both sides are compared, row by row and reading by reading.
    """
    from ondol.commands.settings import command_settings
    from ondol.common.errors import WrongConfiguration
    from ondol.moving.sql.copy_tables import tables_of
    from ondol.moving.sql.guide_tables import is_guide_file

    settings = command_settings()
    if not settings.database.startswith("postgresql"):
        raise WrongConfiguration("ONDOL_DATABASE_URL has to name the PostgreSQL to move to; `ondol init` writes it")
    original = source / "ondol.sqlite" if source.is_dir() else source
    with _unchanging(original) as file:
        tables_of(file)
        if is_guide_file(file):
            report = _take_guide_file(original, file, settings, dry_run=dry_run)
        else:
            report = _move_installation(original, file, settings, dry_run=dry_run, quiet=json)
    _print(report, dry_run=dry_run, json=json)
    if not report["ok"]:
        raise typer.Exit(1)


def _take_guide_file(original: Path, file: Path, settings: "Settings", *, dry_run: bool) -> dict[str, Any]:
    from ondol.database.engine import Database
    from ondol.history.sql.records import RelationalHistory
    from ondol.moving.sql.guide_tables import take_in
    from ondol.sites.sql import RelationalDirectory

    database = Database(settings.database)
    if not dry_run:
        database.upgrade()
        _claim(original, file, database)
    found = take_in(file, database, RelationalDirectory(database), RelationalHistory(database), dry_run=dry_run)
    database.close()
    return {"ok": found.ok and not found.refused, **asdict(found)}


def _move_installation(
    original: Path, file: Path, settings: "Settings", *, dry_run: bool, quiet: bool
) -> dict[str, Any]:
    from ondol.common.errors import WrongConfiguration
    from ondol.database.engine import Database
    from ondol.moving.sql import copy_tables as tables

    if not settings.timeseries.startswith("influxdb"):
        raise WrongConfiguration("ONDOL_TIMESERIES_URL has to name the InfluxDB to move to; `ondol init` writes it")
    _refuse_running(original, settings)
    database, found = Database(settings.database), tables.tables_of(file)
    if dry_run:
        return {
            "ok": True,
            "tables": [t.name for t in found],
            **_readings_report(original.parent, file, settings, None, quiet=quiet),
        }
    database.upgrade()
    _claim(original, file, database)
    with _progress(quiet=quiet) as progress:
        for table in found:
            if tables.note(database, f"table.{table.name}") is None:
                tables.copy_table(table, file, database, progress)
                tables.note(database, f"table.{table.name}", "done")
        tables.set_sequences(database, found)
        reports = [tables.compare_table(table, file, database) for table in found]
    readings = _readings_report(original.parent, file, settings, database, quiet=quiet)
    database.close()
    ok = all(report.ok for report in reports) and all(point["ok"] for point in readings["points"])
    return {"ok": ok, "tables": [{"ok": report.ok, **asdict(report)} for report in reports], **readings}


def _readings_report(home: Path, file: Path, settings: "Settings", database: Any, *, quiet: bool) -> dict[str, Any]:
    """Move the raw readings that the target keeps, and compare; without a database only say what there is."""
    from datetime import UTC, datetime, timedelta

    from ondol.common.instants import epoch_us
    from ondol.moving.move_readings import compare_point, forget_aggregated, move_point, readings_before
    from ondol.moving.sql.copy_tables import note, point_ids

    ids = point_ids(file)
    now = datetime.now(UTC)
    start_us = epoch_us(now - timedelta(days=max(settings.raw_retention_days - 1, 1)))
    end_us = epoch_us(now + timedelta(days=1))
    with _copied_readings(home) as source:
        left = readings_before(ids, start_us, source)
        if database is None:
            return {"readings": source.status().readings, "readings_left_as_intervals": left, "points": []}
        with _target(settings, database) as target, _progress(quiet=quiet) as progress:
            for n, point_id in enumerate(ids, 1):
                if note(database, f"readings.{point_id}") is None:
                    move_point(point_id, start_us, end_us, source, target)
                    note(database, f"readings.{point_id}", "done")
                progress("readings of points", n, len(ids))
            forget_aggregated(source, target)
            moves = [compare_point(point_id, start_us, end_us, source, target) for point_id in ids]
    return {
        "readings": sum(move.source for move in moves),
        "readings_left_as_intervals": left,
        "points": [{"ok": move.ok, **asdict(move)} for move in moves],
    }


@contextmanager
def _unchanging(file: Path) -> "Generator[Path]":
    """The file, or a copy of it where a killed process has left a log that opening it would write back."""
    import shutil
    import tempfile

    log = file.with_name(file.name + "-wal")
    if not log.is_file() or not log.stat().st_size:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="ondol-migrate-") as folder:
        for path in (file, log):
            shutil.copy2(path, folder)
        copy = Path(folder) / file.name
        _settle(copy)
        yield copy


def _settle(copy: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(copy)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


@contextmanager
def _target(settings: "Settings", database: Any) -> "Generator[TimeSeries]":
    from ondol.readings.ports import StoreContext
    from ondol.sites.sql import RelationalDirectory
    from ondol.stores.timeseries.influxdb import open_store

    directory = RelationalDirectory(database)
    settings.home.mkdir(parents=True, exist_ok=True)
    context = StoreContext(settings.home, directory.points_by_id, settings.raw_retention_days, settings.spool_mb)
    store = open_store(settings.timeseries, context)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _copied_readings(home: Path) -> "Generator[TimeSeries]":
    """The raw readings in a copy: opening them would settle their journal, and the source must stay as it is."""
    import shutil
    import tempfile

    from ondol.stores.timeseries.duckdb import DuckDBTimeSeries

    with tempfile.TemporaryDirectory(prefix="ondol-migrate-") as folder:
        for path in home.glob("readings.duckdb*"):
            if path.is_dir():
                shutil.copytree(path, Path(folder) / path.name)
            else:
                shutil.copy2(path, folder)
        store = DuckDBTimeSeries(Path(folder) / "readings.duckdb")
        try:
            yield store
        finally:
            store.close()


def _refuse_running(file: Path, settings: "Settings") -> None:
    from ondol.commands.running_server import find_server
    from ondol.common.errors import StoreUnavailable

    server = find_server(settings.model_copy(update={"home": file.parent}))
    if server is not None:
        server.close()
        raise StoreUnavailable(f"a server runs on {file.parent}; stop it first, so that nothing changes while it moves")


def _claim(original: Path, file: Path, database: Any) -> None:
    """Note in the target where its data comes from. Raises AlreadyExists when it holds other data."""
    from ondol.common.errors import AlreadyExists
    from ondol.moving.sql.copy_tables import note, rows_in_target, tables_of

    origin = str(original.resolve())
    before = note(database, "source")
    if before not in (None, origin) or (before is None and rows_in_target(database, tables_of(file))):
        raise AlreadyExists("the target holds other data already; name an empty database in ONDOL_DATABASE_URL")
    note(database, "source", origin)


@contextmanager
def _progress(*, quiet: bool) -> "Generator[Any]":
    if quiet:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done)

        yield advance


def _print(report: dict[str, Any], *, dry_run: bool, json: bool) -> None:
    if json:
        import orjson

        typer.echo(orjson.dumps(report).decode())
        return
    for table in report.get("tables", []):
        if isinstance(table, dict):
            typer.echo(f"{table['table']}: {table['source_rows']:,} rows, {'equal' if table['ok'] else 'NOT EQUAL'}")
    for name, rows in report.get("rows", {}).items():
        typer.echo(f"{name}: {rows:,} rows")
    for refusal in report.get("refused", []):
        typer.echo(f"not taken: {refusal}", err=True)
    if "readings" in report:
        wrong = [point for point in report["points"] if not point["ok"]]
        typer.echo(f"{report['readings']:,} raw readings, {len(wrong)} points not equal")
        typer.echo(f"{report['readings_left_as_intervals']:,} older ones stay as intervals only")
    typer.echo(
        "dry run: nothing was written" if dry_run else "verified" if report["ok"] else "NOT VERIFIED; run it again"
    )
