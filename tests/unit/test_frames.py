"""What columns are asked, with the types that polars cannot tell."""

import polars as pl
import pytest

from ondol.common.frames import flag_where, groups_by, largest, smallest, with_schema
from ondol.common.quality import Quality

ROWS = pl.DataFrame({"point_id": [2, 1, 2], "start": [30, 10, 20]})


def test_bounds_of_integers():
    assert (smallest(ROWS["start"]), largest(ROWS["start"])) == (10, 30)
    for values in (ROWS["start"].clear(), pl.Series([None], dtype=pl.Int64)):
        with pytest.raises(ValueError, match="no bounds"):
            smallest(values)
        with pytest.raises(ValueError, match="no bounds"):
            largest(values)


def test_groups_come_with_their_keys():
    groups = [
        (point_id, rows["start"].to_list()) for (point_id,), rows in groups_by(ROWS, "point_id", maintain_order=True)
    ]
    assert groups == [(2, [30, 20]), (1, [10])]
    assert sorted(keys for keys, _ in groups_by(ROWS, "point_id", "start")) == [(1, 10), (2, 20), (2, 30)]


def test_a_schema_gives_order_and_types():
    schema = pl.Schema({"start": pl.Int64, "point_id": pl.Int32})
    assert with_schema(ROWS.with_columns(other=1), schema).schema == schema
    with pytest.raises(pl.exceptions.InvalidOperationError):
        with_schema(pl.DataFrame({"start": [1], "point_id": [2**40]}), schema)


def test_a_flag_stands_where_its_condition_is_true():
    frame = pl.DataFrame({"quality": pl.Series([1, 0, 0], dtype=pl.UInt8), "odd": [True, None, True]})
    flagged = frame.select(pl.col("quality") | flag_where(pl.col("odd"), Quality.ESTIMATED))["quality"]
    assert flagged.dtype == pl.UInt8
    assert flagged.to_list() == [9, 0, 8]
