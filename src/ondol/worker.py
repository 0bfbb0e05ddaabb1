"""Work that goes on beside the requests: history follows the readings, old raw readings go."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ondol.application import Ondol
from ondol.common.instants import HOUR_S, MINUTE_S
from ondol.readings.show_live import TELL_EVERY_S

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do again and again; `every_s` counts from end to start."""

    name: str
    every_s: float
    run: Callable[[], object]


def tasks_of(ondol: Ondol) -> list[Task]:
    """The standing work of an installation: once for all of its processes."""
    return [
        Task("aggregate readings", ondol.settings.aggregate_every_s, ondol.aggregate_readings),
        Task("drop old readings", HOUR_S, ondol.drop_old_readings),
        Task("make partitions", HOUR_S, ondol.make_partitions),
        Task("drop expired sessions", HOUR_S, ondol.drop_expired_sessions),
        Task("keep forecasts", MINUTE_S, ondol.keep_forecasts),
        Task("warn of peak demand", MINUTE_S, ondol.warn_of_peak_demand),
    ]


def tasks_of_process(ondol: Ondol) -> list[Task]:
    """What each serving process does for itself."""
    return [Task("tell live viewers", TELL_EVERY_S, ondol.live.tell)]


class Worker:
    """Runs tasks in threads of this process until `stop`. A task that fails is logged and tried again at its next turn."""

    def __init__(self, tasks: list[Task]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(task,), name=task.name, daemon=True) for task in tasks
        ]

    def start(self) -> None:
        """Begin; each task runs at once and then at its pace."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Wait for what runs, then end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, task: Task) -> None:
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                task.run()
            except Exception:
                _log.exception("task failed", task=task.name)
            _log.debug("task done", task=task.name, seconds=round(time.monotonic() - started, 3))
            self._stopping.wait(task.every_s)
