"""A sentence that is said reads as English everywhere and keeps what a door needs to say it otherwise."""

import json
import pickle

import orjson

from ondol.common.errors import InvalidInput
from ondol.common.messages import Sentence, in_a_row, said

SAID = said("%(share)s of %(what)s (100 %% is all)", share="7 %", what=said("the %(name)s meter", name="main"))


def test_it_is_its_english_text() -> None:
    assert SAID == "7 % of the main meter (100 % is all)"
    assert json.loads(json.dumps({"note": SAID})) == json.loads(orjson.dumps({"note": SAID})) == {"note": str(SAID)}


def test_a_pickle_and_an_error_keep_it() -> None:
    error = pickle.loads(pickle.dumps(InvalidInput(SAID)))
    kept = str(error)
    assert isinstance(kept, Sentence)
    assert kept == SAID
    assert kept.template.startswith("%(share)s of")
    assert isinstance(kept.values["what"], Sentence)


def test_parts_in_a_row_keep_their_templates() -> None:
    row = in_a_row(["a", said("b (%(why)s)", why="10 %")])
    assert isinstance(row, Sentence)
    assert row == "a, b (10 %)"
    assert [getattr(part, "template", None) for part in row.values.values()] == [None, "b (%(why)s)"]
