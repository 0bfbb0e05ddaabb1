"""What the global model sees of a load: the calendar, its own past on its own scale, and the weather.

Energies are the logarithm of their ratio to the load's mean over the last four weeks, so that a kiosk and a tower look alike.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ondol.forecasters.seasonal import similar_days
from ondol.forecasts.model.loads import Loads, LocalHours
from ondol.forecasts.model.past_days import mean_of_known, same_hour_of_past_days
from ondol.forecasts.model.weather import Floats, Indices, discomfort_index

SCALE_H = 672
YEAR_H = 52 * 168
FLOOR = 0.01
"""Energies below this share of the scale count as it, so that a zero has a logarithm."""
_DEGREE_BASE_C = 18.0


@dataclass(frozen=True)
class Scales:
    """Running sums over a load's known hours, from which any mean is two look-ups. Arrays are [loads, hours + 1]."""

    total: NDArray[np.float64]
    known: NDArray[np.int32]

    @staticmethod
    def of(loads: Loads) -> "Scales":
        """Sums over each load."""
        known = ~np.isnan(loads.energy)
        filled = np.where(known, loads.energy, 0).astype(np.float64)
        pad = ((0, 0), (1, 0))
        return Scales(np.pad(filled.cumsum(axis=1), pad), np.pad(known.cumsum(axis=1, dtype=np.int32), pad))

    def mean(self, rows: Indices, first: Indices, end: Indices, least_h: int = 1) -> Floats:
        """Mean of the known hours in first <= column < end; NaN when they are fewer than `least_h`."""
        last = self.total.shape[1] - 1
        first, end = np.clip(first, 0, last), np.clip(end, 0, last)
        known = self.known[rows, end] - self.known[rows, first]
        total = self.total[rows, end] - self.total[rows, first]
        return np.where(known >= least_h, total / np.maximum(known, 1), np.nan).astype(np.float32)

    def scale(self, rows: Indices, origins: Indices) -> Floats:
        """The mean that energies are put in relation to: of four weeks, else of all before the origin."""
        recent = self.mean(rows, origins - SCALE_H, origins, 24)
        return np.where(np.isnan(recent), self.mean(rows, origins * 0, origins), recent)


def features_of(
    loads: Loads, scales: Scales, rows: Indices, origins: Indices, leads: Indices, names: NDArray[np.float32]
) -> tuple[list[str], Floats]:
    """Names of the features, and their values [pairs * leads, features]. `names` [loads] is each load's number for the model."""
    shape = (len(rows), len(leads))
    scale = scales.scale(rows, origins)
    columns: dict[str, Floats] = {"load": np.broadcast_to(names[rows][:, None], shape)}
    columns |= _calendar(loads, rows, origins, leads)
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        columns |= _own_past(loads, scales, rows, origins, leads, scale)
        if loads.weather is not None:
            columns |= _weather(loads, rows, origins, leads)
    stacked = [np.broadcast_to(values, shape).reshape(-1).astype(np.float32) for values in columns.values()]
    return list(columns), np.stack(stacked, axis=1)


def relative(energy: Floats, scale: Floats) -> Floats:
    """Logarithm of the ratio to the scale; NaN where either is not known or the scale is not positive."""
    ratio = np.where(scale > 0, energy / scale, np.nan)
    return np.log(np.maximum(ratio, FLOOR)).astype(np.float32)


def _calendar(loads: Loads, rows: Indices, origins: Indices, leads: Indices) -> dict[str, Floats]:
    index, calendars = loads.calendars
    target = origins[:, None] + leads
    columns = {"lead": np.broadcast_to(leads, target.shape).astype(np.float32)}
    kinds = ("hour", "weekday", "day_of_year", "type", "type_of_yesterday", "type_of_tomorrow")
    for name in kinds:
        columns[name] = np.empty(target.shape, np.float32)
    for number, calendar in enumerate(calendars):
        of_calendar = index[rows] == number
        for name, values in zip(kinds, _of_calendar(calendar, target[of_calendar]), strict=True):
            columns[name][of_calendar] = values
    return columns


def _of_calendar(calendar: LocalHours, target: Indices) -> tuple[NDArray[np.int16], ...]:
    day = calendar.day[target]
    types = calendar.types
    return (
        calendar.hour[target],
        calendar.weekday[target],
        calendar.day_of_year[target],
        types[day],
        types[np.maximum(day - 1, 0)],
        types[day + 1],
    )


def _own_past(
    loads: Loads, scales: Scales, rows: Indices, origins: Indices, leads: Indices, scale: Floats
) -> dict[str, Floats]:
    base, target = scale[:, None], origins[:, None] + leads
    days = same_hour_of_past_days(loads, rows, origins, leads, 28)
    similar = np.where(similar_days(loads, rows, origins, leads, 28), days, np.float32(np.nan))
    age = (0.85 ** np.arange(28, dtype=np.float32))[:, None, None] * ~np.isnan(similar)
    weeks_back = 168 * (leads // 168 + 1)
    weeks = np.stack([loads.energy_at(rows, target - weeks_back - 168 * n, origins) for n in range(8)])
    week = loads.energy_at(rows, origins[:, None] - 1 - np.arange(168), origins)
    columns = {f"day_{n}": relative(days[n], base) for n in range(7)}
    columns |= {f"week_{n}": relative(weeks[n], base) for n in range(4)}
    columns |= {
        "mean_of_4_weeks": relative(mean_of_known(weeks[:4]), base),
        "mean_of_8_weeks": relative(mean_of_known(weeks), base),
        "mean_of_7_days": relative(mean_of_known(days[:7]), base),
        "mean_of_similar_days": relative(mean_of_known(similar), base),
        "mean_of_newest_similar_days": relative(np.nansum(similar * age, axis=0) / age.sum(axis=0), base),
        "spread_of_similar_days": np.nanstd(similar, axis=0) / base,
        "last_hour": relative(week[:, :1], base),
        "last_day": relative(scales.mean(rows, origins - 24, origins)[:, None], base),
        "last_week": relative(scales.mean(rows, origins - 168, origins)[:, None], base),
        "lowest_of_week": relative(np.nanmin(week, axis=1)[:, None], base),
        "highest_of_week": relative(np.nanmax(week, axis=1)[:, None], base),
    }
    # A year ago, on that time's own scale: terms, holidays and the seasons of people's habits.
    year_ago = scales.mean(rows, origins - YEAR_H - SCALE_H, origins - YEAR_H, 336)[:, None]
    pairs = np.broadcast_to(rows[:, None], target.shape)
    that_week = scales.mean(pairs, target - YEAR_H - 84, target - YEAR_H + 84)
    columns["a_year_ago"] = relative(loads.energy_at(rows, target - YEAR_H, origins), year_ago)
    columns["week_a_year_ago"] = relative(that_week, year_ago)
    return columns


def _weather(loads: Loads, rows: Indices, origins: Indices, leads: Indices) -> dict[str, Floats]:
    assert loads.weather is not None
    back, ahead = 168, int(leads.max()) + 1
    temperature, humidity = loads.weather.known(rows, origins, back, ahead)
    at, now = leads + back, temperature[:, leads + back]
    means = {hours: _running_mean(temperature, hours)[:, at] for hours in (24, 72)}
    last_week = np.nanmean(temperature[:, :back], axis=1)[:, None]
    heating, cooling = np.maximum(_DEGREE_BASE_C - temperature, 0), np.maximum(temperature - _DEGREE_BASE_C, 0)
    return {
        "temperature_c": now,
        "humidity_pct": humidity[:, at],
        "discomfort": discomfort_index(now, humidity[:, at]),
        "heating_degree_hours": _running_mean(heating, 24)[:, at],
        "cooling_degree_hours": _running_mean(cooling, 24)[:, at],
        "temperature_of_day": means[24],
        "temperature_of_3_days": means[72],
        "warmer_than_last_week": means[24] - last_week,
        "warmer_than_last_day": now - temperature[:, at - 24 * (leads // 24 + 1)],
        "warmer_than_a_week_before": now - temperature[:, at - 168],
    }


def _running_mean(values: Floats, hours: int) -> Floats:
    """Mean over the hours up to and with each column; NaN where fewer than half of them are known."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0).astype(np.float64).cumsum(axis=1)
    count = known.cumsum(axis=1)
    total[:, hours:] -= total[:, :-hours].copy()
    count[:, hours:] -= count[:, :-hours].copy()
    return np.where(count * 2 >= hours, total / np.maximum(count, 1), np.nan).astype(np.float32)
