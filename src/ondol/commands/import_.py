"""`ondol import`: meter files into a building."""

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ondol.commands.take_files import Take

if TYPE_CHECKING:
    from ondol.config import Settings

FOLDER_WORD = "{folder}"


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX files.", show_default=False)],
    building: Annotated[
        str,
        typer.Option(
            help="Building to import into; created when it does not exist. {folder} stands for the file's folder."
        ),
    ],
    mapping: Annotated[Path | None, typer.Option(help="YAML file that says what the files' columns are.")] = None,
    point: Annotated[str | None, typer.Option(help="Point that the values belong to.")] = None,
    quantity: Annotated[str | None, typer.Option(help="electricity, gas, temperature, ...")] = None,
    unit: Annotated[str | None, typer.Option(help="kWh, kW, m3, degC, ...")] = None,
    kind: Annotated[
        str | None, typer.Option(help="interval (an amount per interval), register (a count) or measurement.")
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="main, submeter, generation, export, storage, or check (a second view of another)."),
    ] = None,
    time: Annotated[str | None, typer.Option(help="Column with the time.")] = None,
    value: Annotated[str | None, typer.Option(help="Column with the value.")] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Time zone of stamps without an offset; default: the building's.")
    ] = None,
    date_format: Annotated[str | None, typer.Option(help="Such as '%d/%m/%Y %H:%M'.")] = None,
    stamp: Annotated[str | None, typer.Option(help="Whether a stamp is the start or the end of its interval.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Between columns; found by itself.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as utf-8 or cp949; found by itself.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an XLSX file.")] = None,
    decimal_comma: Annotated[bool | None, typer.Option(help="Numbers are written 1,5; found by itself.")] = None,
    multiplier: Annotated[
        float | None,
        typer.Option(help="What every value is multiplied by: a transformer's ratio, or 1000 for thousands."),
    ] = None,
    zero_is_missing: Annotated[bool, typer.Option("--zero-is-missing", help="A meter's 0 means no value.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how the files are understood; store nothing.")
    ] = False,
    rejects: Annotated[Path, typer.Option(help="Where refused lines are written.")] = Path("ondol-rejects.csv"),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import meter files. Importing the same file again changes nothing."""
    from ondol.commands.rejects import write_rejects
    from ondol.commands.settings import command_settings
    from ondol.common.errors import InvalidInput, OndolError

    _check_choice("--kind", kind, ("interval", "register", "measurement"))
    _check_choice("--role", role, ("main", "submeter", "generation", "export", "storage", "check"))
    _check_choice("--stamp", stamp, ("start", "end"))
    options = {
        "point": point, "quantity": quantity, "unit": unit, "kind": kind, "role": role, "time": time, "value": value, "timezone": timezone,
        "date_format": date_format, "stamp": stamp, "delimiter": delimiter, "encoding": encoding, "sheet": sheet,
        "decimal_comma": decimal_comma, "multiplier": multiplier, "zero_is_missing": zero_is_missing or None, "dry_run": dry_run or None,
        "mapping": _text(mapping) if mapping else None,
    }  # fmt: skip
    given = {name: option for name, option in options.items() if option is not None}
    summaries: list[dict[str, Any]] = []
    failures: list[str] = []
    with _door(command_settings()) as take, _progress(len(files), quiet=json) as advance:
        for file in files:
            try:
                summaries.append(take(building.replace(FOLDER_WORD, file.resolve().parent.name), file, given))
            except InvalidInput as error:
                failures.append(str(error))
            except OndolError as error:
                failures.append(f"{file.name}: {error}")
            advance()
    refused = write_rejects(rejects, summaries)
    if json:
        import orjson

        document = {"files": summaries, "failures": failures, "rejects_file": str(rejects) if refused else None}
        typer.echo(orjson.dumps(document).decode())
    else:
        _report(summaries, failures, dry_run)
        if refused:
            typer.echo(f"{refused} lines were refused; {rejects} says which and why")
    if failures:
        raise typer.Exit(1)


@contextmanager
def _door(settings: "Settings") -> Generator[Take]:
    """Through the running server while one owns the stores, else straight into them."""
    from ondol.commands.running_server import find_server

    client = find_server(settings)
    if client is not None:
        from ondol.commands.remote_import import take_through

        with closing(client):
            yield take_through(client)
    else:
        from ondol.commands.local_import import open_local

        with open_local(settings) as take:
            yield take


@contextmanager
def _progress(files: int, *, quiet: bool) -> Generator[Callable[[], None]]:
    if quiet:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=files)
        yield lambda: progress.advance(task)


def _plain(text: str) -> str:
    """The text without signs that would steer the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _report(summaries: list[dict[str, Any]], failures: list[str], dry_run: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for series in (series for summary in summaries for series in summary["series"]):
        console.print(_described(series), highlight=False)
    for note in dict.fromkeys(note for summary in summaries for note in summary["notes"]):
        console.print(Text(f"- {_plain(note)}", style="dim"), highlight=False)
    if dry_run:
        _preview(console, summaries)
    stored, missing = (sum(summary[name] for summary in summaries) for name in ("stored", "missing"))
    created = dict.fromkeys(summary["building"] for summary in summaries if summary["building_created"])
    if created:
        word = "would be created" if dry_run else "created"
        console.print(f"building {word}: {', '.join(created)}", highlight=False)
    console.print(
        "dry run: nothing was stored" if dry_run else f"stored {stored:,} values; {missing:,} were missing",
        highlight=False,
    )
    for failure in failures:
        Console(stderr=True).print(Text.assemble(("failed", "red"), f" {_plain(failure)}"), highlight=False)


def _described(series: dict[str, Any]) -> str:
    """`b36.electricity (new): 8,759 values in kWh per 60 min, 2017-01-01 to 2017-12-31, sum 1,012,961.50`"""
    from rich.markup import escape

    name = f"[bold]{escape(_plain(series['point']))}[/bold]" + (" (new)" if series["is_new"] else "")
    every = f" per {series['interval_s'] // 60} min" if series["interval_s"] and series["kind"] == "total" else ""
    kind = {"total": "", "total_increasing": ", a register", "measurement": ", measured"}[series["kind"]]
    first, last = ((series[end] or "never")[:10] for end in ("first", "last"))
    total = "" if series["total"] is None else f", sum {series['total']:,.2f}"
    return f"{name}: {series['values']:,} values in {escape(series['unit'])}{every}{kind}, {first} to {last}{total}"


def _preview(console: Any, summaries: list[dict[str, Any]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    for series in (series for summary in summaries[:_PREVIEWED] for series in summary["series"][:_PREVIEWED]):
        title = f"{series['point']}: column {series['column']!r} as {series['kind']}, role {series['role']}"
        console.print(f"\n[bold]{escape(_plain(title))}[/bold]", highlight=False)
        console.print(escape(f"  because {'; '.join(_plain(why) for why in series['why'])}"), highlight=False)
        table = Table("time (UTC, start)", f"value ({escape(series['unit'])})", box=None)
        for row in series["preview"]:
            table.add_row(row["time"], f"{row['value']:g}")
        console.print(table)
        months = ", ".join(f"{month['month']} {month['value']:,.2f}" for month in series["by_month"][:_MONTHS_SHOWN])
        more = len(series["by_month"]) - _MONTHS_SHOWN
        console.print(
            escape(f"  by month ({series['total_unit']}): {months}") + (f", and {more} more" if more > 0 else ""),
            highlight=False,
        )
        if other := series["otherwise"]:
            word = _KIND_FLAGS[other["kind"]]
            console.print(
                escape(f"  with --kind {word} it would come to {other['total']:,.2f} {series['total_unit']}"),
                highlight=False,
            )


_PREVIEWED, _MONTHS_SHOWN = 12, 12
_KIND_FLAGS = {"total": "interval", "total_increasing": "register", "measurement": "measurement"}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} cannot be read: {error}", param_hint="--mapping") from error


def _check_choice(option: str, given: str | None, choices: tuple[str, ...]) -> None:
    if given is not None and given not in choices:
        raise typer.BadParameter(f"choose one of {', '.join(choices)}", param_hint=option)
