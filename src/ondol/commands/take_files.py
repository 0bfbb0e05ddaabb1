"""How `ondol import` takes a file into a building: through the running server, or straight into the stores."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Take = Callable[[str, Path, dict[str, Any]], dict[str, Any]]
"""Takes one file into a building: (building, file, options) -> summary."""
