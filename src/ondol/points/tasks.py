"""Standing work of points."""

from collections.abc import Callable

from ondol.common.instants import MINUTE_S
from ondol.common.tasks import Task


def tasks(finish: Callable[[], None], clear: Callable[[], None]) -> list[Task]:
    """Once for all processes of an installation."""
    return [Task("finish merges of points", MINUTE_S, finish), Task("clear deleted points", 5 * MINUTE_S, clear)]
