"""How many connections one address may hold open. The server knows no such limit, so that its sockets are counted here.

A connection that sends nothing ends by itself (HEAD_WITHIN_S in serving.py); this is against those who open ever new ones.
"""

import os
import socket
import stat
import threading
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import structlog

from ondol.web.front.addresses import network_of

EVERY_S = 1.0
_OPEN_FILES = "/dev/fd"
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_log = structlog.get_logger()


def bound_connections(port: int, most_per_address: int) -> None:
    """Watch over the connections to `port` of this process from now on. Does nothing where open files cannot be listed (Windows)."""
    if not Path(_OPEN_FILES).is_dir():
        return
    rest = threading.Event()

    def watch() -> None:
        while not rest.wait(EVERY_S):
            close_excess(port, most_per_address)

    threading.Thread(target=watch, name="connections", daemon=True).start()


def close_excess(port: int, most_per_address: int) -> int:
    """End the connections of each address beyond its share, and say how many."""
    ended = 0
    for address, connections in _by_address(port).items():
        excess = connections[most_per_address:]
        for connection in excess:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if excess:
            _log.warning("an address held too many connections", address=address, ended=len(excess))
            ended += len(excess)
        for connection in connections:
            connection.close()
    return ended


def _by_address(port: int) -> dict[str, list[socket.socket]]:
    """Connections to the port, each by a descriptor of our own: what the server closes meanwhile hurts nobody."""
    found: defaultdict[str, list[socket.socket]] = defaultdict(list)
    for file in Path(_OPEN_FILES).iterdir():
        with suppress(OSError):
            connection = _connection(os.dup(int(file.name)), port)
            if connection is not None:
                found[network_of(connection.getpeername()[0])].append(connection)
    return found


def _connection(descriptor: int, port: int) -> socket.socket | None:
    """The descriptor as a connection to the port, or None, and then it is closed."""
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            connection = socket.socket(fileno=descriptor)
            if connection.family in _INTERNET and connection.getsockname()[1] == port and connection.getpeername():
                return connection
            connection.detach()
    except OSError:
        pass
    os.close(descriptor)
    return None
