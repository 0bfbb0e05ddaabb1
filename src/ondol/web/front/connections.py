"""How many connections one address may hold open. The server knows no such limit, so that its sockets are counted here.

A connection that sends nothing ends by itself (HEAD_WITHIN_S in serving.py); this is against those who open ever new ones.
"""

import os
import socket
import stat
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from ondol.common.addresses import network_of

EVERY_S = 1.0
_OPEN_FILES = "/dev/fd"
Result = TypeVar("Result")
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
    """End the connections of each address beyond its share, and say how many. Does nothing where open files cannot be listed."""
    ended = 0
    for address, descriptors in _by_address(port).items():
        excess = descriptors[most_per_address:]
        for descriptor in excess:
            _borrowed(descriptor, _end)
        if excess and most_per_address:
            _log.warning("an address held too many connections", address=address, ended=len(excess))
        ended += len(excess)
    return ended


def _by_address(port: int) -> dict[str, list[int]]:
    """Descriptors of the connections to the port."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    if not Path(_OPEN_FILES).is_dir():
        return found
    for file in Path(_OPEN_FILES).iterdir():
        descriptor = int(file.name)
        peer = _borrowed(descriptor, _peer)
        if peer is not None and peer[0] == port:
            found[network_of(peer[1])].append(descriptor)
    return found


def _end(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _peer(connection: socket.socket) -> tuple[int, str] | None:
    """Our port and the address at the other end; None for what is no connection over the network."""
    if connection.family not in _INTERNET:
        return None
    return connection.getsockname()[1], connection.getpeername()[0]


def _borrowed(descriptor: int, use: Callable[[socket.socket], Result]) -> Result | None:
    """What `use` finds of a socket that is the server's; None when it is no socket, or closed meanwhile.

    Never by a descriptor of our own: closing a second one of a database's file gives up the locks that the database holds on it.
    """
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        connection = socket.socket(fileno=descriptor)
    except OSError:
        return None
    try:
        return use(connection)
    except OSError:
        return None
    finally:
        connection.detach()
