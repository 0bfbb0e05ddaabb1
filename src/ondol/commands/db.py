"""`ondol db`: the schema of the relational database, the database of raw readings, the bucket of objects."""

from typing import Annotated

import typer

app = typer.Typer(help="The schema of the relational database.", no_args_is_help=True)


@app.command()
def upgrade(
    shorten_retention: Annotated[
        bool,
        typer.Option(
            "--shorten-retention",
            help="Where InfluxDB keeps raw readings longer than the settings say, let it drop what is older.",
        ),
    ] = False,
) -> None:
    """Bring the database's schema up to date, and make InfluxDB's database or bucket and S3's bucket; safe to run at any time."""
    from ondol.commands.settings import command_settings
    from ondol.common.store_urls import masked, scheme_of
    from ondol.database.engine import Database

    settings = command_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    Database(settings.database.get_secret_value()).upgrade()
    typer.echo(f"{masked(settings.database)} is up to date")
    if scheme_of(settings.timeseries) in ("influxdb", "influxdbs"):
        from ondol.stores.timeseries.influxdb_setup import set_up_at

        left = set_up_at(settings.timeseries.get_secret_value(), settings.retention, may_shorten=shorten_retention)
        if left:
            typer.echo(left)
        typer.echo(f"{masked(settings.timeseries)} is up to date")
    if scheme_of(settings.objects) == "s3":
        from ondol.stores.objects.s3 import open_store

        open_store(settings.objects.get_secret_value()).make_bucket()
        typer.echo(f"{masked(settings.objects)} is up to date")


@app.callback()
def _group() -> None:
    """The schema of the relational database."""
