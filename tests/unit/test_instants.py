"""Instants as numbers and text: exact, and the same back and forth."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ondol.common.instants import (
    DAY_US,
    HOUR_S,
    HOUR_US,
    SECOND_US,
    epoch_h,
    epoch_s,
    epoch_us,
    format_instant,
    from_epoch_s,
    from_epoch_us,
    parse_instant,
)

SEOUL = timezone(timedelta(hours=9))
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31), timezones=st.sampled_from([UTC, SEOUL]))


@given(INSTANTS)
def test_microseconds_are_exact(instant):
    assert from_epoch_us(epoch_us(instant)) == instant
    assert parse_instant(format_instant(instant)) == instant
    assert format_instant(instant) == format_instant(epoch_us(instant))


@given(INSTANTS)
def test_seconds_and_hours_are_full_ones(instant):
    assert epoch_s(instant) == epoch_us(instant) // SECOND_US
    assert epoch_h(instant) == epoch_us(instant) // HOUR_US == epoch_s(instant) // HOUR_S
    assert from_epoch_s(epoch_s(instant)) == instant.replace(microsecond=0)


def test_text_has_as_many_digits_as_the_instant():
    assert format_instant(DAY_US) == "1970-01-02T00:00:00Z"
    assert format_instant(DAY_US + 500_000) == "1970-01-02T00:00:00.5Z"
    assert format_instant(datetime(2026, 1, 15, 19, 30, tzinfo=SEOUL)) == "2026-01-15T10:30:00Z"


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(TypeError):
        epoch_us(datetime(2026, 1, 15))
    with pytest.raises(ValueError, match="zone"):
        parse_instant("2026-01-15T10:30:00.5")
