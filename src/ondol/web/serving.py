"""Serving in production: granian, with one process that owns the embedded stores or several on shared ones, many threads each.

This module stays light: it lives in the parent process, which only watches over those that serve.
"""

import contextlib
import sys
import time
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from ondol.config import Settings

TARGET = "ondol.web.serving_process:application"
_KILL_AFTER_S = 5
_HOPELESS_BEFORE_S = 15
_MOST_HOPELESS_STARTS = 5


def serve(settings: Settings) -> None:
    """Serve until a signal ends it. The settings must also stand in the environment: the serving process reads them there."""
    hopeless = 0
    while hopeless < _MOST_HOPELESS_STARTS:
        server = _server(settings)
        started = time.monotonic()
        # granian ends the program when a process died twice within seconds.
        with contextlib.suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        # That may be a stroke of bad luck: only who never stays up has a cause that stays.
        hopeless = hopeless + 1 if time.monotonic() - started < _HOPELESS_BEFORE_S else 0
    sys.exit(1)


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
