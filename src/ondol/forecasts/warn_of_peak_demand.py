"""A warning before the 15-minute demand crosses a share of the contract power: it sets the base charge for a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import structlog

from ondol.common.access import Access
from ondol.common.cache import Cache
from ondol.common.errors import NotFound
from ondol.common.instants import DAY_S, HOUR_S, QUARTER_S
from ondol.common.messages import Message
from ondol.forecasts.model.forecasts import Band
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.notifications import leave_notification
from ondol.forecasts.rules.calibration import RollingCalibration
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building, main_meters
from ondol.sites.reach import reach_whole_building

_log = structlog.get_logger()
QUARTERS_A_DAY = 96
LOOK_BACK_DAYS = 35
CALIBRATION_DAYS = 14
RECENT_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """Mean power (kW) of the quarter-hour from `start`: expected, and its quantiles at `forecasts.rules.calibration.LEVELS`.

    `limit_kw` is the share of the contract power that is warned of, None without a contract power.
    """

    start: datetime
    expected_kw: float
    band_kw: Band
    limit_kw: float | None
    contract_power_kw: float | None = None

    @property
    def is_near_limit(self) -> bool:
        """Whether the expected demand reaches the limit."""
        return self.limit_kw is not None and self.expected_kw >= self.limit_kw


def forecast_demand(access: Access, building_key: str, needs: ForecastNeeds) -> DemandForecast:
    """The quarter-hour that follows the last measured one, of a whole building. Raises NotFound while too little is known."""
    building = reach_whole_building(access, building_key, needs.sites)
    found = next_quarter(building, needs)
    if found is None:
        raise NotFound(
            f"the last hour of {building_key!r} is not measured; its demand is forecast while its meters send"
        )
    return found


def warn_of_peak_demand(needs: ForecastNeeds) -> None:
    """Leave a notification for each building with a contract power whose next quarter-hour comes near it."""
    for building in needs.sites.buildings():
        if building.contract_power_kw:
            demand = next_quarter(building, needs)
            if demand is not None and demand.is_near_limit:
                _notify(building, demand, needs.cache)


def next_quarter(building: Building, needs: ForecastNeeds) -> DemandForecast | None:
    """The quarter-hour that follows the last measured one; None when the last hours or the same hours of past days are not known.

    What the same quarter-hour used on the last similar days (same weekday, then yesterday), moved by what the last hour was above or
    below them; its quantiles are calibrated on the errors of the same method over the last two weeks.
    """
    now = needs.clock()
    end_s = int(now.timestamp()) // QUARTER_S * QUARTER_S
    first_s = end_s - LOOK_BACK_DAYS * DAY_S
    meters = {meter.id: meter for meter in main_meters(needs.sites.points(building.key), "electricity")}
    found = needs.history.read(list(meters), first_s, end_s)
    bins = usage_by_bin(found, meters, range(first_s, end_s + 1, QUARTER_S))
    by_bin: dict[int, float] = {}
    for number, usage in bins.group_by("bin").sum().select("bin", "usage").iter_rows():
        by_bin[number] = usage * HOUR_S / QUARTER_S
    demand_kw = [by_bin.get(n) for n in range((end_s - first_s) // QUARTER_S)]
    while demand_kw and demand_kw[-1] is None and len(by_bin) > RECENT_QUARTERS:
        demand_kw.pop()
    expected = next_demand_kw(demand_kw)
    if expected is None or not demand_kw:
        return None
    contract_kw = building.contract_power_kw
    start = datetime.fromtimestamp(first_s + len(demand_kw) * QUARTER_S, UTC)
    limit = contract_kw * needs.rules.peak_warning_share if contract_kw else None
    if now - start > timedelta(hours=1):
        return None
    return DemandForecast(start, expected, _band(demand_kw, expected, first_s // QUARTER_S), limit, contract_kw)


def _notify(building: Building, demand: DemandForecast, cache: Cache | None) -> None:
    """Leave `notification:{building}`, as the guide has it, until the quarter-hour is over."""
    values = {
        "building": building.name,
        "expected_kw": demand.expected_kw,
        "limit_kw": demand.limit_kw or 0.0,
        "start": demand.start.isoformat(),
    }
    leave_notification(building.key, Message("peak_demand_near_limit", values), demand.start, QUARTER_S, cache)
    _log.warning("demand near the limit", building=building.key, expected_kw=round(demand.expected_kw, 1))


def next_demand_kw(demand_kw: Sequence[float | None], known: int | None = None) -> float | None:
    """What follows the first `known` of a series of quarter-hours (kW, None where not known), by default all."""
    n = len(demand_kw) if known is None else known
    usual = _usual(demand_kw, n)
    recent = [
        actual - then
        for k in range(max(n - RECENT_QUARTERS, 0), n)
        if (actual := demand_kw[k]) is not None and (then := _usual(demand_kw, k)) is not None
    ]
    if usual is None or not recent:
        return demand_kw[n - 1] if n and usual is None else usual
    # The newest quarter says most about the next one.
    weights = range(1, len(recent) + 1)
    shift = sum(w * r for w, r in zip(weights, recent, strict=True)) / sum(weights)
    return max(usual + shift, 0.0)


def _usual(demand_kw: Sequence[float | None], n: int) -> float | None:
    """Mean of the same quarter-hour a week, two, three weeks ago; else of yesterday."""
    week = 7 * QUARTERS_A_DAY
    weeks = [
        value for back in range(1, 5) if n - back * week >= 0 and (value := demand_kw[n - back * week]) is not None
    ]
    if weeks:
        return sum(weeks) / len(weeks)
    return demand_kw[n - QUARTERS_A_DAY] if n >= QUARTERS_A_DAY else None


def _band(demand_kw: Sequence[float | None], expected_kw: float, first_quarter: int) -> Band:
    """Quantiles of what follows the series, whose first quarter-hour is given since 1970."""
    end = first_quarter + len(demand_kw)
    first_day = max(end // QUARTERS_A_DAY - CALIBRATION_DAYS, -(-first_quarter // QUARTERS_A_DAY))
    quarters = (end // QUARTERS_A_DAY + 1 - first_day) * QUARTERS_A_DAY
    actual, guess = np.full((2, quarters), np.nan, np.float32)
    offset = first_day * QUARTERS_A_DAY - first_quarter
    for n in range(offset, len(demand_kw)):
        known, guessed = demand_kw[n], next_demand_kw(demand_kw, n)
        if known is not None and guessed is not None:
            actual[n - offset], guess[n - offset] = known, guessed
    guess[len(demand_kw) - offset] = expected_kw
    # The four quarters of an hour are calibrated beside each other, each by the hour of the day.
    days = [values.reshape(-1, 24, 4).swapaxes(1, 2) for values in (guess, actual)]
    calibration = RollingCalibration(4, 24)
    for day, (guesses, truth) in enumerate(zip(*days, strict=True), first_day):
        calibration.learn(guesses, None, truth, day * 24)
    hour, quarter = divmod(end % QUARTERS_A_DAY, 4)
    band = calibration.band(days[0][-1], end // QUARTERS_A_DAY * 24)[quarter, hour]
    return tuple(float(max(value, 0)) for value in band)
