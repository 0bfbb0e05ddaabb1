"""Which keys an object may have: those that every store can hold, a folder on Windows too."""

import re

from ondol.common.errors import InvalidInput

_MOST_BYTES = 900
_MOST_BYTES_OF_A_PART = 255
_DEVICE = r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)"
_PART = re.compile(rf'(?!\.|{_DEVICE})[^\\:*?"<>|]+(?<![. ])', re.IGNORECASE)


def check_key(key: str) -> str:
    """The key. Raises InvalidInput when it breaks the rules of `Objects`."""
    parts = key.split("/")
    is_seen = key.isprintable()  # so it can be encoded, too
    if is_seen and len(key.encode()) <= _MOST_BYTES and all(map(_is_part, parts)):
        return key
    raise InvalidInput(
        f"{key!r} cannot be the key of an object: write it like models/hq/load.txt, "
        'without a leading slash, "..", names that begin with a dot, and any of \\ : * ? " < > |'
    )


def check_prefix(prefix: str) -> str:
    """The folder that keys with this prefix are in; empty for all. Raises InvalidInput when no key can be there."""
    folder, slash, _ = prefix.rpartition("/")
    return check_key(folder) if slash else ""


def _is_part(part: str) -> bool:
    return _PART.fullmatch(part) is not None and len(part.encode()) <= _MOST_BYTES_OF_A_PART
