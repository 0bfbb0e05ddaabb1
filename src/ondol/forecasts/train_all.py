"""Fitting models to every quantity that is measured anywhere."""

from collections.abc import Sequence
from dataclasses import asdict

import structlog

from ondol.common.access import Access
from ondol.forecasts.find_forecasters import forecasters
from ondol.forecasts.gather_all import buildings_by_quantity, recent_loads
from ondol.forecasts.model.forecasts import HORIZONS_H, ForecastTarget, ModelRecord
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.train_forecasters import train_forecasters

TRAINING_HOURS = 2 * 8760
_log = structlog.get_logger()


def train_all(
    access: Access, needs: ForecastNeeds, horizons_h: Sequence[int] = HORIZONS_H, seed: int = 1
) -> list[ModelRecord]:
    """Fit models for every quantity that has any history. Raises NotAllowed: models learn from all buildings."""
    access.require_administrator()
    records: list[ModelRecord] = []
    for quantity, buildings in buildings_by_quantity(needs).items():
        loads = recent_loads(buildings, quantity, TRAINING_HOURS, needs)
        if loads.first_known is None:
            continue
        loads = loads.since(loads.first_known)
        for horizon_h in horizons_h:
            record = train_forecasters(
                loads, ForecastTarget(quantity, horizon_h), forecasters(), seed, needs.clock(),
                objects=needs.objects, forecasts=needs.records,
            )  # fmt: skip
            _log.info(
                "models fitted", quantity=quantity, horizon_h=horizon_h, version=record.version, **asdict(record.scores)
            )
            records.append(record)
    return records
