"""Intervals of history as columns."""

import polars as pl

INTERVALS = pl.Schema(
    {
        "point_id": pl.Int32,
        "start": pl.Int64,
        "duration_s": pl.Int32,
        "value": pl.Float64,
        "quality": pl.UInt8,
        "measured_share": pl.Float64,
        "value_min": pl.Float64,
        "value_max": pl.Float64,
        "value_last": pl.Float64,
    }
)
"""Columns of history. `start` in epoch seconds UTC. `value` is the mean of a measurement or the amount of a total or register;
`measured_share` (0..1) is how much of the interval was measured."""
