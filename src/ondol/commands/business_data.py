"""The relational database for commands: several processes may use it at once, a running server too."""

from collections.abc import Generator
from contextlib import contextmanager

from ondol.bootstrap import BusinessData, open_business_data_of
from ondol.commands.settings import command_settings


@contextmanager
def open_business_data() -> Generator[BusinessData]:
    """Open the configured database for a command."""
    settings = command_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    data = open_business_data_of(settings)
    try:
        yield data
    finally:
        data.database.close()
