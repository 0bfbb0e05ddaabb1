"""Objects as files in a folder, for an installation without an object server."""

import contextlib
import errno
import os
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from ondol.common.errors import InvalidInput, NotFound, StoreUnavailable, WrongConfiguration
from ondol.common.instants import DAY_S
from ondol.stores.objects.keys import check_key, check_prefix

_UNFINISHED = ".unfinished"
_LEFT_OVER_AFTER_S = DAY_S
_TRIES = 10


class FileObjects:
    """`Objects` in a folder, which is made with the first object. A key is the path of its file.

    A content is written and synced beside the objects (in `.unfinished`) and then renamed: docs/decisions/0010-objects.md.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._is_swept = False

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        unfinished = self.folder / _UNFINISHED / uuid4().hex
        with self._reachable():
            _make(unfinished.parent)
            self._sweep()
            try:
                _write(unfinished, content)
                _move(unfinished, path, key)
            finally:
                unfinished.unlink(missing_ok=True)

    def get(self, key: str) -> bytes:
        path = self._path(key)
        with self._reachable(), contextlib.suppress(FileNotFoundError):
            if path.is_file():
                return path.read_bytes()
        raise NotFound(f"there is no object {key!r} in {self.folder}")

    def exists(self, key: str) -> bool:
        path = self._path(key)
        with self._reachable():
            return path.is_file()

    def delete(self, *keys: str) -> None:
        paths = [self._path(key) for key in keys]
        with self._reachable():
            for path in paths:
                if path.is_file():
                    path.unlink(missing_ok=True)
                    self._drop_empty_folders(path.parent)

    def list(self, prefix: str) -> list[str]:
        start = self.folder / check_prefix(prefix)
        found: list[str] = []
        with self._reachable():
            for folder, folders, files in os.walk(start, onerror=_raise_unless_gone):
                folders[:] = [name for name in folders if not name.startswith(".")]
                here = Path(folder).relative_to(self.folder)
                found += [(here / name).as_posix() for name in files if not name.startswith(".")]
        return sorted(key for key in found if key.startswith(prefix))

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def _path(self, key: str) -> Path:
        return self.folder / check_key(key)

    def _sweep(self) -> None:
        """Once a process: remove what killed writers left."""
        if not self._is_swept:
            self._is_swept = True
            before = time.time() - _LEFT_OVER_AFTER_S
            for path in (self.folder / _UNFINISHED).iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()

    def _drop_empty_folders(self, folder: Path) -> None:
        """So that the name of an empty folder can be a key again."""
        with contextlib.suppress(OSError):
            while folder != self.folder:
                folder.rmdir()
                folder = folder.parent

    @contextlib.contextmanager
    def _reachable(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnavailable(
                f"objects in {self.folder} cannot be used ({error.strerror or error}); "
                "check its rights and its disk, or ONDOL_OBJECTS_URL"
            ) from error


def _make(folder: Path) -> None:
    """Make the folder and those above it; their names are durable when it returns."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_names(folder.parent)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(unfinished: Path, path: Path, key: str) -> None:
    """Rename durably. Tried again when a delete beside it has just removed the folder, which was empty."""
    for tries_left in reversed(range(_TRIES)):
        try:
            _make(path.parent)
            if path.is_dir():
                raise FileExistsError
            unfinished.replace(path)
            return _sync_names(path.parent)
        except (FileExistsError, NotADirectoryError) as error:
            raise InvalidInput(f"{key!r} is or needs a folder where other objects are; choose another key") from error
        except FileNotFoundError:
            if not tries_left:
                raise
    return None


def _sync_names(folder: Path) -> None:
    """Make names in the folder durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # what network file systems answer that cannot do it
                raise
        finally:
            os.close(handle)


def _raise_unless_gone(error: OSError) -> None:
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise error


def folder_of(url: str, *, on_windows: bool = os.name == "nt") -> str:
    """The absolute folder of `file:///FOLDER`; `file:///C:/FOLDER` on Windows. Raises WrongConfiguration."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    server = "" if parts.netloc == "localhost" else parts.netloc
    if path[:1] != "/" or not path.strip("/") or (server and not (on_windows and ":" not in server)):
        raise WrongConfiguration(
            "ONDOL_OBJECTS_URL needs an absolute folder: file:///var/lib/ondol/objects, on Windows file:///C:/ondol/objects"
        )
    if server:
        return f"//{server}{path}"
    inner = path.lstrip("/")
    return inner if on_windows and inner[1:2] == ":" else f"/{inner}"


def open_store(url: str) -> FileObjects:
    """`file:///FOLDER`, absolute."""
    return FileObjects(Path(folder_of(url)))
