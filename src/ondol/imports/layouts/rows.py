"""A header and a row a time: what most files are."""

from ondol.imports.opened import OpenedFile
from ondol.imports.table import Table, with_header


def read(opened: OpenedFile) -> Table:
    """The rows below the header."""
    return with_header(opened.grid, opened.name)
