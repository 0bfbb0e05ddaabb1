"""The columns of history are complete, whatever is known of the intervals."""

import polars as pl
import pytest

from ondol.history.model import INTERVALS, intervals_frame


def test_what_is_not_given_comes_from_the_rows_or_is_unknown():
    rows = pl.DataFrame({"start": [0, 900], "value": [1, 2], "quality": [4, 0], "other": ["a", "b"]})
    frame = intervals_frame(rows, point_id=7, duration_s=900, value=pl.col("value") * 2, value_last=pl.col("value"))
    assert frame.schema == INTERVALS
    assert frame.rows() == [(7, 0, 900, 2.0, 4, 1.0, None, None, 1.0), (7, 900, 900, 4.0, 0, 1.0, None, None, 2.0)]


def test_a_column_of_the_rows_gives_way_to_a_given_one():
    rows = pl.DataFrame({"start": [900_000_000], "value": [1.0], "value_last": [5.0]})
    frame = intervals_frame(rows, point_id=7, start=pl.col("start") // 1_000_000, duration_s=60, value_last=None)
    assert frame.select("start", "quality", "value_last").rows() == [(900, 0, None)]


def test_no_rows_are_no_intervals():
    rows = pl.DataFrame(schema={"start": pl.Int64, "value": pl.Float64})
    assert intervals_frame(rows, point_id=7, duration_s=60).schema == INTERVALS
    assert intervals_frame(rows, point_id=7, duration_s=60).is_empty()


def test_an_interval_has_a_point_a_time_and_a_value():
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        intervals_frame(pl.DataFrame({"start": [0]}), point_id=7, duration_s=60)
