"""Files that others send are read in a process of its own, which may take so much memory and time and no more.

A file that takes more ends that process alone; the next file has a new one. Files wait for each other: one is read at a time.
"""

import math
import pickle
import struct
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import IO, Any

from ondol.common.errors import InvalidInput, OndolError
from ondol.common.messages import said
from ondol.imports.files import read_file
from ondol.imports.model import ImportOptions, ParsedFile

MOST_MB = 1536
MOST_SECONDS = 120
KEPT_MB = 160
"""A process that once took more ends and gives its memory back; it needs some 100 to begin with."""
_LENGTH = struct.Struct("<Q")


class ApartReader:
    """Reads files as `read_file` does, in a process that is started at the first one. Safe to call from many threads."""

    def __init__(self, most_mb: int = MOST_MB, most_seconds: float = MOST_SECONDS) -> None:
        self._most_mb = most_mb
        self._most_seconds = most_seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, source: Path | bytes, name: str, options: ImportOptions, building_key: str) -> ParsedFile:
        """See `read_file`. Raises InvalidInput that names the limit, too."""
        with self._turn:
            process = self._running()
            ended = threading.Event()
            timer = threading.Timer(self._most_seconds, lambda: (ended.set(), process.kill()))
            timer.start()
            try:
                answer, has_grown = _ask(process, (source, name, options, building_key))
            except (EOFError, BrokenPipeError, pickle.UnpicklingError):
                self._end()
                limit = (
                    said("%(seconds)s seconds", seconds=f"{self._most_seconds:g}")
                    if ended.is_set()
                    else said("%(most_mb)s MB of memory", most_mb=f"{self._most_mb:,}")
                )
                raise InvalidInput(
                    said(
                        "%(name)s takes more than %(limit)s to read; split it, or save it as plain CSV.",
                        name=name,
                        limit=limit,
                    )
                ) from None
            finally:
                timer.cancel()
            if has_grown:
                self._end()
        if isinstance(answer, Exception):
            try:
                raise answer
            finally:
                # An error that its own frame knows keeps the whole file until garbage is collected, which is seldom.
                del answer
        return answer

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-c", f"from ondol.imports.read_apart import serve; serve({self._most_mb})"]
            self._process = subprocess.Popen(  # noqa: S603  our own command
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def serve(most_mb: int) -> None:
    """What the process does until its standard input ends."""
    _limit_memory(most_mb)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    while (question := _read(questions)) is not None:
        try:
            answer: object = read_file(*question)
        except OndolError as error:
            answer = error
        except MemoryError:
            sys.exit(1)
        except Exception:
            # A fault of ours must not look like a file that is too large.
            answer = RuntimeError(f"the reader failed:\n{traceback.format_exc()}")
        _write(answers, (answer, _peak_mb() > KEPT_MB))


def _peak_mb() -> float:
    """The most memory that this process ever took; infinite where the system does not tell (macOS, Windows): each file has a new one."""
    # What getrusage says begins with the peak of the process that started this one.
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return math.inf
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def _limit_memory(most_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time is still bounded
        return
    resource.setrlimit(resource.RLIMIT_DATA, (most_mb * 2**20, most_mb * 2**20))


def _ask(process: subprocess.Popen[bytes], question: object) -> tuple[ParsedFile | Exception, bool]:
    """The answer, and whether the process took so much memory for it that it should end."""
    assert process.stdin is not None
    assert process.stdout is not None
    _write(process.stdin, question)
    answer = _read(process.stdout)
    if answer is None:
        raise EOFError
    return answer


def _write(stream: IO[bytes], content: object) -> None:
    packed = pickle.dumps(content)
    stream.write(_LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.flush()


def _read(stream: IO[bytes]) -> Any:
    """The next content; None at the end. Both ends are this program's own."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    return pickle.loads(stream.read(length))  # noqa: S301  written by the same program at the other end of the pipe
