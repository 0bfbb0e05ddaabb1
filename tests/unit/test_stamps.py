"""Stamps whose precision is not the one that was named."""

import pytest

from ondol.readings.rules.stamps import earliest_us, of_stamp, why_not

NOW_S = 1_795_608_623
PRECISIONS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


@pytest.mark.parametrize("meant", PRECISIONS)
@pytest.mark.parametrize("taken_as", PRECISIONS)
def test_the_precision_that_fits_is_named(meant: str, taken_as: str) -> None:
    if meant == taken_as:
        return
    stamp = NOW_S * 10**9 // PRECISIONS[meant]
    assert f"precision={meant}" in of_stamp(stamp, PRECISIONS[taken_as])
    time_us = stamp * PRECISIONS[taken_as] // 1000
    assert f"precision={meant}" in why_not(time_us, PRECISIONS[taken_as])
    assert not earliest_us(PRECISIONS[taken_as]) <= time_us < 4_102_444_800_000_000


def test_a_stamp_that_fits_nothing_is_told_so() -> None:
    assert "between 1970 and 2100" in of_stamp(5, 1)


def test_a_time_that_is_written_out_is_taken_from_1970_on() -> None:
    assert earliest_us(None) == 0
    assert "precision" not in why_not(-1, None)
