"""The quick way through line protocol: bodies whose every line is `head field=number stamp`, as most devices send.

Numbers and stamps are checked and converted all at once; whatever is not that plain takes the complete way, line by line.
"""

import re
from collections.abc import Callable

from ondol.domain.readings import LARGEST_VALUE
from ondol.domain.submissions import Submission

_NUMBERS = re.compile(r"(?:[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?,)*", re.ASCII)
_LONGEST_STAMP = 19

SourceOf = Callable[[str, str], str]
"""The name of a series, given what stands before the fields and the field's name; raises ValueError when it is bad."""


def parse_plain_lines(body: bytes, unit_ns: int, source_of: SourceOf) -> Submission | None:
    """All readings of the body, or None when it is not plain or anything in it is wrong."""
    if not body.isascii() or b'"' in body or b"\\" in body or b"#" in body or b"\r" in body:
        return None
    lines = body.decode().rstrip("\n").split("\n")
    sources: list[str] = []
    texts: list[str] = []
    stamps: list[str] = []
    known: dict[tuple[str, str], str] = {}
    try:
        for line in lines:
            head, field, stamp = line.split(" ")
            name, _, text = field.partition("=")
            source = known.get((head, name))
            if source is None:
                source = known[head, name] = source_of(head, name)
            sources.append(source)
            texts.append(text)
            stamps.append(stamp)
    except ValueError:
        return None
    if not _NUMBERS.fullmatch(",".join(texts) + ",") or not "".join(stamps).isdigit():
        return None
    if not all(stamps) or max(map(len, stamps)) > _LONGEST_STAMP:
        return None
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    if not all(-LARGEST_VALUE < value < LARGEST_VALUE for value in values):
        return None
    times_us = [int(stamp) * unit_ns // 1000 for stamp in stamps]
    return Submission(sources, times_us, values, range(1, len(lines) + 1))
