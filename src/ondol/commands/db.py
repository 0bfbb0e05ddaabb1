"""`ondol db`: the schema of the relational database."""

import typer

app = typer.Typer(help="The schema of the relational database.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the database's schema up to date; it is safe to run at any time."""
    from ondol.commands.settings import command_settings
    from ondol.config import masked
    from ondol.stores.relational.database import Database

    settings = command_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    Database(settings.database).upgrade()
    typer.echo(f"{masked(settings.database)} is up to date")


@app.callback()
def _group() -> None:
    """The schema of the relational database."""
