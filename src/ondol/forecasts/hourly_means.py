"""Points by the hour, on a grid of hours since 1970."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from ondol.common.frames import groups_by
from ondol.common.instants import HOUR_S
from ondol.forecasts.model.weather import Floats
from ondol.history.ports import HistoryRecords
from ondol.sites.model import Point


def hourly_means(points: Mapping[int, Point], start_h: int, end_h: int, history: HistoryRecords) -> dict[int, Floats]:
    """Mean of each measured point by hour, NaN where nothing is known."""
    found = history.read(list(points), start_h * HOUR_S, end_h * HOUR_S, only_values=True)
    by_hour = (
        found.filter(pl.col("duration_s") <= HOUR_S)
        .group_by("point_id", (pl.col("start") // HOUR_S - start_h).alias("hour"))
        .agg(pl.col("value").mean())
    )
    return by_point(by_hour, points, end_h - start_h)


def by_point(values: pl.DataFrame, point_ids: Iterable[int], hours: int) -> dict[int, Floats]:
    """Rows of a grid, NaN where nothing is known; `values` has `point_id`, `hour` (column of the grid) and `value`."""
    grids = {point_id: np.full(hours, np.nan, np.float32) for point_id in point_ids}
    for (point_id,), of_point in groups_by(values, "point_id"):
        grids[point_id][of_point["hour"].to_numpy()] = of_point["value"].to_numpy()
    return grids
