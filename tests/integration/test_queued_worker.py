"""Standing work on shared stores: any number of workers, and each job done once."""

import threading
import time
from collections.abc import Callable

from structlog.testing import capture_logs
from tests.servers import Redis, Server

from ondol.database.engine import Database
from ondol.queued_worker import QueuedWorker
from ondol.worker import Task, Worker


def until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


class Job:
    """Notes when it ran, and whether two ran at once."""

    def __init__(self) -> None:
        self.started: list[float] = []
        self.overlapped = False
        self._running = threading.Lock()

    def __call__(self) -> None:
        if not self._running.acquire(blocking=False):
            self.overlapped = True
            return
        self.started.append(time.monotonic())
        self._running.release()


def test_two_workers_do_each_job_once_a_period(server_urls: Callable[[], dict[str, str]]) -> None:
    urls, job, period_s = server_urls(), Job(), 1.0
    database = Database(urls["database_url"])
    workers = [QueuedWorker([Task("count", period_s, job)], database, urls["cache_url"]) for _ in range(2)]
    for worker in workers:
        worker.start()
    until(lambda: len(job.started) >= 4)
    for worker in workers:
        worker.stop()
    database.close()
    pauses = [later - earlier for earlier, later in zip(job.started, job.started[1:], strict=False)]
    assert min(pauses) > period_s / 2
    assert not job.overlapped


def test_a_slow_run_and_the_next_do_not_overlap(server_urls: Callable[[], dict[str, str]]) -> None:
    urls, running, most, done = server_urls(), [], [], threading.Event()
    database = Database(urls["database_url"])

    def slow() -> None:
        running.append(1)
        most.append(len(running))
        done.wait(2)
        running.pop()

    workers = [QueuedWorker([Task("slow", 0.2, slow)], database, urls["cache_url"]) for _ in range(2)]
    for worker in workers:
        worker.start()
    until(lambda: len(most) >= 2)
    done.set()
    for worker in workers:
        worker.stop()
    database.close()
    assert max(most) == 1


def test_work_goes_on_when_redis_is_back(
    start_server: Callable[[str], Server], server_urls: Callable[[], dict[str, str]]
) -> None:
    urls, job = server_urls(), Job()
    redis = start_server("redis")
    assert isinstance(redis, Redis)
    database = Database(urls["database_url"])
    worker = QueuedWorker([Task("count", 0.2, job)], database, urls["cache_url"])
    worker.start()
    until(lambda: len(job.started) >= 1)
    redis.kill()
    redis.start()
    before = len(job.started)
    until(lambda: len(job.started) > before)
    worker.stop()
    database.close()


def test_a_failed_task_is_logged_with_its_reason_by_either_worker(server_urls: Callable[[], dict[str, str]]) -> None:
    urls = server_urls()
    database = Database(urls["database_url"])

    def fail() -> None:
        raise RuntimeError("the meter is upside down")

    tasks = [Task("turn the meter", 0.2, fail)]
    for worker in (QueuedWorker(tasks, database, urls["cache_url"]), Worker(tasks)):
        with capture_logs() as logs:
            worker.start()
            until(lambda: len(logs) >= 2)
            worker.stop()
        assert {(log["log_level"], log["event"], log["task"], log["reason"]) for log in logs} == {
            ("error", "task failed", "turn the meter", "the meter is upside down")
        }
    database.close()
