"""Bands around forecasts, calibrated by how wrong earlier forecasts of the same load were.

Rolling split-conformal prediction (Vovk et al. 2005) on errors relative to the expected value, by hour of the day, with the
level of each band adapted to the coverage that it had (adaptive conformal inference, Gibbs and Candès 2021).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ondol.forecasts.model.weather import Floats

LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)
"""The quantiles that every forecast comes with."""
WINDOW_DAYS = 56
NEAR_HOURS = 2
_BANDS = ((0, 4, 0.10), (1, 3, 0.50))
"""Index of the lower and the upper quantile, and the share of hours that should lie outside."""
_LEARNING_RATE_A_DAY = 0.02
_FASTEST_LEARNING = 0.10
_LEAST_OUTSIDE, _MOST_OUTSIDE = 0.005, 0.9
_LEAST_ERRORS = 12
_UNKNOWN = np.array([-1, -0.5, 0, 0.5, 1], np.float32)


@dataclass
class RollingCalibration:
    """What is known of the errors of forecasts of some loads, all of one horizon. Learn oldest first."""

    loads: int
    horizon_h: int
    _errors: list[Floats] = field(default_factory=list[NDArray[np.float32]])  # each [loads, horizon]
    _hours: list[NDArray[np.int64]] = field(default_factory=list[NDArray[np.int64]])  # each [horizon], hours since 1970
    _outside: dict[int, NDArray[np.float64]] = field(default_factory=dict[int, NDArray[np.float64]])

    def ratios(self) -> Floats:
        """Quantiles of the relative errors [loads, hours of the day in UTC, LEVELS].

        With fewer than a dozen known errors near an hour, those of all hours count; with none, the band is as wide as the load.
        """
        every = self._quantiles(None)[:, None]
        by_hour = np.stack([self._quantiles(hour) for hour in range(24)], axis=1)
        ratios = np.where(np.isnan(by_hour), every, by_hour)
        return np.where(np.isnan(ratios), _UNKNOWN, ratios)

    def band(self, expected: Floats, first_h: int) -> Floats:
        """`band_around` with the errors that are known now."""
        return band_around(expected, self.ratios(), first_h)

    def learn(self, expected: Floats, band: Floats | None, actual: Floats, first_h: int) -> None:
        """Take in the truth [loads, horizon], NaN where it is not known, of a forecast and of the band that it had."""
        self._errors.append(((actual - expected) / base_of(expected)).astype(np.float32))
        self._hours.append(first_h + np.arange(self.horizon_h))
        while self._hours[0][-1] < first_h - WINDOW_DAYS * 24:
            self._errors.pop(0)
            self._hours.pop(0)
        if band is not None:
            self._adapt(band, actual)

    def _adapt(self, band: Floats, actual: Floats) -> None:
        rate = min(_LEARNING_RATE_A_DAY * self.horizon_h / 24, _FASTEST_LEARNING)
        known = ~np.isnan(actual)
        count = known.sum(axis=1)
        for low, high, wanted in _BANDS:
            outside = ((actual < band[..., low]) | (actual > band[..., high])) & known
            share = np.where(count > 0, outside.sum(axis=1) / np.maximum(count, 1), wanted)
            level = self._level(low, wanted) + rate * (wanted - share)
            self._outside[low] = np.clip(level, _LEAST_OUTSIDE, _MOST_OUTSIDE)

    def _level(self, band: int, wanted: float) -> NDArray[np.float64]:
        return self._outside.get(band, np.full(self.loads, wanted))

    def _quantiles(self, hour: int | None) -> Floats:
        """Quantiles of the relative errors near an hour of the day, or of all, [loads, LEVELS]; NaN where too few are known."""
        if not self._errors:
            return np.full((self.loads, len(LEVELS)), np.nan, np.float32)
        errors, hours = np.concatenate(self._errors, axis=1), np.concatenate(self._hours)
        if hour is not None:
            apart = (hours - hour) % 24
            errors = errors[:, np.minimum(apart, 24 - apart) <= NEAR_HOURS]
        ordered, known = np.sort(errors, axis=1), (~np.isnan(errors)).sum(axis=1)
        levels = {2: np.full(self.loads, 0.5)}
        for low, high, wanted in _BANDS:
            # Half an error more on each side: with few errors, the quantile of the next one lies further out.
            half, margin = self._level(low, wanted) / 2, 0.5 / np.maximum(known, 1)
            levels |= {low: half - margin, high: 1 - half + margin}
        found = np.stack([_at_rank(ordered, known, levels[n]) for n in range(len(LEVELS))], axis=1)
        found[known < (_LEAST_ERRORS if hour is not None else 1)] = np.nan
        return found


def band_around(expected: Floats, ratios: Floats, first_h: int) -> Floats:
    """Quantiles [loads, horizon, LEVELS] for an expected load [loads, horizon] that begins `first_h` hours after 1970.

    Never falling from one level to the next.
    """
    hours = (first_h + np.arange(expected.shape[1])) % 24
    band = expected[..., None] + ratios[:, hours] * base_of(expected)[..., None]
    return np.maximum.accumulate(band, axis=-1)


def base_of(expected: Floats) -> Floats:
    """What errors are put in relation to: the expected value, or a twentieth of the horizon's mean where it is smaller."""
    known = ~np.isnan(expected)
    total = np.where(known, np.abs(expected), 0).sum(axis=1, keepdims=True)
    floor = 0.05 * total / np.maximum(known.sum(axis=1, keepdims=True), 1)
    return np.maximum(np.maximum(np.abs(expected), floor), 1e-6).astype(np.float32)


def _at_rank(ordered: Floats, known: NDArray[np.int64], level: NDArray[np.float64]) -> Floats:
    """The value at a share of the known ones (sorted, NaN last), interpolated between neighbours."""
    last = np.maximum(known - 1, 0)
    rank = np.clip(level, 0, 1) * last
    below = np.floor(rank).astype(np.int64)
    above = np.minimum(below + 1, last)
    row = np.arange(len(ordered))
    part = (rank - below).astype(np.float32)
    return (ordered[row, below] * (1 - part) + ordered[row, above] * part).astype(np.float32)
