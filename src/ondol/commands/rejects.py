"""The file of refused lines, which a person corrects and imports again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_rejects(path: Path, summaries: Sequence[dict[str, Any]]) -> int:
    """Write what each `file` of the summaries refused; returns how many lines, 0 leaves no file behind."""
    rows = [
        tuple(map(_harmless, (summary["file"], r["line"], r["column"], r["text"], r["reason"])))
        for summary in summaries
        for r in summary["rejects"]
    ]
    if rows:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "line", "column", "text", "reason"])
            writer.writerows(rows)
    return len(rows)


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula begins with an apostrophe; signs that no screen shows are left out."""
    if not isinstance(cell, str):
        return cell
    text = "".join(sign if sign.isprintable() else " " for sign in cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).replace(",", "").isdecimal()
