"""Excel workbooks (xlsx, xls, xlsb) and OpenDocument sheets."""

import fastexcel
import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.limits import check_workbook
from ondol.imports.model import REJECTS, ImportOptions
from ondol.imports.table import Grid

_OFF_THE_SECOND = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+$"
_DAY_ZERO = r"^1899-12-3[01] "  # how a cell with only a time of day arrives


def read_grid(data: bytes, file: str, options: ImportOptions) -> Grid:
    """The rows of one sheet: the named one, or the first that holds anything. Raises InvalidInput."""
    check_workbook(data, file)
    try:
        book = fastexcel.read_excel(data)
        name, cells = _sheet(book, file, options.sheet)
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise InvalidInput(
            said(
                "%(file)s cannot be opened as a workbook (%(reason)s); save it as .xlsx or .csv.",
                file=file,
                reason=reason,
            )
        ) from None
    cells.columns = [str(i) for i in range(cells.width)]
    lines = pl.int_range(1, cells.height + 1, dtype=pl.UInt32, eager=True).alias("line")
    cells = cells.with_columns(pl.all().fill_null("").str.strip_chars().str.replace(_DAY_ZERO, ""))
    cells = cells.with_columns(_to_the_second(cells[column]) for column in cells.columns)
    filled = cells.select(pl.any_horizontal(pl.all() != "")).to_series()
    others = [other for other in book.sheet_names if other != name]
    notes = (
        [
            said(
                "Read sheet %(name)s; left out: %(others)s (give --sheet).",
                name=repr(name),
                others=", ".join(others[:12]),
            )
        ]
        if others
        else []
    )
    used = [column for column in cells.columns if (cells[column] != "").any()]
    return Grid(lines.filter(filled), cells.filter(filled).select(used), pl.DataFrame(schema=REJECTS), notes)


def _to_the_second(texts: pl.Series) -> pl.Series:
    """Excel keeps times as fractions of a day: quarters that were added up or rounded lie some milliseconds off."""
    is_off = texts.str.contains(_OFF_THE_SECOND)
    if not is_off.any():
        return texts
    times = texts.str.strptime(pl.Datetime("us"), "%Y-%m-%d %H:%M:%S%.f", strict=False)
    return texts.zip_with(~is_off | times.is_null(), times.dt.round("1s").dt.strftime("%Y-%m-%d %H:%M:%S"))


def _sheet(book: fastexcel.ExcelReader, file: str, wanted: str | None) -> tuple[str, pl.DataFrame]:
    """Name and cells of the sheet, every cell as text."""
    if wanted is not None and wanted not in book.sheet_names:
        names = ", ".join(book.sheet_names)
        raise InvalidInput(
            said(
                "%(file)s has no sheet %(wanted)s; give --sheet with one of: %(names)s.",
                file=file,
                wanted=repr(wanted),
                names=names,
            )
        )
    for name in [wanted] if wanted is not None else book.sheet_names:
        cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        if cells.height:
            return name, cells
    raise InvalidInput(said("%(file)s holds no filled sheet; give a workbook with readings.", file=file))
