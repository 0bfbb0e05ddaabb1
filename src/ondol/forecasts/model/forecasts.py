"""Forecasts as they are issued, kept and scored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntFlag

from ondol.forecasts.model.scores import Scores

HORIZONS_H = (24, 168)
"""What is forecast: the next day and the next week, by the hour."""


class ForecastFlag(IntFlag):
    """What a reader of a forecast should know about it; the names, in lower case, are what the API and the pages show."""

    GOOD = 0
    SHORT_HISTORY = 1  # less than four weeks are known
    GAPS = 2  # more than a tenth of the last four weeks is missing
    ALL_ZERO = 4  # nothing was used in the last four weeks
    SPIKES_LEFT_OUT = 8  # values that cannot be load were not learnt from
    LEVEL_CHANGED = 16  # the last week differs much from the weeks before
    NO_WEATHER = 32  # the model knows weather and there is no forecast of it
    NAIVE = 64  # the model fell behind last week's curve, which took its place

    @property
    def names(self) -> list[str]:
        """Lower-case names of the set flags."""
        return [flag.name.lower() for flag in ForecastFlag if flag and flag in self and flag.name]


@dataclass(frozen=True, slots=True)
class ForecastTarget:
    """What is forecast: a quantity of buildings, so many hours ahead."""

    quantity: str
    horizon_h: int


Band = tuple[float, ...]
"""Quantiles of one hour at `forecasts.rules.calibration.LEVELS`: 5, 25, 50, 75 and 95 %."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Energy of a building by the hour from `start` on, as expected at `issued_at`, in `unit`: kWh or m3.

    `expected` and `band` have an entry an hour; `last_week` is the curve of the week before, None where it is not known.
    """

    building_id: int
    quantity: str
    unit: str
    horizon_h: int
    issued_at: datetime
    start: datetime
    model: str
    version: str
    flags: ForecastFlag
    expected: tuple[float, ...]
    band: tuple[Band, ...]
    last_week: tuple[float | None, ...]

    @property
    def end(self) -> datetime:
        """End of the last hour."""
        return self.start + timedelta(hours=self.horizon_h)


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """How a forecast came out, over the `hours` whose truth is known.

    `error` and `naive_error` are sums of absolute errors over the same hours, in the unit of the forecast.
    """

    hours: int
    error: float
    naive_error: float
    scores: Scores


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """A score with what it is of."""

    building_id: int
    quantity: str
    horizon_h: int
    issued_at: datetime
    start: datetime
    model: str
    version: str
    score: ForecastScore


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A model that was fitted: what it learnt from, how good it was then, and where it is kept.

    `version` begins the SHA-256 of the object at `object_key`. `scores` are those of its back-test.
    """

    quantity: str
    horizon_h: int
    version: str
    sha256: str
    object_key: str
    trained_at: datetime
    data_from: datetime
    data_until: datetime
    loads: int
    seed: int
    features: tuple[str, ...]
    scores: Scores
