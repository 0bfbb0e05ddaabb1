"""`ondol serve` and `ondol demo`: the server."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ondol.config import Settings
    from ondol.people import CreatedUser

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


def serve(host: Host = None, port: Port = None) -> None:
    """Serve the pages and the API, and do the standing work beside them."""
    _serve(host, port, simulate=None)


def demo(host: Host = None, port: Port = None) -> None:
    """Serve with a living synthetic office building to look at."""
    _serve(host, port, simulate=True)


def _serve(host: str | None, port: int | None, simulate: bool | None) -> None:
    from ondol.business_data import open_business_data
    from ondol.commands.announcement import announce
    from ondol.commands.settings import command_settings, share_heaps
    from ondol.web.serving import serve as run

    settings = command_settings(host=host, port=port, simulate=simulate)
    _refuse_taken_port(settings)
    share_heaps()
    data = open_business_data(settings)
    note = announce(settings, data)
    administrator = data.people.create_first_administrator()
    data.close()
    _greet(settings, administrator)
    try:
        run(settings)
    finally:
        note.unlink(missing_ok=True)


def _refuse_taken_port(settings: "Settings") -> None:
    import socket

    from ondol.common.errors import StoreUnavailable

    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((settings.host, settings.port)) == 0:
            raise StoreUnavailable(f"port {settings.port} is taken; stop what runs there or choose another with --port")


def _greet(settings: "Settings", administrator: "CreatedUser | None") -> None:
    typer.echo(f"Ondol keeps its data in {settings.home}")
    if administrator is not None:
        typer.echo("")
        typer.echo("  First start: sign in with these; the password is shown only now.")
        typer.echo(f"  user      {administrator.user.username}")
        typer.echo(f"  password  {administrator.password}")
        typer.echo("")
    typer.echo(f"Open http://{settings.host}:{settings.port} in your browser (Ctrl+C ends the server)")
    sys.stdout.flush()
