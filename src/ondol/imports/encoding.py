"""From bytes to text: which encoding a file is written in."""

import codecs

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.limits import check_encoding

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


def decode(data: bytes, encoding: str | None, file: str) -> tuple[str, list[str]]:
    """The text of a file and notes on how it was read; `encoding` None detects it.

    Raises InvalidInput for what is no text.
    """
    if encoding is not None:
        check_encoding(encoding, file)
        return _decode_as(data, encoding, file), []
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, name, file), [] if name == "utf-8-sig" else [
                said("The encoding is %(name)s.", name=name)
            ]
    if (guess := _utf16_without_mark(data)) is not None:
        return _decode_as(data, guess, file), [said("The encoding was taken as %(guess)s.", guess=guess)]
    if b"\0" in data[:4096]:
        raise InvalidInput(said("%(file)s is not a text file; give CSV text or an Excel workbook (.xlsx).", file=file))
    for name in ("utf-8", "cp949", "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return text, [] if name == "utf-8" else [said("The encoding was taken as %(name)s.", name=name)]
    return data.decode("utf-8", errors="replace"), [
        said("Some bytes are not UTF-8 and were replaced; give --encoding.")
    ]


def _decode_as(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InvalidInput(
            said(
                "%(file)s: unknown encoding %(encoding)s; try utf-8, cp949 or utf-16.",
                file=file,
                encoding=repr(encoding),
            )
        ) from None
    except (UnicodeError, ValueError) as error:
        raise InvalidInput(
            said(
                "%(file)s is not written in %(encoding)s: %(error)s; give another --encoding.",
                file=file,
                encoding=encoding,
                error=error,
            )
        ) from None


def _utf16_without_mark(data: bytes) -> str | None:
    """The byte order when every other byte of the beginning is nearly always zero, as in ASCII written as UTF-16."""
    head = data[:2000]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.7 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None
