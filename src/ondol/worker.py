"""Standing work in threads of one process."""

import threading

from ondol.common.tasks import Task, run_task


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
            run_task(task)
            self._stopping.wait(task.every_s)
