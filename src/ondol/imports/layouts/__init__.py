"""Layouts: how the readings of a meter file lie in it. One file each, found by content and asked in this order.

A layout is a module with `read(opened) -> Table | None`: the table of the file, or None when it is laid out otherwise. It raises
InvalidInput for a file that is its own and cannot be read. A new one is a file here and its name in LAYOUTS.
"""

from importlib import import_module
from typing import cast

from ondol.common.errors import InvalidInput
from ondol.common.messages import said
from ondol.imports.opened import OpenedFile
from ondol.imports.table import Table

LAYOUTS = ("nem12", "green_button", "times_across", "months_across", "days_across", "rows")


def read_layout(opened: OpenedFile) -> Table:
    """The table of a file by the first layout that knows it. Raises InvalidInput when none does."""
    for name in LAYOUTS:
        table = cast("Table | None", import_module(f"ondol.imports.layouts.{name}").read(opened))
        if table is not None:
            return table
    raise InvalidInput(
        said("%(name)s is laid out as no file of readings is; give a table with times and values.", name=opened.name)
    )
