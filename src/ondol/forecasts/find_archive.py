"""The fitted models that answer now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from ondol.common.errors import NotFound
from ondol.forecasts.model.model_archive import ModelArchive
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.report_forecast_accuracy import REPORTED_DAYS, has_fallen_behind
from ondol.sites.model import Building

_log = structlog.get_logger()


def find_archive(quantity: str, horizon_h: int, needs: ForecastNeeds) -> ModelArchive | None:
    """The newest archive that is there, None when no model was fitted."""
    for record in needs.records.models(quantity, horizon_h):
        try:
            return ModelArchive.read(needs.objects.get(record.object_key))
        except NotFound:
            _log.warning("a model is missing in the object store; an older one answers", key=record.object_key)
    return None


def find_overtaken(
    buildings: Sequence[Building], quantity: str, horizon_h: int, now: datetime, needs: ForecastNeeds
) -> frozenset[str]:
    """Keys of the buildings whose newest model has been worse than last week's curve."""
    newest = needs.records.models(quantity, horizon_h)
    version = newest[0].version if newest else ""
    since = now - timedelta(days=REPORTED_DAYS)
    scored = [
        one
        for one in needs.records.scored([building.id for building in buildings], quantity, since)
        if one.horizon_h == horizon_h and one.version == version
    ]
    return frozenset(
        building.key
        for building in buildings
        if has_fallen_behind([one for one in scored if one.building_id == building.id])
    )
