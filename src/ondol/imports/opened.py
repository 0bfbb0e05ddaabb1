"""An opened file: its bytes, its text and its rows, each made once and only when a layout asks for it."""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import PurePath
from typing import cast

from ondol.imports.encoding import decode
from ondol.imports.model import ImportOptions
from ondol.imports.table import Grid

_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEAD = 4096


@dataclass(frozen=True)
class OpenedFile:
    """What layouts look at."""

    data: bytes
    name: str
    options: ImportOptions

    @cached_property
    def is_workbook(self) -> bool:
        """Whether the file is one of Excel's or OpenDocument's, by its first bytes or its name."""
        return PurePath(self.name).suffix.lower() in _WORKBOOKS or self.data.startswith(_WORKBOOK_MARKS)

    @cached_property
    def head(self) -> str:
        """The beginning of a text, for layouts that are known by their first words; empty for a workbook."""
        if self.is_workbook:
            return ""
        return self.text[0][:_HEAD]

    @cached_property
    def text(self) -> tuple[str, list[str]]:
        """The text, and notes on how it was read. Raises InvalidInput for what is no text."""
        return decode(self.data, self.options.encoding, self.name)

    @cached_property
    def grid(self) -> Grid:
        """The rows. Raises InvalidInput when the file is no table."""
        if self.is_workbook:
            reader = import_module("ondol.imports.xlsx")
            return cast("Grid", reader.read_grid(self.data, self.name, self.options))
        reader = import_module("ondol.imports.csv")
        return cast("Grid", reader.read_grid(*self.text, self.name, self.options))
