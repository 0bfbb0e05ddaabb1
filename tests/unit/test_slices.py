"""Large bodies of line protocol are read in slices, and that changes nothing but the memory it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ondol.common.errors import InvalidInput
from ondol.readings.formats import slices as module
from ondol.readings.formats.line_protocol import parse_line_protocol
from ondol.readings.formats.slices import slices

NOW_US = 1_768_473_000_000_000
LINES = st.sampled_from(
    [b"m,point=a v=1 1768473000", b"m v=", b"", b"#x", b'm,point=b v=2,t="one\ntwo" 1768473001', b'm t="open', b"m v=3"]
)


@given(st.lists(LINES, max_size=30).map(b"\n".join), st.integers(1, 60))
def test_slices_together_say_what_the_whole_says(body: bytes, size: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SLICE_BYTES", size)
        parts = list(slices(body))
    assert b"".join(part for _, part in parts) == body
    whole = parse_line_protocol(body, "s", NOW_US)
    found = [(lines_before, parse_line_protocol(part, "s", NOW_US)) for lines_before, part in parts]
    assert [source for _, it in found for source in it.sources] == list(whole.sources)
    assert [value for _, it in found for value in it.values] == list(whole.values)
    assert [before + line for before, it in found for line in it.lines] == list(whole.lines)
    assert [(before + it.line, it.reason) for before, part in found for it in part.refusals] == [
        (it.line, it.reason) for it in whole.refusals
    ]


def test_a_body_of_countless_lines_is_refused_at_once():
    with pytest.raises(InvalidInput, match="1,000,000 lines"):
        list(slices(b"\n" * 1_100_000))


def test_a_line_of_countless_fields_is_refused_alone():
    fields = b",".join(b"f%d=1" % n for n in range(1_001))
    found = parse_line_protocol(b"m " + fields + b" 1\nm,point=a v=1 1768473000", "s", NOW_US)
    assert list(found.sources) == ["a.v"]
    assert [it.line for it in found.refusals] == [1]


@pytest.mark.parametrize("line", ["m,{}=1 v", "m {}", "m {}=x", 'm {}="x', "m,{} v=1"])
def test_a_reason_does_not_repeat_what_is_endless(line: str):
    found = parse_line_protocol(line.format("x" * 3_000).encode(), "s", NOW_US)
    assert len(found.refusals[0].reason) < 300


def test_an_endless_line_is_refused_and_its_neighbours_are_taken():
    body = b"m,point=a v=1 1768473000\nm,t=" + b"x" * 5_000_000 + b" v=1\nm,point=b v=2 1768473000"
    found = [(before, parse_line_protocol(part, "s", NOW_US)) for before, part in slices(body)]
    assert [source for _, it in found for source in it.sources] == ["a.v", "b.v"]
    assert [before + it.line for before, part in found for it in part.refusals] == [2]
