"""The quick way through line protocol: bodies whose every line is `head field=number[,name="text"...] stamp`, as most devices send.

One pattern checks and cuts all lines at once; a body in which anything else stands takes the complete way, line by line.
"""

import re
from collections.abc import Callable, Sequence

from ondol.domain.readings import LARGEST_VALUE
from ondol.domain.submissions import Submission

_LINE = re.compile(
    r"""^([^ "\\\n\r\t\#][^ "\\\n\r\t]*)[ ]              # measurement and tags
    ([^ =,"\\\n\r\t]+)=                                  # field
    ([-+0-9.eE]+)                                        # number, which float() checks
    ((?:,[^ =,"\\\n\r\t]+="[^"\\\n]*")*)[ ]              # text fields
    ([0-9]{1,19})$                                       # stamp""",
    re.MULTILINE | re.VERBOSE,
)
_UNIT = re.compile(r',unit="([^"]*)"')

SourceOf = Callable[[str, str, str | None], str]
"""The name of a series, given what stands before the fields, the field's name and its unit; raises ValueError when it is bad."""


def parse_plain_lines(body: bytes, unit_ns: int, source_of: SourceOf) -> Submission | None:
    """All readings of the body, or None when it is not plain or anything in it is wrong."""
    try:
        text = body.decode().rstrip("\n")
    except UnicodeDecodeError:
        return None
    lines = _LINE.findall(text)
    if len(lines) != text.count("\n") + 1:
        return None
    heads, names, numbers, texts, stamps = zip(*lines, strict=True)
    try:
        values = list(map(float, numbers))
    except ValueError:
        return None
    if not -LARGEST_VALUE < min(values) <= max(values) < LARGEST_VALUE:
        return None
    series = list(zip(heads, names, texts, strict=True))
    units = {each: _unit(each[2]) for each in set(series)}
    try:
        known = {each: source_of(each[0], each[1], unit) for each, unit in units.items()}
    except ValueError:
        return None
    return Submission(
        [known[each] for each in series],
        _times_us(stamps, unit_ns),
        values,
        range(1, len(lines) + 1),
        [units[each] for each in series] if any(units.values()) else None,
    )


def _unit(texts: str) -> str | None:
    found = _UNIT.findall(texts)
    return found[-1] if found else None


def _times_us(stamps: Sequence[str], unit_ns: int) -> list[int]:
    if unit_ns < 1000:
        return [int(stamp) * unit_ns // 1000 for stamp in stamps]
    unit_us = unit_ns // 1000
    return [int(stamp) * unit_us for stamp in stamps]
