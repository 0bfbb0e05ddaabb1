"""`ondol audit`: the record of who did what, and whether it is still what was written."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ondol.audit import ChainReport

app = typer.Typer(help="The record of who did what.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The record of who did what."""


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head that was noted earlier, NUMBER:HASH: is it still in the chain?")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Go through the chain of records, name the first that was changed, removed or inserted, and print the head to note."""
    from ondol.audit import Head
    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings, operator

    noted = None if head is None else Head.parse(head)
    settings = command_settings()
    with closing(open_business_data(settings)) as data:
        report = data.audit.verify(operator(), noted)
    if json:
        import orjson

        document = {
            "ok": report.ok, "records": report.records, "dropped": report.dropped, "head": str(report.head),
            "sealed": report.is_sealed, "fault": report.fault, "at": report.at,
        }  # fmt: skip
        typer.echo(orjson.dumps(document).decode())
    else:
        _print(report)
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def key() -> None:
    """Print a new key that seals records from now on, as a line for `.env`."""
    import secrets

    from ondol.business_data import open_business_data
    from ondol.commands.settings import command_settings, operator

    with closing(open_business_data(command_settings())) as data:
        first = data.audit.head(operator()).number + 1
    typer.echo(f"ONDOL_AUDIT_KEY={first}:{secrets.token_hex(32)}")


def _print(report: "ChainReport") -> None:
    dropped = f", {report.dropped:,} older ones dropped by retention" if report.dropped else ""
    sealed = "sealed with the key" if report.is_sealed else "not checked with a key"
    if report.fault is None:
        typer.echo(f"the audit is whole: {report.records:,} records{dropped}; {sealed}")
        typer.echo(f"head {report.head}")
        return
    typer.echo(f"the audit is NOT whole: {_FAULTS[report.fault].format(at=f'{report.at:,}')}", err=True)
    if report.deed is not None:
        deed = report.deed
        typer.echo(
            f"  it says now: {deed.at:%Y-%m-%d %H:%M:%S} UTC, {deed.who}, {deed.action}, {deed.subject or '-'}",
            err=True,
        )
    typer.echo(f"{report.records:,} records in front of it are in order{dropped}, to head {report.head}", err=True)


_FAULTS = {
    "changed": "record {at} was changed, or is not the one that was written there",
    "removed": "record {at} was removed",
    "inserted": "record {at} was put there by something else than Ondol",
    "cut off": "record {at} and all behind it are missing",
    "unsealed": "record {at} was written without ONDOL_AUDIT_KEY, or with another one",
    "state unsealed": "the note of the head at record {at} was written without ONDOL_AUDIT_KEY: records behind it may be missing",
    "head missing": "the noted head {at} is not in the chain: it was written anew, or records were cut off",
    "head dropped": "the noted head {at} is older than what retention has kept; nothing can be said of it",
}
