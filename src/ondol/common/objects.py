"""Files that are kept whole: trained models, reports, backups."""

from typing import Protocol


class Objects(Protocol):
    """Contents by key. A key is written like a path (`models/본관/load.txt`), in any script.

    Guarantees: an object is whole or absent, never half, whatever is killed meanwhile, and whoever reads sees the old content
    or the new one; it is durable when `put` returns. Safe to call from many threads and processes; of two writers the last
    wins. While the store is away every call raises StoreUnavailable, soon; a later call finds it when it is back.

    A key has at most 900 bytes, without a leading slash, empty or hidden (`.x`, `..`) parts, signs that cannot be seen, and
    what some file system forbids: otherwise InvalidInput. Keys differ by more than upper and lower case, and a key is not the
    folder of another one (`a` beside `a/b`), for a folder of files cannot hold both.
    """

    def put(self, key: str, content: bytes) -> None:
        """Keep the content, in place of what the key had. Raises InvalidInput."""
        ...

    def get(self, key: str) -> bytes:
        """Raises NotFound."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, *keys: str) -> None:
        """Those that do not exist are passed over."""
        ...

    def list(self, prefix: str) -> list[str]:
        """Keys that begin with the prefix, sorted. It need not end at a slash; an empty one lists everything."""
        ...

    def close(self) -> None: ...
