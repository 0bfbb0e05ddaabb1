"""A map that was written is read back as it was, whatever devices call their series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ondol.common.errors import InvalidInput
from ondol.readings.model.foreign import ForeignSeries
from ondol.readings.rules.adoption_map import read_map, write_map

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(NAMES, st.dictionaries(NAMES, NAMES, max_size=3), NAMES)
def test_a_series_is_found_again_by_its_cell(measurement: str, tags: dict[str, str], field: str) -> None:
    text = ForeignSeries(measurement, tags, field).text
    (line,) = read_map(write_map([{"series": text, "point": "skip", "why": "=1+1"}]), [text, "other value"])
    assert (line.series, line.is_skipped) == (text, True)


@pytest.mark.parametrize("measurement", ["=SUM(A1)", "-x", "@a", "+1"])
def test_no_cell_is_a_formula(measurement: str) -> None:
    text = ForeignSeries(measurement, {}, "v").text
    assert f"'{measurement}" in write_map([{"series": text}])


@given(st.text(max_size=200))
def test_garbage_is_refused_in_words(text: str) -> None:
    told = "line 0"
    try:
        read_map(text, ["m v"])
    except InvalidInput as error:
        told = str(error)
    assert "line " in told


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"line 2: .*; line 4: "):
        read_map("series,point,kind\na v,x,nothing\nm v,y,register\nb v,z,\n", ["a v", "m v"])
