"""A little of what tests/fuzz.py does a million times: mutated bodies are taken or refused in words."""

import random

import pytest
from tests import fuzz

from ondol.common.errors import InvalidInput


def test_a_few_thousand_bodies_of_every_format_break_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fuzz, "FAILURES", tmp_path)
    tried, taken, broke = fuzz.fuzz(7, 4_000, float("inf"))
    assert broke == 0, sorted(tmp_path.iterdir())
    assert all(tried.values())
    assert all(taken.values()), "every format's seeds must be sound, else only the door is tried"


def test_damaged_workbooks_are_refused_in_words():
    """Bytes that make zipfile raise zlib.error, or seek before the file's beginning."""
    chance, book = random.Random(3), fuzz.workbook()
    refused = 0
    for _ in range(400):
        try:
            fuzz.TAKE["xlsx"](fuzz.mutated(chance, [book]))
        except InvalidInput:
            refused += 1
    assert refused
