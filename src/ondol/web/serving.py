"""Serving in production: granian, with one process that owns the embedded stores or several on shared ones, many threads each.

This module stays light: it lives in the parent process, which only watches over those that serve.
"""

import time
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from ondol.config import Settings

TARGET = "ondol.web.serving_process:application"
_KILL_AFTER_S = 5
_HOPELESS_BEFORE_S = 15


def serve(settings: Settings) -> None:
    """Serve until a signal ends it. The settings must also stand in the environment: the serving process reads them there."""
    while True:
        server = _server(settings)
        started = time.monotonic()
        server.serve()
        # granian gives up when a process dies twice within seconds; only one that never came up has a cause that stays.
        if server.interrupt_signal or time.monotonic() - started < _HOPELESS_BEFORE_S:
            return


def _server(settings: Settings) -> Any:
    return Granian(
        TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.web_processes if settings.has_shared_stores else 1,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        blocking_threads=settings.live_viewers + settings.request_threads,
        backlog=1024,
        log_enabled=False,
        workers_kill_timeout=_KILL_AFTER_S,
        websockets=False,
    )
