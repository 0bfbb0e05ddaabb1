"""How good the forecasts of a building have been: the last days in one figure, and over time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from ondol.forecasts.model.forecasts import ForecastScore, ScoredForecast
from ondol.forecasts.model.scores import Scores, mean_scores
from ondol.forecasts.ports.forecasts import ForecastRecords
from ondol.sites.model import Building

REPORTED_DAYS = 30
LEAST_SCORED = 5
"""Forecasts by one version of a model before it can be said to have fallen behind."""


@dataclass(frozen=True, slots=True)
class DayScores(Scores):
    """Scores of the forecasts that began on a local day, and the share by which their errors were smaller than with last week's curve."""

    day: date
    better_share: float | None


@dataclass(frozen=True, slots=True)
class ForecastAccuracy:
    """Forecasts of one horizon over the last days. `better_share` 0.41: errors were 41 % smaller than with last week's curve.

    The scores are means over the forecasts; None where nothing was scored. `days` has them by the local day that was forecast.
    `back_test_better_share` is told while no forecast has been scored: how the newest model did on the last weeks before its fit.
    """

    building: Building
    quantity: str
    horizon_h: int
    since: datetime
    forecasts: int
    better_share: float | None
    scores: Scores
    days: list[DayScores]
    has_fallen_behind: bool
    back_test_better_share: float | None = None


def report_forecast_accuracy(
    building: Building,
    quantity: str,
    horizon_h: int,
    now: datetime,
    *,
    forecasts: ForecastRecords,
    days: int = REPORTED_DAYS,
) -> ForecastAccuracy:
    """The report over forecasts that began in the last days."""
    since = now - timedelta(days=days)
    of_horizon = [
        one
        for one in forecasts.scored([building.id], quantity, since)
        if one.horizon_h == horizon_h and one.score.hours
    ]
    by_day: dict[date, list[ForecastScore]] = {}
    for one in of_horizon:
        by_day.setdefault(one.start.astimezone(building.zone).date(), []).append(one.score)
    scores = [one.score for one in of_horizon]
    return ForecastAccuracy(
        building,
        quantity,
        horizon_h,
        since,
        len(of_horizon),
        better_share(scores),
        means(scores),
        [_of_day(day, of_day) for day, of_day in sorted(by_day.items())],
        has_fallen_behind(of_horizon),
    )


def _of_day(day: date, scores: Sequence[ForecastScore]) -> DayScores:
    return DayScores(**asdict(means(scores)), day=day, better_share=better_share(scores))


def better_share(scores: Sequence[ForecastScore]) -> float | None:
    """Share by which the errors were smaller than those of last week's curve; negative when they were larger."""
    naive = sum(score.naive_error for score in scores)
    return 1 - sum(score.error for score in scores) / naive if naive > 0 else None


def means(scores: Sequence[ForecastScore]) -> Scores:
    """Mean of each score over the forecasts that have it."""
    return mean_scores([score.scores for score in scores])


def has_fallen_behind(scored: Sequence[ScoredForecast]) -> bool:
    """Whether the newest version of the model has been worse than last week's curve. Until a new version is fitted that stays so:
    while the curve stands in, the model has no forecasts to redeem itself with.
    """
    judged = [one for one in scored if one.model != "last_week" and one.version == scored[-1].version] if scored else []
    error = sum(one.score.error for one in judged)
    return len(judged) >= LEAST_SCORED and error > sum(one.score.naive_error for one in judged) > 0
