"""What became of forecasts: each is scored when its truth has arrived, against last week's curve on the same hours."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from ondol.common.instants import epoch_h
from ondol.forecasts.gather_loads import gather_loads
from ondol.forecasts.model.forecasts import Forecast, ForecastScore
from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.weather import Floats
from ondol.forecasts.ports.forecasts import ForecastRecords
from ondol.forecasts.rules.accuracy import scores_of
from ondol.history.ports import HistoryRecords
from ondol.sites.model import Building
from ondol.sites.ports import SiteRecords

LATE_READINGS = timedelta(hours=3)
"""Meters may report this late before their forecast is scored without them."""
MOST_AT_ONCE = 5_000


def score_forecasts(now: datetime, *, sites: SiteRecords, history: HistoryRecords, forecasts: ForecastRecords) -> int:
    """Score what ended and is not scored yet; returns how many. One whose truth never came is scored over no hours."""
    waiting = forecasts.unscored(now - LATE_READINGS, MOST_AT_ONCE)
    buildings = {building.id: building for building in sites.buildings()}
    by_quantity: dict[str, list[Forecast]] = defaultdict(list)
    for forecast in waiting:
        by_quantity[forecast.quantity].append(forecast)
    for quantity, of_quantity in by_quantity.items():
        truth = _truth(
            [buildings[n] for n in sorted({f.building_id for f in of_quantity})],
            quantity,
            of_quantity,
            sites,
            history,
        )
        row_of = {name: row for row, name in enumerate(truth.names)}
        forecasts.score(
            [(f, score_of(f, _actual(f, truth, row_of[buildings[f.building_id].key]))) for f in of_quantity]
        )
    return len(waiting)


def score_of(forecast: Forecast, actual: Floats) -> ForecastScore:
    """How a forecast came out; `actual` [horizon] has NaN where the truth is not known."""
    expected = np.array(forecast.expected, np.float32)
    naive = np.array([np.nan if value is None else value for value in forecast.last_week], np.float32)
    band = np.array(forecast.band, np.float32)
    # Model and naive are compared on the same hours: those that both speak of.
    both = ~np.isnan(actual) & ~np.isnan(naive)
    return ForecastScore(
        int((~np.isnan(actual) & ~np.isnan(expected)).sum()),
        float(np.abs(actual - expected)[both].sum()),
        float(np.abs(actual - naive)[both].sum()),
        scores_of(actual[None], expected[None], band[None], naive[None]),
    )


def _truth(
    buildings: Sequence[Building],
    quantity: str,
    forecasts: Sequence[Forecast],
    sites: SiteRecords,
    history: HistoryRecords,
) -> Loads:
    start_h = min(epoch_h(f.start) for f in forecasts)
    end_h = max(epoch_h(f.end) for f in forecasts)
    return gather_loads(buildings, quantity, start_h, end_h, sites=sites, history=history)


def _actual(forecast: Forecast, truth: Loads, row: int) -> Floats:
    first = truth.column(forecast.start)
    return truth.energy[row, first : first + forecast.horizon_h]
