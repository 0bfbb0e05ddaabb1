"""Outdoor weather as it was known when a forecast was issued: measured before that instant, forecast from it on."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
"""Rows of loads, or columns of their grid of hours."""

TEMPERATURE_RANGE_C = (-90.0, 60.0)
HUMIDITY_RANGE_PCT = (0.0, 100.0)
"""What outdoor weather can be; the temperatures are a little beyond the World Meteorological Organization's records."""


class Weather(Protocol):
    """Hourly outdoor temperature (degC) and relative humidity (%) of each load's site; NaN where nothing is known."""

    def known(self, loads: Indices, origins: Indices, back_h: int, ahead_h: int) -> tuple[Floats, Floats]:
        """Temperature and humidity, each [pairs, back_h + ahead_h], around `origins` (columns of the loads' grid).

        What is returned for an origin was known at that origin: nothing that became known later.
        """
        ...

    def since(self, column: int) -> "Weather":
        """The same weather on a grid that begins with that column."""
        ...


@dataclass(frozen=True)
class PerfectWeather:
    """Measured weather taken as if it had been forecast perfectly; arrays [loads, hours] on the loads' grid.

    For evaluations that say so: it shows what the model makes of good weather forecasts.
    """

    temperature_c: Floats
    humidity_pct: Floats

    def known(self, loads: Indices, origins: Indices, back_h: int, ahead_h: int) -> tuple[Floats, Floats]:
        """See `Weather`."""
        columns = origins[:, None] + np.arange(-back_h, ahead_h)
        return _taken(self.temperature_c, loads, columns), _taken(self.humidity_pct, loads, columns)

    def since(self, column: int) -> "PerfectWeather":
        """See `Weather`."""
        return PerfectWeather(self.temperature_c[:, column:], self.humidity_pct[:, column:])


@dataclass(frozen=True)
class IssuedWeather:
    """Measured weather before the origin, and after it the newest forecast that had been issued by then.

    `temperature_c` and `humidity_pct` are measured, [loads, hours] on the loads' grid. A forecast is a row of `issued_temperature_c`
    and `issued_humidity_pct` [forecasts, leads]: of load `issued_for`, issued before column `issued_at` began, its lead 0
    being that column. Rows are sorted by load, then by `issued_at`.
    """

    temperature_c: Floats
    humidity_pct: Floats
    issued_for: Indices
    issued_at: Indices
    issued_temperature_c: Floats
    issued_humidity_pct: Floats

    def known(self, loads: Indices, origins: Indices, back_h: int, ahead_h: int) -> tuple[Floats, Floats]:
        """See `Weather`."""
        past = origins[:, None] + np.arange(-back_h, 0)
        ahead = origins[:, None] + np.arange(ahead_h)
        newest = self._newest(loads, origins)
        return (
            np.hstack(
                [_taken(self.temperature_c, loads, past), self._forecast(self.issued_temperature_c, newest, ahead)]
            ),
            np.hstack(
                [_taken(self.humidity_pct, loads, past), self._forecast(self.issued_humidity_pct, newest, ahead)]
            ),
        )

    def since(self, column: int) -> "IssuedWeather":
        """See `Weather`."""
        return replace(
            self,
            temperature_c=self.temperature_c[:, column:],
            humidity_pct=self.humidity_pct[:, column:],
            issued_at=self.issued_at - column,
        )

    def _newest(self, loads: Indices, origins: Indices) -> Indices:
        """Row of the newest forecast for each pair; -1 where none had been issued."""
        if not len(self.issued_for):
            return np.full(len(loads), -1)
        span = np.int64(1) << 32
        row = np.searchsorted(self.issued_for * span + self.issued_at, loads * span + origins, side="right") - 1
        return np.where((row >= 0) & (self.issued_for[row] == loads), row, -1)

    def _forecast(self, issued: Floats, rows: Indices, columns: Indices) -> Floats:
        if not len(issued):
            return np.full(columns.shape, np.nan, np.float32)
        lead = columns - self.issued_at[rows][:, None]
        taken = _taken(issued, rows, lead)
        taken[rows < 0] = np.nan
        return taken


def _taken(values: Floats, rows: Indices, columns: Indices) -> Floats:
    """`values[rows, columns]`, NaN where a column lies outside."""
    width = values.shape[1]
    inside = (columns >= 0) & (columns < width)
    taken = values[rows[:, None], np.clip(columns, 0, max(width - 1, 0))]
    return np.where(inside, taken, np.float32(np.nan))


def discomfort_index(temperature_c: Floats, humidity_pct: Floats) -> Floats:
    """Discomfort index (bulkwae-jisu) of the Korea Meteorological Administration: 0.81 T + 0.01 RH (0.99 T - 14.3) + 46.3."""
    index = 0.81 * temperature_c + 0.01 * humidity_pct * (0.99 * temperature_c - 14.3) + 46.3
    return index.astype(np.float32)
