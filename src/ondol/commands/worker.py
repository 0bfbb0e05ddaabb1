"""`ondol worker`: the standing work of an installation on shared stores."""


def work() -> None:
    """Do the standing work beside `ondol serve` on PostgreSQL, InfluxDB and Redis; any number of workers may run."""
    import logging

    import typer

    from ondol.bootstrap import open_patiently
    from ondol.commands.settings import command_settings
    from ondol.common.errors import WrongConfiguration

    settings = command_settings()
    if not settings.has_shared_stores:
        raise WrongConfiguration(
            "with embedded stores `ondol serve` does the standing work itself; "
            "a worker needs postgresql://, influxdb:// and redis:// (see docs/settings.md)"
        )
    from ondol.logs import configure_logging
    from ondol.queued_worker import QueuedWorker

    # Each failed try to reach Redis would print a trace; the worker says so in one line itself.
    logging.getLogger("huey").setLevel(logging.CRITICAL)
    configure_logging(settings.log_level)
    ondol = open_patiently(settings)
    typer.echo("Ondol works (Ctrl+C ends it)")
    try:
        QueuedWorker(ondol.tasks(), ondol.database, settings.cache.get_secret_value()).run()
    finally:
        ondol.close()
