"""Line protocol as devices send it, and what is wrong with what others send."""

import pytest

from ondol.readings.formats.line_protocol import parse_line_protocol

NOW_US = 1_768_473_000_000_000


def parse(body: str | bytes, precision: str = "ns"):
    return parse_line_protocol(body.encode() if isinstance(body, str) else body, precision, NOW_US)


def rows(body: str | bytes, precision: str = "ns") -> list[tuple]:
    found = parse(body, precision)
    assert not found.refusals, found.refusals
    return list(zip(found.sources, found.times_us, found.values, strict=True))


def test_a_point_tag_names_the_point():
    assert rows("power,point=b36.electricity value=23.5 1768473000000000000") == [("b36.electricity", NOW_US, 23.5)]
    assert rows("power,point=b36.main volts=230 1768473000000000000") == [("b36.main.volts", NOW_US, 230.0)]


def test_the_guides_measurement_is_known_by_its_tags():
    tags = "building_id=building_001,sensor_type=temperature,floor=3,room=office_301"
    line = f'sensor_readings,{tags} value=23.5,unit="celsius",status="normal" 1768473000000000000'
    found = parse(line)
    assert list(found.sources) == ["building_001.3.office_301.temperature"]
    assert found.units == ["celsius"]
    assert found.details["building_001.3.office_301.temperature"].tags["building_id"] == "building_001"


@pytest.mark.parametrize(
    ("precision", "stamp"),
    [
        ("ns", "1768473000000000000"),
        ("us", "1768473000000000"),
        ("ms", "1768473000000"),
        ("s", "1768473000"),
        ("m", "29474550"),
    ],
)
def test_stamps_follow_the_precision(precision, stamp):
    assert rows(f"m,point=p value=1 {stamp}", precision) == [("p", NOW_US, 1.0)]


def test_a_line_without_a_stamp_is_stamped_now():
    assert rows("m,point=p value=1") == [("p", NOW_US, 1.0)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), ("-1.5e3", -1500.0), ("7i", 7.0), ("7u", 7.0), ("t", 1.0), ("FALSE", 0.0), (".5", 0.5), ("+2.", 2.0)],
)
def test_numbers_and_booleans_are_values(text, value):
    assert rows(f"m,point=p value={text}") == [("p", NOW_US, value)]


@pytest.mark.parametrize(
    "text", ["1_0", "nan", "inf", "-Infinity", "0x10", "1e999", "１", "abc", "1..2", "--1", "1i2", "i", "'x'"]
)
def test_what_is_no_number_is_refused(text):
    found = parse(f"m,point=p value=1\nm,point=p value={text}\nm,point=q value=2")
    assert [refusal.line for refusal in found.refusals] == [2]
    assert list(found.values) == [1.0, 2.0]


def test_escapes_and_quotes():
    line = r'my\ meter,point=a\,b,room=x\=y value=1,note="a, \"b\" = c" 1768473000000000000'
    assert rows(line) == [("a,b", NOW_US, 1.0)]


def test_text_fields_are_no_readings():
    assert rows('system,host=a uptime_format="12:01" 1768473000000000000') == []
    assert rows('m,point=p value=1,status="normal"') == [("p", NOW_US, 1.0)]


def test_telegrafs_fields_become_points_of_their_own():
    found = parse("cpu,cpu=cpu-total,host=pi usage_idle=97.5,usage_user=1i 1768473000000000000\n")
    assert list(found.sources) == ["cpu,cpu=cpu-total,host=pi usage_idle", "cpu,cpu=cpu-total,host=pi usage_user"]
    assert found.details[found.sources[0]].usual_key == "cpu.cpu-total.pi.usage_idle"


def test_tag_order_does_not_matter():
    assert rows("m,a=1,b=2 x=1")[0][0] == rows("m,b=2,a=1 x=1")[0][0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m", "a line is"),
        ("m,point=p", "a line is"),
        (",point=p value=1", "measurement is missing"),
        ("m,point= value=1", "is not name=value"),
        ("m,point value=1", "is not name=value"),
        ("m,point=p value=", "is not name=value"),
        ("m,point=p value=1 12.5", "not a whole number"),
        ("m,point=p value=1 1_0", "not a whole number"),
        ("m,point=p value=1 2 3", "a line is"),
        (b"m,point=\xff value=1", "not UTF-8"),
        ("m,point=p value=1,value", "is not name=value"),
    ],
)
def test_a_bad_line_is_refused_alone_with_its_reason(line, reason):
    bad = line if isinstance(line, bytes) else line.encode()
    found = parse(b"m,point=a value=1\n" + bad + b"\nm,point=b value=2\n")
    assert [refusal.line for refusal in found.refusals] == [2]
    assert reason in found.refusals[0].reason
    assert list(found.sources) == ["a", "b"]


def test_comments_and_blank_lines_are_passed_over():
    assert rows("# comment\n\n  \r\nm,point=p value=1\r\n") == [("p", NOW_US, 1.0)]


GUIDE = 'sensor_readings,building_id=b,point=b.{} value={},unit="degC",status="normal" 1768473000{}'


def test_the_lines_go_along_when_they_say_just_what_the_columns_say():
    body = "\n".join([GUIDE.format("a", 1.5, "000"), GUIDE.format("b", 2, "001")])
    found = parse(body + "\n\n", "ms")
    assert found.sent is not None
    assert found.sent.body == body.encode()
    assert found.sent.unit_ns == 1_000_000
    head, texts = "sensor_readings,building_id=b,point=b.{}", ',unit="degC",status="normal"'
    assert found.sent.forms == {(head.format(point), "value", texts): f"b.{point}" for point in "ab"}


@pytest.mark.parametrize("value", ["+1", ".5", "5.", "007", "7i", "t"])
def test_lines_whose_number_some_stores_read_otherwise_do_not_go_along(value):
    assert parse(GUIDE.format("a", value, ""), "s").sent is None


def test_lines_with_stamps_finer_than_a_microsecond_do_not_go_along():
    line = "m,point=p value=1 1768473000000000{}"
    assert parse(line.format("000")).sent is not None
    assert parse(line.format("001")).sent is None


@pytest.mark.parametrize(
    "bad",
    [
        "m,point=p value=1,", "m,point=p value=1 ", "m,point=p value=1  ", "m,point=p  value=1", " m,point=p value=1",
        "m,point=p value=value=1", "m,point=p 1", 'm,point=p value=1,unit="degC" value=1', "m,point=p =1", "m,point=p value=,1",
        'm,point=p ,unit="degC"', "m,point=p value=1\nm", "m,point=p value=[1]", "m,point=p value=1e999",
        "m,point=p value=1,2", "\nm,point=p value=1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("texts", ["", ',unit="degC"'])
def test_both_ways_through_line_protocol_agree(bad, texts):
    good = f"m,point=p value=1.5{texts} 1768473000"
    body = "\n".join([good, bad + " 1768473001", good, good])
    # A comment sends the body the complete way.
    quick, complete = parse(body, "s"), parse(body + "\n# end", "s")
    assert list(quick.values) == list(complete.values)
    assert list(quick.sources) == list(complete.sources)
    assert list(quick.times_us) == list(complete.times_us)
    assert list(quick.units or [None] * 9)[:3] == list(complete.units or [None] * 9)[:3]
    assert quick.refusals == complete.refusals
