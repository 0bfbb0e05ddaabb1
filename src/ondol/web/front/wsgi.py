"""A request of the server (RSGI) as WSGI, and the answer back."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from ondol.web.front.body import Body

LARGEST_PIECE = 256 * 1024
"""Bytes of an answer that are handed over at a time."""
_WITHOUT_BODY = frozenset({204, 304})


class Headers(Protocol):
    """What was sent with a request, names in lower case."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def items(self) -> list[tuple[str, str]]: ...
    def __contains__(self, key: str) -> bool: ...


class Request(Protocol):
    """Addresses are `host:port`, the path is decoded."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Headers: ...


class SentFile:
    """A file that the application answers with (`wsgi.file_wrapper` of PEP 3333): the server sends it as fast as it is taken."""

    def __init__(self, file: IO[bytes], _: int = 0) -> None:
        self.path = file.name
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(LARGEST_PIECE), b"")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class Answer:
    """What the application answers; `pieces` are the bytes, to be sent as they come."""

    status: int
    headers: list[tuple[str, str]]
    pieces: Iterable[bytes]

    @property
    def is_short(self) -> bool:
        """Whether all of it may be handed over at once."""
        if self.status in _WITHOUT_BODY:
            return True
        length = next((value for name, value in self.headers if name.lower() == "content-length"), None)
        return length is not None and int(length) <= LARGEST_PIECE

    def parts(self) -> Iterator[bytes]:
        """The pieces; small ones of an answer whose length is known are put together."""
        waiting = bytearray()
        is_stream = all(name.lower() != "content-length" for name, _ in self.headers)
        for piece in self.pieces:
            waiting += piece
            if is_stream or len(waiting) >= LARGEST_PIECE:
                yield bytes(waiting)
                waiting.clear()
        if waiting:
            yield bytes(waiting)

    def close(self) -> None:
        """Tell the application that nothing more will be asked for."""
        close = getattr(self.pieces, "close", None)
        if close is not None:
            close()


def host_of(address: str) -> str:
    """The host of `host:port`, without the brackets of IPv6."""
    return address.rpartition(":")[0].strip("[]")


def environ_of(request: Request, body: Body) -> WSGIEnvironment:
    """The request in WSGI's terms (PEP 3333)."""
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query_string,
        "REMOTE_ADDR": host_of(request.client),
        "SERVER_NAME": host_of(request.server),
        "SERVER_PORT": request.server.rpartition(":")[2],
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "CONTENT_LENGTH": str(body.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": body.file,
        "wsgi.file_wrapper": SentFile,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        _add_header(environ, name, value)
    return environ


def _add_header(environ: WSGIEnvironment, name: str, value: str) -> None:
    # An underscore would become another header's name; parts of a file are not sent as fast as they are taken.
    if "_" in name or name in ("content-length", "transfer-encoding", "range"):
        return
    key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
    known = environ.get(key)
    environ[key] = value if known is None else f"{known}{'; ' if name == 'cookie' else ','}{value}"


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """What the application answers."""
    answer = Answer(500, [], ())

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None, /) -> Any:
        answer.status, answer.headers = int(status[:3]), headers

    answer.pieces = app(environ, start_response)
    return answer
