"""The quick way through line protocol: bodies whose every line is `head field=number[,name="text"...] stamp`, as most devices send.

Lines are cut in columns, and what repeats (heads, fields, texts) is checked once; a body in which anything else stands takes the
complete way, line by line.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson

from ondol.readings.model import LARGEST_VALUE, TELLING_TEXTS, UNIT_TEXTS, Form, Sent, SentLines, Submission

_HEAD = re.compile(r'\n[^ "\n\r\t#][^ "\n\r\t]*')
_NAME = re.compile(r'[^ =,"\n\r\t]+')
_TEXTS = re.compile(r'(,[^ =,"\n\r\t]+="[^"\n\r]*")*')
_NUMBERS = re.compile(r"[-+0-9.eE,]+")
_STAMPS = re.compile(r"[0-9,]+")
REMEMBERED = 20_000
"""Heads that are kept parsed: devices send the same ones again and again."""
LONGEST_REMEMBERED = 400
"""Longer heads are parsed anew each time, so that nobody fills the memory with what is remembered."""
MOST_US = 2**62
"""Times beyond this do not fit into any store."""
_TELLING = re.compile(f',({"|".join(TELLING_TEXTS)})="([^"]*)"')

Described = tuple[str, Sent]
"""The name of a series, and what came along with it."""

Texts = tuple[tuple[str, str], ...]
"""Text fields that say what a number is, by name."""

Describe = Callable[[str, str, Texts], Described]
"""Describes a series by what stands before the fields, the field's name and the texts beside it; raises ValueError when it is bad."""

_Kind = tuple[str, str]
"""What stands around the number of a line's fields: the field's name, and the texts from their comma on."""


def parse_plain_lines(body: bytes, unit_ns: int, describe: Describe) -> Submission | None:
    """All readings of the body, or None when it is not plain or anything in it is wrong."""
    columns = _cut(body)
    if columns is None:
        return None
    heads, fields, stamps = columns
    try:
        kinds, values, is_json = _one_kind(fields) or _many_kinds(fields)
        times = _json_numbers(",".join(stamps), _STAMPS, len(stamps))
        if max(times) * unit_ns > MOST_US * 1000 or not -LARGEST_VALUE < min(values) <= max(values) < LARGEST_VALUE:
            return None
        texts = {kind: _telling(kind) for kind in set(kinds)}
        sources, described = _sources(heads, kinds, texts, describe)
    except ValueError:
        return None
    # What JSON takes for a number every InfluxDB does, too; stamps are kept to the microsecond.
    says_the_same = is_json and (unit_ns >= 1000 or not any(time * unit_ns % 1000 for time in times))
    units = {kind: _unit(some) for kind, some in texts.items()}
    row_units = _units(kinds, units, len(values)) if any(units.values()) else None
    if _may_name_units(body):
        row_units = _units_of_names(heads, kinds, row_units, described)
    forms = {form: source for form, (source, _) in described.items()} if says_the_same else {}
    return Submission(
        sources,
        _times_us(times, unit_ns),
        values,
        range(1, len(values) + 1),
        row_units,
        dict(described.values()),
        sent=SentLines(body.rstrip(b"\n"), unit_ns, forms) if says_the_same else None,
        stamp_ns=unit_ns,
    )


def _cut(body: bytes) -> tuple[Sequence[str], ...] | None:
    """Heads (each behind its line break), fields and stamps of the lines; None when a line has another form."""
    try:
        text = "\n" + body.decode().rstrip("\n")
    except UnicodeDecodeError:
        return None
    if "\\" in text or "\r" in text:
        return None
    # A space within a text makes a fourth part: then the complete way reads the body.
    parts = text.replace("\n", " \n").split(" ")
    heads, fields, stamps = parts[1::3], parts[2::3], parts[3::3]
    # Every head begins with a line break, and there are no others: so each line has three parts.
    if len(heads) != len(stamps) or text.count("\n") != len(heads) or not all(map(_is_head, set(heads))):
        return None
    return heads, fields, stamps


def _is_head(head: str) -> bool:
    return _is_head_remembered(head) if len(head) <= LONGEST_REMEMBERED else _HEAD.fullmatch(head) is not None


@lru_cache(REMEMBERED)
def _is_head_remembered(head: str) -> bool:
    return _HEAD.fullmatch(head) is not None


def _one_kind(fields: Sequence[str]) -> tuple[list[_Kind], list[float], bool] | None:
    """The only kind of all fields and their numbers; None when they are not all of one kind."""
    kind = _split(fields[0])[1]
    name, texts = kind
    spaced = " " + " ".join(fields) + " "
    # Without what repeats, the numbers are left; a field of another form leaves a letter or a space, or the length tells.
    numbers = spaced.replace(texts + " ", " ").replace(f" {name}=", ",")
    if len(numbers) != len(spaced) - len(fields) * (len(texts) + len(name) + 1) or not _is_well_formed(kind):
        return None
    try:
        return [kind], _json_numbers(numbers[1:-1], _NUMBERS, len(fields)), True
    except ValueError:
        return None


def _many_kinds(fields: Sequence[str]) -> tuple[list[_Kind], list[float], bool]:
    """The kind of each field, the numbers, and whether JSON takes them all. Raises ValueError."""
    numbers, kinds = zip(*map(_split, fields), strict=True)
    if not all(map(_is_well_formed, set(kinds))):
        raise ValueError("a field is not plain")
    text = ",".join(numbers)
    try:
        return list(kinds), _json_numbers(text, _NUMBERS, len(fields)), True
    except ValueError:
        # The signs are checked: float() takes more, such as "nan" and "1_000".
        if not _NUMBERS.fullmatch(text):
            raise
        return list(kinds), list(map(float, numbers)), False


def _split(field: str) -> tuple[str, _Kind]:
    name, _, rest = field.partition("=")
    number, comma, texts = rest.partition(",")
    return number, (name, comma + texts)


def _is_well_formed(kind: _Kind) -> bool:
    name, texts = kind
    return bool(_NAME.fullmatch(name) and _TEXTS.fullmatch(texts))


def _json_numbers(text: str, signs: re.Pattern[str], count: int) -> list[Any]:
    """The numbers that stand between commas. Raises ValueError when they are not so many."""
    if not signs.fullmatch(text):
        raise ValueError("there is more than numbers")
    numbers = orjson.loads(f"[{text}]")
    if len(numbers) != count:
        raise ValueError("a number is missing or one too many")
    return numbers


def _sources(
    heads: Sequence[str], kinds: Sequence[_Kind], texts: dict[_Kind, Texts], describe: Describe
) -> tuple[list[str], dict[Form, Described]]:
    """The source of each line, and each form that occurs, described."""
    if len(kinds) == 1:
        ((kind, some),) = texts.items()
        name, rest = kind
        known = {head: describe(head[1:], name, some) for head in set(heads)}
        source_of = {head: source for head, (source, _) in known.items()}
        return list(map(source_of.__getitem__, heads)), {(head[1:], name, rest): it for head, it in known.items()}
    series = list(zip(heads, kinds, strict=True))
    each = {(head, kind): describe(head[1:], kind[0], texts[kind]) for head, kind in set(series)}
    return [each[one][0] for one in series], {(head[1:], *kind): it for (head, kind), it in each.items()}


def _units(kinds: Sequence[_Kind], units: dict[_Kind, str | None], count: int) -> list[str | None]:
    return list(map(units.__getitem__, kinds)) if len(kinds) > 1 else [units[kinds[0]]] * count


def _may_name_units(body: bytes) -> bool:
    """Whether a unit may stand in a head: as a tag, or as the measurement of an entity of Home Assistant."""
    return b",entity_id=" in body or body.count(b",unit=") > body.count(b',unit="')


def _units_of_names(
    heads: Sequence[str], kinds: Sequence[_Kind], units: list[str | None] | None, described: dict[Form, Described]
) -> list[str | None] | None:
    """The units of the lines, from their heads where the fields do not say."""
    named = {form: sent.unit_of_name for form, (_, sent) in described.items()}
    if not any(named.values()):
        return units
    each = kinds if len(kinds) > 1 else [kinds[0]] * len(heads)
    of_names = [named[head[1:], *kind] for head, kind in zip(heads, each, strict=True)]
    return of_names if units is None else [unit or it for unit, it in zip(units, of_names, strict=True)]


def _telling(kind: _Kind) -> Texts:
    return tuple(dict(_TELLING.findall(kind[1])).items()) if kind[1] else ()


def _unit(texts: Texts) -> str | None:
    if not texts:
        return None
    given = dict(texts)
    return next((given[name] for name in UNIT_TEXTS if given.get(name)), None)


def _times_us(times: Iterable[int], unit_ns: int) -> list[int]:
    if unit_ns < 1000:
        return [time * unit_ns // 1000 for time in times]
    unit_us = unit_ns // 1000
    return [time * unit_us for time in times]
