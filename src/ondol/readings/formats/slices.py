"""A large body of line protocol in slices, so that what is made of it while it is read does not grow with it."""

from collections.abc import Iterator

from ondol.common.errors import InvalidInput
from ondol.readings.formats.cut_lines import cut_lines

SLICE_BYTES = 1 << 20
MOST_LINES = 1_000_000


def slices(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Slices of about SLICE_BYTES, each with the number of lines before it; every one ends where a line does.

    Raises InvalidInput when there are more than MOST_LINES.
    """
    if len(body) <= SLICE_BYTES:
        yield 0, body
        return
    if body.count(b"\n") > MOST_LINES:
        raise InvalidInput(f"the body has more than {MOST_LINES:,} lines; send it in parts")
    start = before = 0
    for end in [*(_borders_beside_texts(body) if b'"' in body else _borders(body)), len(body)]:
        part = body[start:end]
        yield before, part
        before += part.count(b"\n")
        start = end


def _borders(body: bytes) -> Iterator[int]:
    border = body.find(b"\n", SLICE_BYTES) + 1
    while border and border < len(body):
        yield border
        border = body.find(b"\n", border + SLICE_BYTES) + 1


def _borders_beside_texts(body: bytes) -> Iterator[int]:
    """Borders where no text is open."""
    start = end = 0
    for _, line in cut_lines(body):
        if line == b"\n":
            return
        if end - start >= SLICE_BYTES:
            yield end
            start = end
        end += len(line) + 1
