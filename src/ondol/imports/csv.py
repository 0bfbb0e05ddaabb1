"""Delimited text: CSV, semicolons, tabs, pipes."""

import csv
from collections.abc import Iterator

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.model import REJECTS, ImportOptions
from ondol.imports.table import MAX_COLUMNS, ROW_NAMES, Grid, looks_like_date, rejected

DELIMITERS = {"\t": said("tab"), ";": said("semicolon"), "|": said("pipe"), ",": said("comma")}
_LONGEST_RECORD = 20  # physical lines that one quoted cell may span
_SAMPLE = 200


def read_grid(text: str, notes: list[str], file: str, options: ImportOptions) -> Grid:
    """The rows of a delimited text. Raises InvalidInput when it has no columns or no rows."""
    records, declared = _records(text)
    if records.is_empty():
        raise InvalidInput(said("%(file)s is empty; give a file with a header and rows of readings.", file=file))
    sample = records["text"].head(_SAMPLE).to_list()
    delimiter = _named(options.delimiter) or declared or _delimiter(sample, file, int(records["line"][0]))
    if delimiter != ",":
        notes = [
            *notes,
            said("The delimiter is a %(delimiter)s.", delimiter=DELIMITERS.get(delimiter, repr(delimiter))),
        ]
    return _grid(records, delimiter, notes, file)


def _records(text: str) -> tuple[pl.DataFrame, str | None]:
    """Non-blank records as `line` (of their first line) and `text`, and the delimiter of Excel's `sep=;` line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    declared = None
    if len(lines[0]) == 5 and lines[0].startswith("sep="):
        declared, lines[0] = lines[0][4], ""
    frame = pl.DataFrame(
        [
            pl.int_range(1, len(lines) + 1, dtype=pl.UInt32, eager=True).alias("line"),
            pl.Series("text", lines, pl.String),
        ]
    )
    if '"' in text and frame.select((pl.col("text").str.count_matches('"', literal=True) % 2).any()).item():
        frame = pl.DataFrame(list(_joined(lines)), schema={"line": pl.UInt32, "text": pl.String}, orient="row")
    return frame.filter(pl.col("text").str.strip_chars() != ""), declared


def _joined(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Records whose quoted cells contain line breaks; a quote that is never closed leaves its line alone."""
    index = 0
    while index < len(lines):
        length = 1
        if lines[index].count('"') % 2:
            ahead = range(index + 1, min(index + _LONGEST_RECORD, len(lines)))
            closing = next((i for i in ahead if lines[i].count('"') % 2), index)
            length = closing - index + 1
        yield index + 1, " ".join(lines[index : index + length])
        index += length


def _named(delimiter: str | None) -> str | None:
    """The delimiter that a person wrote: one sign, `\\t` or `tab`."""
    if delimiter is None:
        return None
    sign = {"\\t": "\t", **{name: sign for sign, name in DELIMITERS.items()}}.get(delimiter, delimiter)
    if len(sign) != 1 or sign in '"\n\r':
        raise InvalidInput(
            said(
                "The delimiter %(delimiter)s is not one sign; give --delimiter ';', ',', '|' or tab.",
                delimiter=repr(delimiter),
            )
        )
    return sign


def _delimiter(sample: list[str], file: str, line: int) -> str:
    """The sign that cuts most rows into the same number of cells; signs that are rare in values go first."""
    best, best_share = "", 0.0
    for sign in DELIMITERS:
        counts = [_unquoted(record).count(sign) for record in sample]
        usual = max(set(counts) - {0}, key=counts.count, default=0)
        share = counts.count(usual) / len(counts) if usual else 0.0
        if share > best_share + 0.15:
            best, best_share = sign, share
    if not best:
        raise InvalidInput(
            said(
                "%(file)s, line %(line)s: no columns found; give --delimiter, or a file with times and values.",
                file=file,
                line=line,
            )
        )
    return best


def _unquoted(record: str) -> str:
    return record if '"' not in record else "".join(record.split('"')[0::2])


def _grid(records: pl.DataFrame, delimiter: str, notes: list[str], file: str) -> Grid:
    """Records cut into cells; those of another width than most are rejected, save the header of row-named data."""
    quoted = records["text"].str.contains('"', literal=True)
    plain, rest = records.filter(~quoted), records.filter(quoted)
    plain = plain.with_columns(width=pl.col("text").str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1)
    parsed = [_cut(record, delimiter) for record in rest["text"]]
    rest = rest.with_columns(width=pl.Series([len(cells) for cells in parsed], dtype=pl.Int64))
    both = pl.concat([plain, rest]).sort("line")
    usual = both.filter(pl.col("width") > 1)["width"].mode()
    width = max(usual.to_list(), default=1)
    if width > MAX_COLUMNS:
        raise InvalidInput(
            said(
                "%(file)s: %(width)s columns are too many (limit %(max_columns)s); give a file of readings.",
                file=file,
                width=width,
                max_columns=MAX_COLUMNS,
            )
        )
    names = [str(i) for i in range(width)]
    cut = plain.filter(width=width).select("line", pl.col("text").str.split_exact(delimiter, width - 1).alias("cells"))
    cut = cut.with_columns(pl.col("cells").struct.rename_fields(names)).unnest("cells")
    by_hand = pl.DataFrame(
        [(line, *cells) for line, cells in zip(rest["line"], parsed, strict=True) if len(cells) == width],
        schema={"line": pl.UInt32, **dict.fromkeys(names, pl.String)},
        orient="row",
    )
    cells = pl.concat([cut, by_hand]).sort("line") if by_hand.height else cut
    cells = cells.with_columns(pl.col(names).str.strip_chars(" \t\u00a0\ufeff"))
    cells = cells.filter(pl.any_horizontal(pl.col(names) != ""))
    odd = both.filter(pl.col("width") != width)
    header = _short_header(odd, cells, delimiter, file)
    above = odd.filter(pl.col("line") < cells["line"][0]) if cells.height else odd.clear()
    if header is not None and header[0] == ROW_NAMES:
        notes = [*notes, said("The first column has no name in the header and was taken as row numbers.")]
    elif header is None and above.height:
        notes = [*notes, said("Skipped %(count)s lines above the header.", count=above.height)]
    odd = odd.join(above, on="line", how="anti")
    reasons = pl.format("has {} cells where the other lines have {}", pl.col("width"), width)
    rejects = (
        rejected(odd["line"], "", odd["text"], odd.select(reasons).to_series())
        if odd.height
        else pl.DataFrame(schema=REJECTS)
    )
    facts = [_cut(str(text), delimiter) for text in above["text"]]
    return Grid(cells["line"], cells.select(names), rejects, notes, delimiter == ",", header, facts)


def _cut(record: str, delimiter: str) -> list[str]:
    """The cells of one record with quotes; an unclosed or broken one is a single cell and so rejected."""
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return []


def _short_header(odd: pl.DataFrame, cells: pl.DataFrame, delimiter: str, file: str) -> list[str] | None:
    """Names from a header that has one cell less than the rows: R leaves row names unnamed, others end rows with a delimiter.

    Raises InvalidInput when the cell too many comes from inside a number.
    """
    if odd.is_empty() or cells.is_empty() or odd["line"][0] > cells["line"][0] or odd["width"][0] != cells.width - 2:
        return None
    names = [name.strip() for name in _cut(str(odd["text"][0]), delimiter)]
    row = [str(cell or "") for cell in cells.row(0)[1:]]
    if len(names) != len(row) - 1 or not any(map(looks_like_date, row)) or any(map(looks_like_date, names)):
        return None
    if not row[-1]:
        return [*names, ""]
    if looks_like_date(row[0]):
        raise InvalidInput(
            said(
                "%(file)s, line %(cells)s: rows have a cell more than the header (%(row)s); a comma inside a number has to "
                "stand in quotes: save the file with semicolons, or name every column.",
                file=file,
                cells=cells["line"][0],
                row=repr(delimiter.join(row)[:60]),
            )
        )
    return [ROW_NAMES, *names]
