"""Standing work in threads of one process."""

import threading
import time

import structlog

from ondol.common.tasks import Task

_log = structlog.get_logger()


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
