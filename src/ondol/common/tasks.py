"""Standing work: what is done again and again beside the requests."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do again and again; `every_s` counts from end to start."""

    name: str
    every_s: float
    run: Callable[[], object]


def run_task(task: Task) -> None:
    """Do it once. A failure is logged with its reason; the next turn tries again."""
    started = time.monotonic()
    try:
        task.run()
    except Exception as error:
        _log.exception("task failed", task=task.name, reason=str(error))
    else:
        _log.debug("task done", task=task.name, seconds=round(time.monotonic() - started, 3))
