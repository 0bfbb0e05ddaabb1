"""Why there is no forecast: an empty place on a page says what is so, not what usually is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ondol.common.access import Access
from ondol.forecasts.forecast_load import LOOK_BACK_H
from ondol.forecasts.needs import ForecastNeeds
from ondol.sites.model import main_meters
from ondol.sites.reach import reach_whole_building

_AN_ISSUE_IS_LATE_AFTER = timedelta(hours=2)


class NoForecast(StrEnum):
    """What a forecast lacks."""

    NO_READINGS = "no_readings"  # no main meter has any history
    ENDED = "ended"  # its history ended before all that a forecast looks at
    SOON = "soon"  # the next round, within the hour, makes it
    NOT_ISSUED = "not_issued"  # no round has come for hours: nothing issues forecasts


@dataclass(frozen=True, slots=True)
class MissingForecast:
    """`since`: when history ended, or when forecasts were last issued for any building."""

    reason: NoForecast
    since: datetime | None = None


def explain_missing_forecast(access: Access, building_key: str, quantity: str, needs: ForecastNeeds) -> MissingForecast:
    """Of a whole building that has none. Raises NotFound when it is out of reach."""
    building, now = reach_whole_building(access, building_key, needs.sites), needs.clock()
    meters = main_meters(needs.sites.points(building.key), quantity)
    ends = [end for _, end in needs.history.extent([meter.id for meter in meters]).values()]
    if not ends:
        return MissingForecast(NoForecast.NO_READINGS)
    ended = datetime.fromtimestamp(max(ends), UTC)
    if ended < now - timedelta(hours=LOOK_BACK_H):
        return MissingForecast(NoForecast.ENDED, ended)
    newest = needs.records.last_issue()
    if newest is not None and now - newest > _AN_ISSUE_IS_LATE_AFTER:
        return MissingForecast(NoForecast.NOT_ISSUED, newest)
    return MissingForecast(NoForecast.SOON)
