"""What a file may ask of the machine before it is read: whoever sends it must not decide how much memory it takes."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from ondol.common.errors import InvalidInput
from ondol.common.messages import said

MOST_UNZIPPED_MB = 256
MOST_CELLS = 10_000_000
LONGEST_LABEL = 500
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "cp949", "euc-kr", "johab", "cp1250", "cp1251",
    "cp1252", "cp1253", "cp1254", "cp1257", "cp932", "shift_jis", "euc-jp", "gbk", "gb18030", "big5", "latin-1", "iso-8859-1",
    "iso-8859-2", "iso-8859-15", "cp437", "cp850", "mac-roman",
)  # fmt: skip
"""Encodings that files of meters are written in; others exist that take a minute for a megabyte."""
_CHUNK = 1 << 20
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_LONGEST_REFERENCE = 16


def check_encoding(encoding: str, file: str) -> None:
    """Raises InvalidInput for an encoding that is not among ENCODINGS."""
    if encoding.lower().replace("_", "-") not in {name.replace("_", "-") for name in ENCODINGS}:
        raise InvalidInput(
            said(
                "%(file)s: the encoding %(encoding)s is not read; give one of %(encodings)s.",
                file=file,
                encoding=repr(encoding[:40]),
                encodings=", ".join(ENCODINGS),
            )
        )


def check_labels(names: list[str], file: str) -> None:
    """Raises InvalidInput when a column's header is longer than any header is."""
    for position, name in enumerate(names, 1):
        if len(name) > LONGEST_LABEL:
            raise InvalidInput(
                said(
                    "%(file)s: the header of column %(position)s has %(name)s characters (limit %(longest_label)s); name the "
                    "columns in one short line.",
                    file=file,
                    position=position,
                    name=f"{len(name):,}",
                    longest_label=LONGEST_LABEL,
                )
            )


_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
"""What zipfile raises for archives that are none, are damaged or were never meant to be read."""


def check_workbook(data: bytes, file: str) -> None:
    """Raises InvalidInput when a zipped workbook would grow beyond the limits; others are as large as they are."""
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        return
    unzipped_mb = sum(entry.file_size for entry in book.infolist()) / 2**20
    if unzipped_mb > MOST_UNZIPPED_MB:
        raise InvalidInput(
            said(
                "%(file)s unzips to %(unzipped_mb)s MB (limit %(most_unzipped_mb)s); save only the sheet of readings, as .csv.",
                file=file,
                unzipped_mb=f"{unzipped_mb:,.0f}",
                most_unzipped_mb=MOST_UNZIPPED_MB,
            )
        )
    for entry in book.infolist():
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            _check_extent(book, entry, file)


def _check_extent(book: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> None:
    """A sheet is read as wide and as high as its outermost cells are apart."""
    columns = rows = 0
    for letters, digits in _references(book, entry):
        columns, rows = max(columns, _column(letters)), max(rows, int(digits))
        if columns * rows > MOST_CELLS:
            raise InvalidInput(
                said(
                    "%(file)s: a sheet reaches to cell %(column)s%(row)s, which makes %(cells)s cells (limit "
                    "%(most_cells)s); delete the stray cells, or save the readings as .csv.",
                    file=file,
                    column=letters.decode(),
                    row=digits.decode(),
                    cells=f"{columns * rows:,}",
                    most_cells=f"{MOST_CELLS:,}",
                )
            )


def _references(book: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Places of the cells, read in parts, with what a part's border cuts read twice."""
    try:
        with book.open(entry) as sheet:
            rest = b""
            while part := sheet.read(_CHUNK):
                yield from _CELL.findall(rest + part)
                rest = part[-_LONGEST_REFERENCE:]
    except _BROKEN:
        return  # what cannot be unzipped here is told by the reader of workbooks


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
