"""The quick way through line protocol: bodies whose every line is `head field=number[,name="text"...] stamp`, as most devices send.

Lines are cut in columns, and what repeats (heads, fields, texts) is checked once; a body in which anything else stands takes the
complete way, line by line.
"""

import re
from collections.abc import Callable, Sequence

from ondol.domain.readings import LARGEST_VALUE
from ondol.domain.submissions import Submission

_HEAD = re.compile(r'[^ "\n\r\t#][^ "\n\r\t]*')
_FIELD = re.compile(r'[^ =,"\n\r\t]+')
_TEXTS = re.compile(r'([^ =,"\n\r\t]+="[^"\n\r]*"(,[^ =,"\n\r\t]+="[^"\n\r]*")*)?')
_NUMBERS = re.compile(r"[-+0-9.eE,]+")
_STAMPS = re.compile(r"[0-9]+")
_LONGEST_STAMP = 19
_UNIT = re.compile(r'(?:^|,)unit="([^"]*)"')

SourceOf = Callable[[str, str, str | None], str]
"""The name of a series, given what stands before the fields, the field's name and its unit; raises ValueError when it is bad."""


def parse_plain_lines(body: bytes, unit_ns: int, source_of: SourceOf) -> Submission | None:
    """All readings of the body, or None when it is not plain or anything in it is wrong."""
    columns = _cut(body)
    if columns is None:
        return None
    heads, names, numbers, texts, stamps = columns
    # The signs of numbers and stamps are checked here: float() and int() take more, such as "nan" and "1_000".
    if not _NUMBERS.fullmatch(",".join(numbers)) or not _STAMPS.fullmatch("".join(stamps)):
        return None
    if not all(map(_HEAD.fullmatch, set(heads))) or not all(map(_FIELD.fullmatch, set(names))):
        return None
    units = {text: _unit(text) for text in set(texts)}
    try:
        values, times_us = list(map(float, numbers)), _times_us(stamps, unit_ns)
        sources = _sources(heads, names, texts, units, source_of)
    except ValueError:
        return None
    if not -LARGEST_VALUE < min(values) <= max(values) < LARGEST_VALUE:
        return None
    has_units = any(units.values())
    return Submission(
        sources, times_us, values, range(1, len(values) + 1), list(map(units.__getitem__, texts)) if has_units else None
    )


def _cut(body: bytes) -> tuple[Sequence[str], ...] | None:
    """Heads, field names, numbers, text fields and stamps of the lines; None when a line has another form."""
    try:
        text = body.decode().rstrip("\n")
    except UnicodeDecodeError:
        return None
    if "\\" in text or "\r" in text:
        return None
    try:
        # A space within a text makes a fourth part: then the complete way reads the body.
        heads, fields, stamps = zip(*[line.split(" ") for line in text.split("\n")], strict=True)
        names, _, rest = zip(*[field.partition("=") for field in fields], strict=True)
    except ValueError:
        return None
    numbers, _, texts = zip(*[part.partition(",") for part in rest], strict=True)
    if max(map(len, stamps)) > _LONGEST_STAMP or not min(map(len, stamps)) or not min(map(len, numbers)):
        return None
    return (heads, names, numbers, texts, stamps) if all(map(_TEXTS.fullmatch, set(texts))) else None


def _sources(
    heads: Sequence[str], names: Sequence[str], texts: Sequence[str], units: dict[str, str | None], source_of: SourceOf
) -> list[str]:
    if len(set(names)) == len(units) == 1:
        name, unit = names[0], units[texts[0]]
        known = {head: source_of(head, name, unit) for head in set(heads)}
        return list(map(known.__getitem__, heads))
    series = list(zip(heads, names, texts, strict=True))
    each = {one: source_of(one[0], one[1], units[one[2]]) for one in set(series)}
    return list(map(each.__getitem__, series))


def _unit(texts: str) -> str | None:
    found = _UNIT.findall(texts)
    return found[-1] if found else None


def _times_us(stamps: Sequence[str], unit_ns: int) -> list[int]:
    if unit_ns < 1000:
        return [int(stamp) * unit_ns // 1000 for stamp in stamps]
    unit_us = unit_ns // 1000
    return [int(stamp) * unit_us for stamp in stamps]
