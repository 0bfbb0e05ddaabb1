"""The process that serves: it opens the stores, works beside the requests, and ends with its parent."""

import gc
import multiprocessing
import multiprocessing.connection
import multiprocessing.util
import os
import threading
from collections.abc import Callable

import structlog

from ondol.bootstrap import open_patiently
from ondol.config import load_settings
from ondol.imports import ApartReader
from ondol.installation import Installation
from ondol.logs import configure_logging
from ondol.web.api.live import stop_streams
from ondol.web.app import create_app
from ondol.web.front.connections import bound_connections, close_excess
from ondol.web.front.gate import Gate
from ondol.web.restarts import note_start
from ondol.web.serving import MOST_CONNECTIONS
from ondol.worker import Worker

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None


_log = structlog.get_logger()


def gate() -> Gate:
    """The application behind its gate, with its stores open and its worker running, for the serving process."""
    settings = load_settings()
    configure_logging(settings.log_level)
    again = note_start(settings.home)
    if again.number:
        _log.warning("a serving process was started again", restarts=again.number)
    reader = ApartReader()
    ondol = open_patiently(settings, reader)
    tasks = ondol.tasks_of_process()
    if not settings.has_shared_stores:
        tasks += ondol.tasks()
    if settings.simulate:
        from ondol.demo import demo_tasks

        tasks += demo_tasks(ondol)
    worker = Worker(tasks)
    worker.start()
    _end_with_parent()
    _collect_garbage_seldom()
    # Once, whichever comes first: the server is asked to end, or the process ends otherwise.
    close = multiprocessing.util.Finalize(None, _close, args=(worker, ondol, reader, settings.port), exitpriority=100)
    _allow_open_files(2 * MOST_CONNECTIONS)
    if not settings.trusted_proxies:
        bound_connections(settings.port, settings.connections_per_address)
    return Gate(create_app(ondol), settings, close)


def _allow_open_files(number: int) -> None:
    """Each connection is an open file, and many systems allow 1,024 unless asked."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _collect_garbage_seldom() -> None:
    """Requests make many short-lived objects and no cycles: looking through them all would cost a tenth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _close(worker: Worker, ondol: Installation, reader: ApartReader, port: int) -> None:
    """Make safe what is open, then leave who has not hung up: the server would wait for each of them."""
    stop_streams()
    reader.close()
    worker.stop()
    ondol.close()
    close_excess(port, most_per_address=0)


def _end_with_parent() -> None:
    """A serving process whose parent was killed must not keep the stores: nobody could stop it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(wait: Callable[..., object] = multiprocessing.connection.wait) -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
