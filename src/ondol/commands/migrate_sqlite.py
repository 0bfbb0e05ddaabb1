"""`ondol migrate-sqlite`: an embedded installation, or a file with the guide's tables, moves to PostgreSQL and InfluxDB."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ondol.config import Settings
    from ondol.moving import Progress


def migrate(
    source: Annotated[Path, typer.Option("--from", help="Home folder of an embedded installation, or a SQLite file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move; write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Move an embedded installation to the PostgreSQL and InfluxDB of the settings; the source is never changed.

    It may be stopped at any point and started again. At the end both sides are compared, row by row and reading by reading.
    """
    from ondol.bootstrap import open_moving
    from ondol.commands.settings import command_settings
    from ondol.common.errors import WrongConfiguration
    from ondol.common.store_urls import scheme_of

    settings = command_settings()
    if scheme_of(settings.database) != "postgresql":
        raise WrongConfiguration("ONDOL_DATABASE_URL has to name the PostgreSQL to move to; `ondol init` writes it")
    original = source / "ondol.sqlite" if source.is_dir() else source
    _refuse_running(original, settings)
    with open_moving(settings) as moving, _progress(quiet=json) as progress:
        report = moving.move(original, progress, dry_run=dry_run).document()
    _print(report, dry_run=dry_run, json=json)
    if not report["ok"]:
        raise typer.Exit(1)


def _refuse_running(file: Path, settings: "Settings") -> None:
    from ondol.commands.running_server import find_server
    from ondol.common.errors import StoreUnavailable

    server = find_server(settings.model_copy(update={"home": file.parent}))
    if server is not None:
        server.close()
        raise StoreUnavailable(f"a server runs on {file.parent}; stop it first, so that nothing changes while it moves")


@contextmanager
def _progress(*, quiet: bool) -> "Generator[Progress]":
    if quiet:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

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
