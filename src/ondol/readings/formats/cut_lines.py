"""Line protocol cut into lines: a line break inside a quoted text belongs to the text, as InfluxDB has it.

Whoever logs text through Telegraf sends such breaks raw; a line inside the text is no reading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNS = re.compile(rb'\\.|[ =,"]', re.DOTALL)


@dataclass(slots=True)
class _Scan:
    """How far a line was understood. Quotes mean something only behind the `=` of a field."""

    in_fields: bool = False
    is_quoted: bool = False
    equals: int = 0
    commas: int = 0

    def take(self, text: bytes) -> None:
        """Go on through a part of the line."""
        for found in _SIGNS.finditer(text):
            sign = found[0]
            if self.is_quoted:
                self.is_quoted = sign != b'"'
            elif sign == b" ":
                self.in_fields = True
            elif self.in_fields and sign == b"=":
                self.equals += 1
            elif self.in_fields and sign == b",":
                self.commas += 1
            elif self.in_fields and sign == b'"':
                self.is_quoted = self.equals > self.commas


def cut_lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line with the number of the line break before it, from 1. Of a text that is not closed each line ends in `\\n`: it is none."""
    scan, opened, start, number = _Scan(), 1, 0, 0
    position = 0
    while position <= len(body):
        end = body.find(b"\n", position)
        end = len(body) if end < 0 else end
        number += 1
        is_comment = position == start and body[position:end].lstrip()[:1] == b"#"
        if scan.is_quoted or (b'"' in body[position:end] and not is_comment):
            scan.take(body[position:end])
        if not scan.is_quoted:
            yield opened, body[start:end]
            scan, opened, start = _Scan(), number + 1, end + 1
        position = end + 1
    for swallowed in range(opened, number + 1 if scan.is_quoted else opened):
        yield swallowed, b"\n"
