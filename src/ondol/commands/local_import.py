"""Importing straight into the stores, while no server owns them."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ondol.bootstrap import open_installation
from ondol.commands.settings import operator
from ondol.commands.take_files import Take
from ondol.config import Settings


@contextmanager
def open_local(settings: Settings) -> Generator[Take]:
    """Open the installation and import into it; what stays raw becomes history at the end."""
    ondol = open_installation(settings)

    def take(building_key: str, file: Path, options: dict[str, Any]) -> dict[str, Any]:
        return ondol.imports.import_file(operator(), building_key, file.name, file, options).document()

    try:
        yield take
        ondol.history.aggregate()
    finally:
        ondol.close()
