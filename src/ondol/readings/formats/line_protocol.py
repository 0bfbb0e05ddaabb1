"""InfluxDB line protocol, as Telegraf, Home Assistant and ESP devices send it.

Numbers and booleans become readings. Text fields are no readings; those that say what the numbers are (TELLING_TEXTS) are understood.
A bad line is refused alone; every other line counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ondol.readings.formats.cut_lines import cut_lines
from ondol.readings.formats.plain_lines import (
    LONGEST_REMEMBERED,
    MOST_US,
    REMEMBERED,
    Described,
    Texts,
    parse_plain_lines,
)
from ondol.readings.formats.slices import SLICE_BYTES
from ondol.readings.model import (
    LARGEST_VALUE,
    LONGEST_SOURCE,
    TELLING_TEXTS,
    UNIT_TEXTS,
    Refusal,
    Sent,
    Submission,
)
from ondol.readings.rules.stamps import of_stamp

PRECISIONS_NS = {
    "ns": 1,
    "n": 1,
    "us": 1_000,
    "u": 1_000,
    "µ": 1_000,
    "ms": 1_000_000,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
LONGEST_HEAD = 4_000
"""Characters of measurement and tags."""
LONGEST_LINE = 1_000_000
"""Bytes."""
LARGEST_SLICE = SLICE_BYTES + LONGEST_LINE
MOST_FIELDS = 1_000
"""Fields of a line."""
_SHOWN = 60
_SENSOR_READINGS = "sensor_readings"
_INTEGER = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_BOOLEANS = {
    "t": 1.0,
    "T": 1.0,
    "true": 1.0,
    "True": 1.0,
    "TRUE": 1.0,
    "f": 0.0,
    "F": 0.0,
    "false": 0.0,
    "False": 0.0,
    "FALSE": 0.0,
}

Tags = dict[str, str]


class BadLine(ValueError):
    """A line that is no line protocol; the message says why."""


@dataclass(slots=True)
class _Series:
    """What stands before the fields of a line: measurement and tags."""

    measurement: str
    tags: Tags


def parse_line_protocol(body: bytes, precision: str, now_us: int) -> Submission:
    """Readings of a body. `precision` is that of the stamps (PRECISIONS_NS); a line without a stamp is stamped now."""
    # Only a line that is refused for its length makes a slice so large: it is not worth taking apart.
    plain = parse_plain_lines(body, PRECISIONS_NS[precision], _describe) if len(body) <= LARGEST_SLICE else None
    if plain is not None:
        return plain
    parser = _Parser(PRECISIONS_NS[precision], now_us)
    for number, raw in cut_lines(body):
        try:
            if raw == b"\n":
                raise BadLine(
                    "it belongs to a text that is not closed: a quote stands open in it or in a line before it"
                )
            if len(raw) > LONGEST_LINE:
                raise BadLine(f"the line is longer than {LONGEST_LINE:,} bytes")
            line = raw.decode().strip("\r \t")
            if line and line[0] != "#":
                parser.take(line, number)
        except UnicodeDecodeError:
            parser.refusals.append(Refusal(number, "the line is not UTF-8"))
        except BadLine as error:
            parser.refusals.append(Refusal(number, str(error)))
    return parser.submission()


class _Parser:
    """Gathers the readings of one line after the other."""

    def __init__(self, unit_ns: int, now_us: int) -> None:
        self._unit_ns = unit_ns
        self._now_us = now_us
        self._sources: list[str] = []
        self._times_us: list[int] = []
        self._values: list[float] = []
        self._lines: list[int] = []
        self._units: list[str | None] = []
        self._details: dict[str, Sent] = {}
        self._known: dict[tuple[str, str], str] = {}
        self._unit_of: dict[tuple[str, str], str | None] = {}
        self.refusals: list[Refusal] = []

    def take(self, line: str, number: int) -> None:
        """Add what the line holds, or raise BadLine and add nothing."""
        head, fields, stamp = _split(line)
        _check_length(head)
        _parse_head(head)
        time_us = self._now_us if stamp is None else _to_us(stamp, self._unit_ns)
        texts: dict[str, str] = {}
        values: list[tuple[str, float]] = []
        for name, text in _fields(fields):
            value = _number(name, text)
            if value is not None:
                values.append((name, value))
            elif name in TELLING_TEXTS:
                texts[name] = _unquoted(text)
        unit = next((texts[name] for name in UNIT_TEXTS if texts.get(name)), None)
        for name, value in values:
            source = self._source_of(head, name, texts)
            self._sources.append(source)
            self._times_us.append(time_us)
            self._values.append(value)
            self._lines.append(number)
            self._units.append(unit or self._unit_of[head, name])

    def submission(self) -> Submission:
        """All that was gathered."""
        units = self._units if any(self._units) else None
        columns = self._sources, self._times_us, self._values, self._lines, units
        return Submission(*columns, self._details, self.refusals, stamp_ns=self._unit_ns)

    def _source_of(self, head: str, field: str, texts: dict[str, str]) -> str:
        source = self._known.get((head, field))
        if source is None:
            source, details = _describe(head, field, tuple(texts.items()))
            self._known[head, field] = source
            self._unit_of[head, field] = details.unit_of_name
            self._details[source] = details
        return source


def _describe(head: str, field: str, texts: Texts) -> Described:
    """The source and what is known of it. Raises BadLine."""
    _check_length(head)
    told = sum(len(text) for _, text in texts) if texts else 0
    of_usual_length = len(head) + len(field) + told <= LONGEST_REMEMBERED
    return (_describe_remembered if of_usual_length else _describe_anew)(head, field, texts)


def _check_length(head: str) -> None:
    if len(head) > LONGEST_HEAD:
        raise BadLine(f"measurement and tags are longer than {LONGEST_HEAD:,} characters")


def _describe_anew(head: str, field: str, texts: Texts) -> Described:
    series = _parse_head(head)
    source = source_of(series.measurement, series.tags, field)
    if "\0" in source:
        raise BadLine("a name holds a NUL character")
    if len(source) > LONGEST_SOURCE:
        raise BadLine(f"measurement, tags and field are longer than {LONGEST_SOURCE} characters")
    return source, Sent(series.measurement, field, series.tags, dict(texts))


_describe_remembered = lru_cache(REMEMBERED)(_describe_anew)


def source_of(measurement: str, tags: Mapping[str, str], field: str) -> str:
    """The name under which a field of such lines sends a point."""
    if "point" in tags:
        return tags["point"] if field == "value" else f"{tags['point']}.{field}"
    if measurement == _SENSOR_READINGS and field == "value":
        parts = [tags.get(name) for name in ("building_id", "floor", "room", "sensor_type")]
        return ".".join(part for part in parts if part) or _SENSOR_READINGS
    rest = ",".join(f"{name}={value}" for name, value in sorted(tags.items()))
    return f"{measurement},{rest} {field}"


def _split(line: str) -> tuple[str, str, str | None]:
    """Measurement with tags, fields, and the stamp or None."""
    if "\\" not in line and '"' not in line:
        parts = line.split(" ")
        if len(parts) == 3:
            return parts[0], parts[1], parts[2]
        if len(parts) == 2:
            return parts[0], parts[1], None
        parts = line.split()
    else:
        parts = _split_outside(line, " ")
    if not 2 <= len(parts) <= 3:
        raise BadLine("a line is: measurement,tags fields [timestamp]; escape spaces in names with a backslash")
    return parts[0], parts[1], parts[2] if len(parts) == 3 else None


def _parse_head(head: str) -> _Series:
    return _parse_head_remembered(head) if len(head) <= LONGEST_REMEMBERED else _parse_head_anew(head)


def _parse_head_anew(head: str) -> _Series:
    measurement, *pairs = head.split(",") if "\\" not in head else _split_outside(head, ",", quotes=False)
    if not measurement:
        raise BadLine("the measurement is missing")
    tags: Tags = {}
    for pair in pairs:
        name, equals, value = _pair(pair)
        if not (name and equals and value):
            raise BadLine(f"the tag {pair[:_SHOWN]!r} is not name=value")
        tags[_unescaped(name)] = _unescaped(value)
    return _Series(_unescaped(measurement), tags)


_parse_head_remembered = lru_cache(REMEMBERED)(_parse_head_anew)


def _fields(text: str) -> list[tuple[str, str]]:
    if "," not in text and "\\" not in text and '"' not in text:
        pairs = [text]
    else:
        pairs = _split_outside(text, ",")
    if len(pairs) > MOST_FIELDS:
        raise BadLine(f"the line has more than {MOST_FIELDS:,} fields; send them in several lines")
    fields: list[tuple[str, str]] = []
    for pair in pairs:
        name, equals, value = _pair(pair)
        if not (name and equals and value):
            raise BadLine(f"the field {pair[:_SHOWN]!r} is not name=value")
        fields.append((_unescaped(name), value))
    return fields


def _pair(text: str) -> tuple[str, str, str]:
    if "\\" not in text:
        return text.partition("=")
    parts = _split_outside(text, "=", quotes=False)
    return parts[0], "=" if len(parts) > 1 else "", "=".join(parts[1:])


def _number(name: str, text: str) -> float | None:
    """The value of a number or boolean, None for text. Raises BadLine for anything else."""
    if text[0] == '"':
        if len(text) < 2 or text[-1] != '"':
            raise BadLine(f"the text of field {name[:_SHOWN]!r} has no closing quote")
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[-1] in "iu" and _INTEGER.fullmatch(text, 0, len(text) - 1):
        return float(text[:-1])
    if _FLOAT.fullmatch(text):
        value = float(text)
        if abs(value) < LARGEST_VALUE:
            return value
    raise BadLine(
        f"the value {text[:40]!r} of field {name[:_SHOWN]!r} is not a finite number within ±{LARGEST_VALUE:g}, a boolean or quoted text"
    )


def _to_us(stamp: str, unit_ns: int) -> int:
    if not _INTEGER.fullmatch(stamp):
        raise BadLine(f"the timestamp {stamp[:40]!r} is not a whole number")
    time_us = int(stamp) * unit_ns // 1000
    if abs(time_us) > MOST_US:
        raise BadLine(of_stamp(int(stamp), unit_ns))
    return time_us


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([,= \\])", r"\1", text) if "\\" in text else text


def _split_outside(text: str, separator: str, *, quotes: bool = True) -> list[str]:
    """Split at separators that stand neither behind a backslash nor inside quotes."""
    parts: list[str] = []
    start = 0
    quoted = escaped = False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and quotes:
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(text[start:position])
            start = position + 1
    if quoted:
        raise BadLine("a quote is not closed")
    parts.append(text[start:])
    return [part for part in parts if part] if separator == " " else parts
