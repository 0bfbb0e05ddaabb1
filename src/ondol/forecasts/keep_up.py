"""What of forecasting is due: scoring what has ended, fitting models that are old, issuing what an hour or a day ago was last issued."""

from datetime import UTC, datetime, timedelta

from ondol.common.access import SYSTEM
from ondol.common.instants import epoch_h
from ondol.forecasts.forecast_load import issue_forecasts
from ondol.forecasts.model.forecasts import HORIZONS_H
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.score_forecasts import score_forecasts
from ondol.forecasts.train_all import TRAINING_HOURS, train_all


def is_due(needs: ForecastNeeds) -> bool:
    """Whether an hour began since the last issue, or older history was imported since the last fit."""
    newest = needs.records.last_issue()
    return newest is None or epoch_h(newest) < needs.now_h or _history_has_grown(needs)


def keep_up(needs: ForecastNeeds) -> None:
    """Do it; ask `is_due` before."""
    score_forecasts(needs.clock(), sites=needs.sites, history=needs.history, forecasts=needs.records)
    is_fitted = _training_is_due(needs)
    if is_fitted:
        train_all(SYSTEM, needs)
    newest = needs.records.last_issue()
    day_began = newest is None or newest.date() < needs.clock().date()
    # What new models say of the week replaces what older ones said this morning.
    issue_forecasts(SYSTEM, needs, HORIZONS_H if day_began or is_fitted else HORIZONS_H[:1])


def _training_is_due(needs: ForecastNeeds) -> bool:
    models = needs.records.models()
    if not models or _history_has_grown(needs):
        return True
    # While history is short each day teaches much.
    is_young = models[0].data_until - models[0].data_from < timedelta(days=60)
    every = timedelta(days=1 if is_young else needs.rules.train_days)
    return needs.clock() - models[0].trained_at >= every


def _history_has_grown(needs: ForecastNeeds) -> bool:
    """Whether there is older history than the newest models have seen, as after an import; of what they would look at."""
    models = needs.records.models()
    if not models:
        return False
    oldest = min(model.data_from for model in models[: len(HORIZONS_H) * len({m.quantity for m in models})])
    reach = needs.clock() - timedelta(hours=TRAINING_HOURS)
    first = _first_history(needs)
    return first is not None and max(first, reach) < oldest - timedelta(days=14)


def _first_history(needs: ForecastNeeds) -> datetime | None:
    meters = [point.id for point in needs.sites.points() if point.is_main_meter]
    starts = [first for first, _ in needs.history.extent(meters).values()]
    return datetime.fromtimestamp(min(starts), UTC) if starts else None
