"""A journal on disk: what it has taken survives a crash.

Batches that arrive while a sync runs share the next one (group commit). A record is a length, a CRC-32 and an Arrow IPC
stream; a torn record at the end of a segment was never acknowledged and is dropped.
"""

import io
import os
import queue
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import polars as pl

from ondol.common.errors import StoreUnavailable

_HEADER = struct.Struct("<II")
_MOST_ROWS_A_SYNC = 200_000
_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)

Waiting = tuple[pl.DataFrame, Future[None]]


class Journal:
    """Numbered segment files in one folder, written by one thread.

    `on_durable` is called in that thread with the batches of each sync, before their `append` returns.
    """

    def __init__(self, folder: Path, on_durable: Callable[[list[pl.DataFrame]], None], after: int = 0) -> None:
        """Begin beyond the segment `after`: a number that is in the table already must not come again."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._on_durable = on_durable
        self._segment = max([*self._segments(), after]) + 1
        self._file: io.FileIO | None = None
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, batch: pl.DataFrame) -> None:
        """Return when the batch is on disk. Raises StoreUnavailable when the disk refuses it."""
        if self._closed:
            raise StoreUnavailable("Ondol is shutting down; send the readings again")
        durable: Future[None] = Future()
        self._queue.put((batch, durable))
        durable.result()

    def rotate(self, take: Callable[[], None]) -> int:
        """Close the segment and start the next; `take` runs while nothing is written. Returns the closed number."""
        with self._lock:
            take()
            closed = self._segment
            self._close_file()
            self._segment += 1
            return closed

    def replay(self) -> Iterator[pl.DataFrame]:
        """The batches of all earlier segments, in the order in which they were taken.

        One that is in the table too, because the process ended before its file was removed, changes nothing.
        """
        for number in self._segments():
            if number < self._segment:
                yield from _records(self._path(number).read_bytes())

    def remove_until(self, number: int) -> None:
        """Delete the segments up to and including the number."""
        for old in self._segments():
            if old <= number:
                self._path(old).unlink()

    def close(self) -> None:
        """Sync what waits, then stop."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        with self._lock:
            self._close_file()

    def _run(self) -> None:
        open_ = True
        while open_:
            group, open_ = self._next_group()
            if group:
                self._write_group(group)

    def _next_group(self) -> tuple[list[Waiting], bool]:
        group: list[Waiting] = []
        rows = 0
        item = self._queue.get()
        while item is not None:
            group.append(item)
            rows += item[0].height
            if rows >= _MOST_ROWS_A_SYNC:
                return group, True
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _write_group(self, group: list[Waiting]) -> None:
        batches = [batch for batch, _ in group]
        try:
            with self._lock:
                self._write(b"".join(map(_record, batches)))
                self._on_durable(batches)
        except BaseException as error:
            refused = StoreUnavailable(f"the readings could not be written to {self._folder}: {error}")
            refused.__cause__ = error
            for _, durable in group:
                durable.set_exception(refused)
        else:
            for _, durable in group:
                durable.set_result(None)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            self._file = io.FileIO(self._path(self._segment), "ab")
        start = self._file.tell()
        try:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            _sync(self._file.fileno())
        except OSError:
            # What is half written must not stand before the next record.
            self._file.truncate(start)
            raise

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:010d}.journal"

    def _segments(self) -> list[int]:
        return sorted(int(path.stem) for path in self._folder.glob("*.journal"))


def _record(batch: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    batch.write_ipc_stream(buffer, compression="uncompressed")
    body = buffer.getvalue()
    return _HEADER.pack(len(body), zlib.crc32(body)) + body


def _records(data: bytes) -> Iterator[pl.DataFrame]:
    offset = 0
    while offset + _HEADER.size <= len(data):
        length, checksum = _HEADER.unpack_from(data, offset)
        body = data[offset + _HEADER.size : offset + _HEADER.size + length]
        if len(body) < length or zlib.crc32(body) != checksum:
            return
        yield pl.read_ipc_stream(io.BytesIO(body))
        offset += _HEADER.size + length
