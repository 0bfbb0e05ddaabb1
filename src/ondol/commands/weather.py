"""`ondol forecast weather`: weather forecasts from a file."""

from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN_REJECTS = 5


def import_weather(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX file: issued_at,time,temperature_c,humidity_pct; an hour a row.")
    ],
    building: Annotated[list[str], typer.Option(help="Building that the weather is of; give it again for others.")],
    timezone: Annotated[
        str | None, typer.Option(help="Time zone of stamps without an offset; default: the first building's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be kept; store nothing.")] = False,
    rejects: Annotated[Path, typer.Option(help="Where refused lines are written.")] = Path("ondol-rejects.csv"),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Keep weather forecasts as they were issued. Importing the same file again changes nothing."""
    from ondol.bootstrap import open_forecasts
    from ondol.commands.rejects import write_rejects
    from ondol.commands.settings import command_settings, operator

    with open_forecasts(command_settings()) as forecasts:
        read = forecasts.import_weather(operator(), file, building, timezone, dry_run=dry_run)
    summary: dict[str, Any] = {
        "file": file.name,
        "buildings": building,
        "dry_run": dry_run,
        "issues": read.hours["issued_s"].n_unique(),
        "hours": read.hours.height,
        "rejects": read.rejects.to_dicts(),
    }
    refused = write_rejects(rejects, [summary])
    if json:
        import orjson

        typer.echo(orjson.dumps({**summary, "rejects_file": str(rejects) if refused else None}).decode())
    else:
        _report(summary, rejects)
    if not summary["hours"]:
        raise typer.Exit(1)


def _report(summary: dict[str, Any], rejects: Path) -> None:
    done = "dry run, nothing was stored: found" if summary["dry_run"] else "kept"
    typer.echo(
        f"{summary['file']}: {done} {summary['hours']:,} hours of {summary['issues']:,} weather forecasts "
        f"for {', '.join(summary['buildings'])}"
    )
    for row in summary["rejects"][:SHOWN_REJECTS]:
        where = f", {row['column']}" if row["column"] else ""
        typer.echo(f"line {row['line']}{where}: {row['reason']} ({row['text']!r}); the line was left out", err=True)
    if summary["rejects"]:
        typer.echo(f"{len(summary['rejects'])} lines were refused; {rejects} says which and why", err=True)
