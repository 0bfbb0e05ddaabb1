"""The file of refused lines, which a person corrects and imports again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ondol.common.spreadsheets import harmless


def write_rejects(path: Path, summaries: Sequence[dict[str, Any]]) -> int:
    """Write what each `file` of the summaries refused; returns how many lines, 0 leaves no file behind."""
    rows = [
        tuple(map(harmless, (summary["file"], r["line"], r["column"], r["text"], r["reason"])))
        for summary in summaries
        for r in summary["rejects"]
    ]
    if rows:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "line", "column", "text", "reason"])
            writer.writerows(rows)
    return len(rows)
