"""Standing work through a queue in Redis (huey), for any number of `ondol worker` processes.

Each worker offers every task when it is due; Redis lets one offer a period through, one worker takes it from the queue, and a
lease in the database keeps a slow run and the next from overlapping. What has to be done is itself durable, so a run that was
lost with its worker is made good by the next.
"""

import threading
from collections.abc import Sequence
from typing import Any

import structlog
from huey import RedisHuey
from redis import ConnectionPool, Redis

from ondol.common.tasks import Task, run_task
from ondol.database.engine import Database

OFFER_EVERY_S = 0.5
_LONGEST_PAUSE_S = 2.0
_log = structlog.get_logger()


class QueuedWorker:
    """Offers tasks to the queue and runs those that it takes from there."""

    def __init__(self, tasks: Sequence[Task], database: Database, redis_url: str) -> None:
        self._tasks = list(tasks)
        self._database = database
        pool = ConnectionPool.from_url(redis_url, socket_connect_timeout=1, socket_timeout=5, health_check_interval=5)
        self._huey = RedisHuey("ondol", connection_pool=pool, results=False)
        self._redis: Any = Redis(connection_pool=pool)
        self._jobs: dict[str, Any] = {task.name: self._job(task) for task in self._tasks}
        self._consumer = self._huey.create_consumer(workers=2, periodic=False, max_delay=_LONGEST_PAUSE_S)
        self._stopping = threading.Event()
        self._offering = threading.Thread(target=self._offer_repeatedly, name="offer tasks", daemon=True)

    def run(self) -> None:
        """Work until a signal ends the process; what runs then is finished first."""
        self._offering.start()
        try:
            self._consumer.run()
        finally:
            self.stop()

    def start(self) -> None:
        """Work in threads of this process until `stop`."""
        self._offering.start()
        self._consumer.start()

    def stop(self) -> None:
        """Finish what runs, then end."""
        self._stopping.set()
        self._offering.join()
        self._consumer.stop(graceful=True)
        self._redis.close()

    def _job(self, task: Task) -> Any:
        def run() -> None:
            with self._database.lease(task.name) as mine:
                if mine:
                    run_task(task)

        return self._huey.task(name=task.name.replace(" ", "_"))(run)

    def _offer_repeatedly(self) -> None:
        while not self._stopping.wait(OFFER_EVERY_S):
            try:
                self._offer()
            except Exception as error:
                _log.warning("the queue cannot be reached; work goes on when it is back", reason=str(error))
                self._stopping.wait(_LONGEST_PAUSE_S)

    def _offer(self) -> None:
        for task in self._tasks:
            if self._redis.set(f"ondol:due:{task.name}", b"", nx=True, px=int(task.every_s * 1000)):
                self._jobs[task.name]()
