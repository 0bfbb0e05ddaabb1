"""Taking in a request's body: no thread waits for it, it has a deadline, and it is whole or refused."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

LONGEST_SILENCE_S = 10.0
LEAST_BYTES_PER_S = 16 * 1024
SMALL_BYTES = 128 * 1024
"""Up to here a body is read in one go; beyond it waits in a file, so that strangers fill no memory."""


class Arriving(Protocol):
    """A body that is under way: whole when awaited as a call, or piece by piece."""

    def __call__(self) -> Awaitable[bytes]:
        """All of it; empty when it broke off."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Its pieces. An empty one stands at the end, and one before that where it broke off."""
        ...


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of one request."""

    file: IO[bytes]
    size: int


class BodyRefused(Exception):
    """A body that is not taken. `status` is that of the answer, the text says what to do."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True, slots=True)
class Framing:
    """How a request says where its body ends: by a length in bytes (0 without one), or None where it comes in chunks."""

    length: int | None

    @classmethod
    def of(cls, content_length: str | None, is_chunked: bool) -> "Framing":
        """The framing that the headers tell; the server has checked them."""
        return cls(None if is_chunked else int(content_length or 0))

    @property
    def may_be_large(self) -> bool:
        """Whether the body may have to wait in a file."""
        return self.length is None or self.length > SMALL_BYTES


async def take_in(arriving: Arriving, framing: Framing, most_bytes: int, folder: Path) -> Body:
    """The whole body; a large one waits in a nameless file of the folder.

    Raises BodyRefused: 413 for more than `most_bytes`, 408 for one that comes too slowly, 400 for one that breaks off.
    """
    length = framing.length
    if length == 0:
        return Body(io.BytesIO(), 0)
    if length is not None and length > most_bytes:
        raise _too_large()
    if length is None or length > SMALL_BYTES:
        return await _take_pieces(arriving, length, most_bytes, folder)
    try:
        async with asyncio.timeout(LONGEST_SILENCE_S + length / LEAST_BYTES_PER_S):
            data = await arriving()
    except TimeoutError:
        raise _too_slow() from None
    except RuntimeError:  # granian's word for a connection that broke off
        raise _broken_off() from None
    if len(data) != length:
        raise _broken_off()
    return Body(io.BytesIO(data), length)


async def _take_pieces(arriving: Arriving, length: int | None, most_bytes: int, folder: Path) -> Body:
    file = tempfile.SpooledTemporaryFile(SMALL_BYTES, dir=str(folder))  # noqa: SIM115 - whoever answers the request closes it
    try:
        size = await _fill(file, arriving, most_bytes)
        if length is not None and size != length:
            raise _broken_off()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Body(file, size)


async def _fill(file: IO[bytes], arriving: Arriving, most_bytes: int) -> int:
    now = asyncio.get_running_loop().time
    size, has_ended, began = 0, False, now()
    try:
        async with asyncio.timeout(LONGEST_SILENCE_S) as deadline:
            async for piece in arriving:
                if has_ended:
                    raise _broken_off()
                has_ended = not piece
                size += len(piece)
                if size > most_bytes:
                    raise _too_large()
                file.write(piece)
                slowest = began + LONGEST_SILENCE_S + size / LEAST_BYTES_PER_S
                deadline.reschedule(min(now() + LONGEST_SILENCE_S, slowest))
    except TimeoutError:
        raise _too_slow() from None
    return size


def _too_large() -> BodyRefused:
    return BodyRefused(
        413, "the body is larger than ONDOL_MAX_BODY_MB allows and nothing of it was kept; send it in parts"
    )


def _too_slow() -> BodyRefused:
    return BodyRefused(
        408, "the body came too slowly and nothing of it was kept; send it in parts, or over a better line"
    )


def _broken_off() -> BodyRefused:
    return BodyRefused(400, "the body broke off and nothing of it was kept; send it again")
