"""The mean of the same hour over the last similar days: understood by anyone, ready after two weeks."""

from collections.abc import Iterator

import numpy as np

from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.past_days import mean_of_known, same_hour_of_past_days
from ondol.forecasts.model.weather import Floats, Indices

SIMILAR_DAYS = 4
LOOK_BACK_DAYS = 35
_PAIRS_AT_ONCE = 500


class Seasonal:
    """See `ports.forecaster`. Days are similar when they are of the same `DayType`."""

    name = "seasonal"
    preference = 0

    def fit(self, loads: Loads, horizon_h: int, seed: int, *, phase_h: int | None = None) -> "FittedSeasonal":
        """There is nothing to learn."""
        return FittedSeasonal(horizon_h)

    def from_bytes(self, content: bytes) -> "FittedSeasonal":
        """See `ports.forecaster`."""
        return FittedSeasonal(int(content))


class FittedSeasonal:
    """See `ports.forecaster`."""

    def __init__(self, horizon_h: int) -> None:
        self._horizon_h = horizon_h

    @property
    def features(self) -> list[str]:
        """See `ports.forecaster`."""
        return ["same hour of similar days"]

    def predict(self, loads: Loads, rows: Indices, origins: Indices) -> Floats:
        """Without a similar day: the same hour of the last week, else the mean of four weeks, else of all that is known."""
        parts = [self._predict(loads, *pairs) for pairs in _in_parts(rows, origins)]
        return np.concatenate(parts) if parts else np.zeros((0, self._horizon_h), np.float32)

    def to_bytes(self) -> bytes:
        """See `ports.forecaster`."""
        return str(self._horizon_h).encode()

    def _predict(self, loads: Loads, rows: Indices, origins: Indices) -> Floats:
        leads = np.arange(self._horizon_h)
        past = same_hour_of_past_days(loads, rows, origins, leads, LOOK_BACK_DAYS)
        similar = similar_days(loads, rows, origins, leads, LOOK_BACK_DAYS) & ~np.isnan(past)
        newest = similar & (np.cumsum(similar, axis=0) <= SIMILAR_DAYS)
        expected = mean_of_known(np.where(newest, past, np.float32(np.nan)))
        for fallback in (mean_of_known(past[:7]), *_flat_means(loads, rows, origins)):
            expected = np.where(np.isnan(expected), fallback, expected)
        return expected


def similar_days(loads: Loads, rows: Indices, origins: Indices, leads: Indices, days: int) -> np.ndarray:
    """[days, pairs, leads]: whether the past day of `same_hour_of_past_days` has the type of the target's day."""
    index, calendars = loads.calendars
    target = origins[:, None] + leads
    newest = target - 24 * (leads // 24 + 1)
    similar = np.zeros((days, *target.shape), bool)
    for number, calendar in enumerate(calendars):
        of_calendar = index[rows] == number
        wanted = calendar.types[calendar.day[target[of_calendar]]]
        for back in range(days):
            column = newest[of_calendar] - 24 * back
            similar[back, of_calendar] = (column >= 0) & (calendar.types[calendar.day[np.maximum(column, 0)]] == wanted)
    return similar


def _flat_means(loads: Loads, rows: Indices, origins: Indices) -> Iterator[Floats]:
    for hours in (672, loads.hours):
        columns = origins[:, None] - 1 - np.arange(hours)
        yield mean_of_known(loads.energy_at(rows, columns, origins).T)[:, None]


def _in_parts(rows: Indices, origins: Indices) -> Iterator[tuple[Indices, Indices]]:
    for first in range(0, len(rows), _PAIRS_AT_ONCE):
        yield rows[first : first + _PAIRS_AT_ONCE], origins[first : first + _PAIRS_AT_ONCE]
