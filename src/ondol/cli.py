"""The `ondol` command: a thin door; each group of commands is a file in ondol/commands."""

import os
import sys

import typer

from ondol import __version__, commands
from ondol.common.errors import OndolError, WrongConfiguration

app = typer.Typer(
    name="ondol",
    help="Building energy management, from the meter to the bill.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ondol {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Building energy management, from the meter to the bill."""


def main() -> None:
    """Run the command; exit code 0, 1 when it failed, 2 on wrong use."""
    # What is written here is the installation's user's alone: databases, tokens, refused lines.
    os.umask(0o077)
    commands.register(app)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console that is not UTF-8 must not end a command over a Korean name.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        app()
    except WrongConfiguration as error:
        typer.echo(f"ondol: {error}", err=True)
        sys.exit(2)
    except OndolError as error:
        typer.echo(f"ondol: {error}", err=True)
        sys.exit(1)
