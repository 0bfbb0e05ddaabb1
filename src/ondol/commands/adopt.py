"""`ondol adopt`: what stands in other stores already."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ondol.commands.adopt_map import read_map, write_map_file
from ondol.commands.adopt_report import compared_series, listing, print_comparison, print_json, print_listing

if TYPE_CHECKING:
    from ondol.config import Settings
    from ondol.readings import AdoptedSeries, Adopting, Decided, Standing

app = typer.Typer(help="Take and follow what stands in other stores already.", no_args_is_help=True)
_STALLED_AFTER_S, _LOOK_EVERY_S = 60.0, 0.5


@app.callback()
def _group() -> None:
    """Take and follow what stands in other stores already."""


@app.command()
def influxdb(
    map_file: Annotated[
        Path | None, typer.Option("--map", help="CSV file that says which point each series is; `skip` leaves one.")
    ] = None,
    write_map: Annotated[
        Path | None, typer.Option("--write-map", help="Write such a file, filled in as far as it is understood.")
    ] = None,
    from_url: Annotated[
        str | None, typer.Option("--from", help="The InfluxDB, where it is not that of ONDOL_ADOPT_URL.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the series and check the map; change nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Adopt the series that devices write into InfluxDB: take their past, and follow what is new; they stay there as they are.

    It may be stopped at any point and started again. At the end the readings there and those taken are counted.
    """
    from ondol.bootstrap import open_adopting
    from ondol.commands.settings import command_settings, operator

    text = read_map(map_file) if map_file else None
    if write_map and write_map.exists():
        raise typer.BadParameter(f"{write_map} is there already; name a new file", param_hint="--write-map")
    settings = command_settings(adopt_url=from_url)
    with open_adopting(settings) as adopting:
        standing = adopting.find(operator())
        document = listing(standing)
        if not json:
            print_listing(standing)
        if write_map:
            write_map_file(write_map, standing)
        decided = adopting.decide(operator(), standing, text) if not (write_map and text is None) else None
        if dry_run or decided is None:
            _tell_undone(decided, write_map, document, json=json)
            return
        adopting.adopt(operator(), decided)
        is_taken = _take(settings, adopting, standing, quiet=json)
        compared = adopting.compare(operator())
    document |= {"ok": all(it.is_equal for it in compared), "adopted": [compared_series(it) for it in compared]}
    if json:
        print_json(document)
    else:
        print_comparison(compared)
    if not (is_taken and document["ok"]):
        raise typer.Exit(1)


def _take(settings: "Settings", adopting: "Adopting", standing: "Standing", *, quiet: bool) -> bool:
    """Let the past be taken: by the server that owns the stores, else here. False where the server does not take it."""
    from ondol.commands.running_server import find_server
    from ondol.commands.settings import operator

    server = find_server(settings)
    with _progress(adopting.adopted(operator()), standing, quiet=quiet) as advance:
        if server is not None:
            server.close()
            return _wait(adopting, advance)
        from ondol.bootstrap import open_installation

        ondol = open_installation(settings)
        try:
            ondol.adopting.take_past(operator(), advance)
            ondol.history.aggregate()
        finally:
            ondol.close()
    return True


def _wait(adopting: "Adopting", advance: "Callable[[AdoptedSeries], None]") -> bool:
    """Watch the server take the past."""
    import time

    from ondol.commands.settings import operator

    moved_at, before = time.monotonic(), -1
    while True:
        adopted = adopting.adopted(operator())
        for it in adopted:
            advance(it)
        if all(it.has_past for it in adopted):
            return True
        if (now := sum(it.read for it in adopted)) != before:
            moved_at, before = time.monotonic(), now
        if time.monotonic() - moved_at > _STALLED_AFTER_S:
            typer.echo(
                "the server that runs does not go on: it has to run with the same ONDOL_ADOPT_URL, and its log says what hinders it; "
                "what is adopted is noted and goes on with it",
                err=True,
            )
            return False
        time.sleep(_LOOK_EVERY_S)


@contextmanager
def _progress(
    adopted: "list[AdoptedSeries]", standing: "Standing", *, quiet: bool
) -> "Generator[Callable[[AdoptedSeries], None]]":
    if quiet or not adopted:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    there = {it.found.series.text: it.found.readings for it in standing.series}
    total = sum(there.get(it.series.text, 0) for it in adopted)
    columns = (TextColumn("taking readings"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)
        read = {it.id: it.read for it in adopted}

        def advance(it: "AdoptedSeries") -> None:
            read[it.id] = it.read
            progress.update(task, completed=sum(read.values()))

        yield advance


def _tell_undone(decided: "Decided | None", write_map: Path | None, document: dict[str, Any], *, json: bool) -> None:
    if json:
        print_json({**document, "ok": True, "would_adopt": 0 if decided is None else len(decided.adopt)})
    elif decided is not None:
        let_go = f", {len(decided.let_go):,} would be let go" if decided.let_go else ""
        typer.echo(f"dry run: {len(decided.adopt):,} series would be adopted{let_go}; nothing was changed")
    else:
        typer.echo(f"nothing was changed; {write_map} waits for you")
