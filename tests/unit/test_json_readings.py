"""Readings in JSON: rows and columns, good and bad."""

import json

import pytest

from ondol.common.errors import InvalidInput
from ondol.readings.formats.json_readings import parse_json_readings

TIME = "2026-01-15T10:30:00Z"
TIME_US = 1_768_473_000_000_000


def row(**changes: object) -> dict[str, object]:
    return {"point": "p", "time": TIME, "value": 23.5} | changes


def parse(document: object):
    return parse_json_readings(json.dumps(document).encode())


def test_rows():
    found = parse({"readings": [row(), row(point="q", value=1)]})
    assert list(found.sources) == ["p", "q"]
    assert list(found.times_us) == [TIME_US, TIME_US]
    assert list(found.values) == [23.5, 1]
    assert list(found.lines) == [1, 2]


@pytest.mark.parametrize("count", [2, 200])
def test_columns_count_their_lines_through(count):
    found = parse(
        {
            "columns": [
                {"point": "p", "times": [TIME] * count, "values": [1] * count},
                {"point": "q", "times": [TIME], "values": [2]},
            ]
        }
    )
    assert len(found.values) == count + 1
    assert found.lines[-1] == count + 1


@pytest.mark.parametrize(
    ("time", "micro"),
    [
        ("2026-01-15T19:30:00+09:00", TIME_US),
        ("2026-01-15T10:30:00.5Z", TIME_US + 500_000),
        ("2026-01-15t10:30:00z", TIME_US),
        ("2026-01-15 10:30:00Z", TIME_US),
    ],
)
def test_times_are_rfc_3339(time, micro):
    assert list(parse({"readings": [row(time=time)]}).times_us) == [micro]


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-15T10:30:00",
        "2026-01-15",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-W03-4T00:00:00Z",
        1768473000,
        None,
        "",
        "9999999999",
    ],
)
@pytest.mark.parametrize("others", [0, 100])
def test_other_times_are_refused_alone(time, others):
    found = parse({"readings": [row()] * others + [row(time=time)] + [row()]})
    assert [refusal.line for refusal in found.refusals] == [others + 1]
    assert "RFC 3339" in found.refusals[0].reason
    assert len(found.values) == others + 1


@pytest.mark.parametrize("value", ["1", None, True, [], {}, "nan"])
def test_values_that_are_no_numbers_are_refused_alone(value):
    found = parse({"readings": [row(), row(value=value), row()]})
    assert [refusal.line for refusal in found.refusals] == [2]
    assert "finite number" in found.refusals[0].reason


@pytest.mark.parametrize("bad", [5, "x", None, [], {}, {"point": "p"}, {"point": "p", "time": TIME}])
def test_rows_of_another_shape_are_refused_alone(bad):
    found = parse({"readings": [row(), bad, row()]})
    assert [refusal.line for refusal in found.refusals] == [2]
    assert list(found.lines) == [1, 3]


def test_a_column_of_unequal_lists_is_refused_alone():
    found = parse(
        {"columns": [{"point": "p", "times": [TIME], "values": []}, {"point": "q", "times": [TIME], "values": [1]}]}
    )
    assert list(found.sources) == ["q"]
    assert len(found.refusals) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"{}", b'{"readings": 5}', b'{"readings": [NaN]}', b"\xff\xfe"]
)
def test_a_body_of_another_shape_is_refused_whole(body):
    with pytest.raises(InvalidInput):
        parse_json_readings(body)
