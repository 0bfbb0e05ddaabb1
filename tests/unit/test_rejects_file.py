"""The file of refused lines opens in a spreadsheet and runs nothing there."""

import csv
from pathlib import Path

from ondol.commands.rejects import write_rejects


def test_formulas_and_control_signs_become_plain_text(tmp_path: Path) -> None:
    texts = ["=cmd|'/c calc'!A1", "+1+cmd", "-2+3", "@SUM(A1)", "-1.5", "+3", "a\x1b[31mb", "a\rb\tc", "가"]
    rejects = [{"line": n, "column": "x", "text": text, "reason": "r"} for n, text in enumerate(texts, 1)]
    assert write_rejects(tmp_path / "r.csv", [{"file": "=a.csv", "rejects": rejects}]) == len(texts)
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[3] for row in rows] == [
        "'=cmd|'/c calc'!A1", "'+1+cmd", "'-2+3", "'@SUM(A1)", "-1.5", "+3", "a [31mb", "a b c", "가",
    ]  # fmt: skip
    assert {row[0] for row in rows} == {"'=a.csv"}
