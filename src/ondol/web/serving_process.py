"""The process that serves: it opens the stores, works beside the requests, and ends with its parent."""

import logging
import multiprocessing
import multiprocessing.connection
import multiprocessing.util
import os
import threading
import time
from collections.abc import Callable

import structlog
from flask import Flask

from ondol.bootstrap import Ondol, open_installation
from ondol.config import Settings, load_settings
from ondol.domain.errors import StoreUnavailable
from ondol.web.api.live import stop_streams
from ondol.web.app import create_app
from ondol.worker import Worker, tasks_of

PATIENCE_S = 10


def application() -> Flask:
    """The application with its stores open and its worker running, for the serving process."""
    settings = load_settings()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level.upper()))
    )
    ondol = _open_patiently(settings)
    tasks = tasks_of(ondol)
    if settings.simulate:
        from ondol.demo import demo_tasks

        tasks += demo_tasks(ondol)
    worker = Worker(tasks)
    worker.start()
    _end_with_parent()
    multiprocessing.util.Finalize(None, _close, args=(worker, ondol), exitpriority=100)
    return create_app(ondol)


def _open_patiently(settings: Settings) -> Ondol:
    """Open the stores; a process that was killed a moment ago may still hold them."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_installation(settings)
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _close(worker: Worker, ondol: Ondol) -> None:
    stop_streams()
    worker.stop()
    ondol.close()


def _end_with_parent() -> None:
    """A serving process whose parent was killed must not keep the stores: nobody could stop it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(wait: Callable[..., object] = multiprocessing.connection.wait) -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
