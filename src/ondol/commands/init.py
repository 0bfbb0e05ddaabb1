"""`ondol init`: a `.env` with secrets of its own."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = ("docker", "apt")


def init(
    servers: Annotated[
        str, typer.Option(help="docker: for docker-compose.yml; apt: for Debian's packages on this machine.")
    ] = "docker",
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing .env; a dated copy of it is kept.")
    ] = False,
) -> None:
    """Write `.env` with random secrets for PostgreSQL, InfluxDB and Redis into this folder."""
    from datetime import UTC, datetime
    from pathlib import Path

    from ondol.commands.init_files import apt_setup, environment
    from ondol.common.errors import AlreadyExists

    if servers not in SERVERS:
        raise typer.BadParameter(f"choose one of {', '.join(SERVERS)}", param_hint="--servers")
    dotenv = Path(".env")
    if dotenv.exists():
        if not force:
            raise AlreadyExists(".env exists already: its secrets are in use; --force writes new ones and keeps a copy")
        dotenv.rename(f".env.{datetime.now(UTC):%Y%m%d-%H%M%S}")
    values = environment(servers)
    _write(dotenv, "".join(f"{name}={value}\n" for name, value in values.items()), 0o600)
    typer.echo(f"wrote {dotenv.resolve()}; keep it to yourself")
    if servers == "apt":
        setup = Path("ondol-servers.sh")
        _write(setup, apt_setup(values), 0o700)
        typer.echo(f"wrote {setup}: look at it, then run: sudo sh {setup}")
    else:
        typer.echo("next: docker compose up -d, then: ondol check")


def _write(path: "Path", text: str, mode: int) -> None:
    import os

    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
