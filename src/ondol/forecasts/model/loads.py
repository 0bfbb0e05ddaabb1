"""Loads: the hourly energy of buildings, side by side on one grid of UTC hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ondol.common.day_types import country_of, day_types
from ondol.common.instants import HOUR_S, epoch_h, from_epoch_s
from ondol.forecasts.model.weather import Floats, Indices, Weather

LONGEST_HORIZON_H = 168
SPIKE_FACTOR = 50.0
"""An hour is a spike, not load, when it is more than this times the load's 99th percentile."""


@dataclass(frozen=True)
class LocalHours:
    """The local calendar of each column of a grid, and of the longest horizon behind its end. Arrays are [columns].

    `day` counts local days from the grid's first; `types` [days + 1] are the days' `DayType` values, with one more day.
    """

    hour: NDArray[np.int16]
    weekday: NDArray[np.int16]
    day_of_year: NDArray[np.int16]
    day: NDArray[np.int64]
    types: NDArray[np.int16]


@dataclass(frozen=True)
class Loads:
    """Hourly energy of several loads.

    `energy` is [loads, hours] in each load's unit (`units`: kWh or m3), NaN where it is not known; column 0 begins `start_h` hours
    after 1970-01-01T00Z. `zones` are the loads' time zones; `countries` give their public holidays. `weather` is on the same grid.
    """

    names: tuple[str, ...]
    start_h: int
    energy: Floats
    units: tuple[str, ...]
    zones: tuple[str, ...]
    countries: tuple[str | None, ...]
    weather: Weather | None = None

    @property
    def hours(self) -> int:
        """Columns of the grid."""
        return self.energy.shape[1]

    def energy_at(self, rows: Indices, columns: Indices, origins: Indices) -> Floats:
        """Energy of `rows[k]` in `columns[k, :]`, NaN outside the grid and from column `origins[k]` on."""
        known = (columns >= 0) & (columns < np.minimum(origins, self.hours)[:, None])
        taken = self.energy[rows[:, None], np.clip(columns, 0, max(self.hours - 1, 0))]
        return np.where(known, taken, np.float32(np.nan))

    def before(self, column: int) -> "Loads":
        """The same loads with nothing known from that column on."""
        return replace(self, energy=self.energy[:, :column])

    def since(self, column: int) -> "Loads":
        """The same loads on a grid that begins with that column."""
        weather = self.weather.since(column) if self.weather else None
        return replace(self, start_h=self.start_h + column, energy=self.energy[:, column:], weather=weather)

    @property
    def first_known(self) -> int | None:
        """The first column in which any load is known."""
        known = ~np.isnan(self.energy).all(axis=0)
        return int(known.argmax()) if known.any() else None

    def without_spikes(self, until: int) -> tuple["Loads", NDArray[np.int64]]:
        """The same loads with spikes unknown, judged by what lies before a column, and how many there are before it per load."""
        limit = spike_limits(self.energy[:, :until])[:, None]
        beyond = np.abs(self.energy) > limit
        clean = np.where(beyond, np.float32(np.nan), self.energy)
        return replace(self, energy=clean), beyond[:, :until].sum(axis=1)

    def without_weather(self) -> "Loads":
        """The same loads, for a forecast that must do without weather."""
        return replace(self, weather=None)

    def instant(self, column: int) -> datetime:
        """Start of a column's hour."""
        return from_epoch_s((self.start_h + column) * HOUR_S)

    def column(self, instant: datetime) -> int:
        """The column whose hour holds the instant."""
        return epoch_h(instant) - self.start_h

    @cached_property
    def calendars(self) -> tuple[NDArray[np.int64], tuple[LocalHours, ...]]:
        """Index of each load's calendar, and the calendars."""
        kinds = sorted(set(zip(self.zones, self.countries, strict=True)), key=str)
        index = [kinds.index(kind) for kind in zip(self.zones, self.countries, strict=True)]
        return np.array(index, np.int64), tuple(
            local_hours(self.start_h, self.hours + LONGEST_HORIZON_H, zone, country) for zone, country in kinds
        )


def local_hours(start_h: int, hours: int, zone: str, country: str | None) -> LocalHours:
    """The local calendar of so many UTC hours."""
    stamps = pl.Series("t", range(start_h, start_h + hours), dtype=pl.Int64)
    local = pl.from_epoch(stamps * HOUR_S, time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    day_number = local.dt.date().cast(pl.Int32).to_numpy().astype(np.int64)
    first = local.dt.date()[0]
    day = day_number - day_number[0]
    return LocalHours(
        hour=local.dt.hour().to_numpy().astype(np.int16),
        weekday=local.dt.weekday().to_numpy().astype(np.int16),
        day_of_year=local.dt.ordinal_day().to_numpy().astype(np.int16),
        day=day,
        types=np.array(day_types(first, int(day[-1]) + 2, country), np.int16),
    )


def loads_of(
    names: Sequence[str],
    start_h: int,
    energy: Floats,
    zones: Sequence[str],
    weather: Weather | None = None,
    country: str | None = None,
    units: Sequence[str] | None = None,
) -> Loads:
    """Loads whose holidays are those of their zones' countries, or of the given country; in kWh where no units are given."""
    countries = tuple(country or country_of(zone) for zone in zones)
    each_unit = tuple(units) if units is not None else ("kWh",) * len(zones)
    return Loads(tuple(names), start_h, energy.astype(np.float32), each_unit, tuple(zones), countries, weather)


def spike_limits(energy: Floats) -> Floats:
    """Size [loads] beyond which an hour cannot be load: SPIKE_FACTOR times the 99th percentile of the known hours.

    Infinite where nothing is known, or where more than a twentieth of the last week lies beyond: then the load has grown.
    """
    size = np.where(np.isnan(energy), -1, np.abs(energy))
    known = (size >= 0).sum(axis=1)
    if not size.shape[1]:
        return np.full(len(size), np.inf, np.float32)
    # Sorted by hand: numpy's percentile that leaves out NaN takes minutes over a thousand loads.
    rank = size.shape[1] - known + np.floor(0.99 * np.maximum(known - 1, 0)).astype(np.int64)
    at_rank = np.sort(size, axis=1)[np.arange(len(size)), np.clip(rank, 0, size.shape[1] - 1)]
    limit = SPIKE_FACTOR * at_rank
    has_grown = (size[:, -168:] > limit[:, None]).mean(axis=1) > 0.05
    return np.where((at_rank <= 0) | has_grown, np.inf, limit).astype(np.float32)
