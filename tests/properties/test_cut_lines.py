"""A line inside a quoted text is text, never a reading."""

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.reference_lines import leaves_a_text_open, lines_of

from ondol.readings.formats.cut_lines import cut_lines
from ondol.readings.formats.line_protocol import LONGEST_HEAD, parse_line_protocol

BODIES = st.text('ab=,"\\\n 1', max_size=60).map(str.encode)


def whole(body: bytes) -> list[bytes]:
    return [line for _, line in cut_lines(body) if line != b"\n"]


@given(BODIES)
def test_lines_are_cut_as_influxdb_cuts_them(body: bytes) -> None:
    assert whole(body) == lines_of(body)


@given(BODIES)
def test_every_line_break_is_accounted_for(body: bytes) -> None:
    numbered = list(cut_lines(body))
    numbers = [number for number, _ in numbered]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1
    if not leaves_a_text_open(body):
        assert sum(line.count(b"\n") + 1 for _, line in numbered) == body.count(b"\n") + 1


def test_a_line_within_a_text_is_no_reading() -> None:
    body = b'log,host=a msg="begin\nm,point=hq.injected value=5 1795619000000000000\nend",v=1 1795619000000000000\nm,point=p value=2 1'
    found = parse_line_protocol(body, "ns", 0)
    assert [(source, value) for source, value in zip(found.sources, found.values, strict=True)] == [
        ("log,host=a v", 1.0),
        ("p", 2.0),
    ]
    assert list(found.lines) == [1, 4]
    assert found.refusals == []


def test_what_follows_an_open_text_is_refused_line_by_line() -> None:
    found = parse_line_protocol(b'm,point=p value=1 1\nlog msg="begin\nm,point=p value=5 2', "ns", 0)
    assert list(found.values) == [1.0]
    assert [refusal.line for refusal in found.refusals] == [2, 3]
    assert all("not closed" in refusal.reason for refusal in found.refusals)


def test_long_heads_are_refused_and_none_is_remembered() -> None:
    found = parse_line_protocol(b"m,t=" + b"x" * LONGEST_HEAD + b" v=1 1\nm,point=p value=1 1", "ns", 0)
    assert list(found.values) == [1.0]
    assert "longer than" in found.refusals[0].reason
