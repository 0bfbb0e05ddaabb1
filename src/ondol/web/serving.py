"""Serving in production: granian, with one process that owns the embedded stores or several on shared ones.

This module stays light: it lives in the parent process, which only watches over those that serve.
"""

import contextlib
import time
from typing import Any

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from ondol.config import Settings
from ondol.web import restarts

TARGET = "ondol.web.serving_process:gate"
HEAD_WITHIN_S = 20
"""A connection that sends no whole head of a request for so long ends, an idle one too."""
MOST_CONNECTIONS = 1024
_READ_BUFFER_BYTES = 128 * 1024
_KILL_AFTER_S = 5
_HOPELESS_BEFORE_S = 15
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
_log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Serve until a signal ends it. The settings must also stand in the environment: the serving process reads them there.

    Never gives up: processes that end at once are started again, after a wait that grows to a minute.
    """
    restarts.begin(settings.home, _processes(settings))
    wait_s = _FIRST_WAIT_S
    while True:
        server = _server(settings)
        started = time.monotonic()
        # granian ends the program when a process died twice within seconds.
        with contextlib.suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        wait_s = wait_after(time.monotonic() - started, wait_s)
        _log.error("the serving processes ended one after the other and are started again", after_s=wait_s)
        time.sleep(wait_s)


def wait_after(served_s: float, last_wait_s: float) -> float:
    """Seconds to wait when serving ended after so many: short after a stroke of bad luck, ever longer when it never stays up."""
    return min(2 * last_wait_s, _LONGEST_WAIT_S) if served_s < _HOPELESS_BEFORE_S else _FIRST_WAIT_S


def _processes(settings: Settings) -> int:
    return settings.web_processes if settings.has_shared_stores else 1


def _server(settings: Settings) -> Any:
    return Granian(
        TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=_processes(settings),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN_S * 1000, max_buffer_size=_READ_BUFFER_BYTES),
        backlog=1024,
        backpressure=MOST_CONNECTIONS,
        log_enabled=False,
        workers_kill_timeout=_KILL_AFTER_S,
        websockets=False,
    )
