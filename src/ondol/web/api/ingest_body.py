"""The bytes of readings as a device sends them: plain or gzip, large ones one at a time, so that memory stays bounded."""

import threading
import zlib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from flask import Response, request

from ondol.common.errors import InvalidInput, StoreUnavailable
from ondol.web.api.problems import problem
from ondol.web.installation import ondol

LARGE_BYTES = 1 << 20
LARGE_AT_ONCE = 1
MOST_GZIP_MEMBERS = 1_000
_WAIT_S = 30
_turns = threading.BoundedSemaphore(LARGE_AT_ONCE)


class BodyTooLarge(Exception):
    """The decompressed body is larger than the setting allows."""


def too_large(_: BodyTooLarge) -> Response:
    """413 for a body that grows too large."""
    return problem(413, "the body is larger than ONDOL_MAX_BODY_MB allows when decompressed; send it in parts")


@contextmanager
def ingest_body() -> Generator[bytes]:
    """The body, decompressed; a large one keeps its turn until the caller is done with it.

    Raises InvalidInput when it is not what its encoding says, BodyTooLarge, StoreUnavailable when too many large ones wait.
    """
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise InvalidInput(f"the content encoding {encoding!r} is not known; send gzip or none")
    with ExitStack() as turn:
        if (request.content_length or 0) > LARGE_BYTES:
            _take_turn(turn)
        body = request.get_data(cache=False)
        yield body if encoding in ("identity", "") else _decompressed(body, turn)


def _decompressed(body: bytes, turn: ExitStack) -> bytes:
    most = ondol().settings.max_body_mb * 2**20
    plain = bytearray()
    has_turn = len(body) > LARGE_BYTES
    for _ in range(MOST_GZIP_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                plain += member.decompress(body, LARGE_BYTES)
            except zlib.error as error:
                raise InvalidInput(f"the body is not gzip: {error}") from error
            if len(plain) > most:
                raise BodyTooLarge
            if len(plain) >= LARGE_BYTES and not has_turn:
                _take_turn(turn)
                has_turn = True
            body = member.unconsumed_tail
            if not body and not member.eof:
                raise InvalidInput("the gzip body ends too early; send it again")
        # A gzip body may have several members, one after the other.
        body = member.unused_data
        if not body:
            return bytes(plain)
    raise InvalidInput(f"the gzip body has more than {MOST_GZIP_MEMBERS} members; send one")


def _take_turn(turn: ExitStack) -> None:
    if not _turns.acquire(timeout=_WAIT_S):
        raise StoreUnavailable("many large bodies are being read; send smaller ones, or again in a moment")
    turn.callback(_turns.release)
