"""A warning before the 15-minute demand crosses a share of the contract power: it sets the base charge for a year."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import structlog

from ondol.common.cache import Cache
from ondol.common.errors import StoreUnavailable
from ondol.forecasts.model.forecasts import Band
from ondol.history.look_up_usage import main_meters
from ondol.history.ports import History
from ondol.history.rules.usage import usage_by_bin
from ondol.sites.model import Building
from ondol.sites.ports import Directory

_log = structlog.get_logger()
QUARTER_S = 900
QUARTERS_A_DAY = 96
LOOK_BACK_DAYS = 35
CALIBRATION_DAYS = 14
RECENT_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """Mean power (kW) of the quarter-hour from `start`: expected, and its quantiles at `domain.calibration.LEVELS`.

    `limit_kw` is the share of the contract power that is warned of, None without a contract power.
    """

    start: datetime
    expected_kw: float
    band_kw: Band
    limit_kw: float | None

    @property
    def is_near_limit(self) -> bool:
        """Whether the expected demand reaches the limit."""
        return self.limit_kw is not None and self.expected_kw >= self.limit_kw


def forecast_demand(
    building: Building, now: datetime, warning_share: float, *, directory: Directory, history: History
) -> DemandForecast | None:
    """The quarter-hour that follows the last measured one; None when the last hours or the same hours of past days are not known.

    What the same quarter-hour used on the last similar days (same weekday, then yesterday), moved by what the last hour was above or
    below them; its quantiles are calibrated on the errors of the same method over the last two weeks.
    """
    end_s = int(now.timestamp()) // QUARTER_S * QUARTER_S
    first_s = end_s - LOOK_BACK_DAYS * 86_400
    meters = {meter.id: meter for meter in main_meters(directory.points(building.key), "electricity")}
    found = history.read(list(meters), first_s, end_s)
    bins = usage_by_bin(found, meters, range(first_s, end_s + 1, QUARTER_S))
    by_bin: dict[int, float] = {}
    for number, usage in bins.group_by("bin").sum().select("bin", "usage").iter_rows():
        by_bin[number] = usage * 3600 / QUARTER_S
    demand_kw = [by_bin.get(n) for n in range((end_s - first_s) // QUARTER_S)]
    while demand_kw and demand_kw[-1] is None and len(by_bin) > RECENT_QUARTERS:
        demand_kw.pop()
    expected = next_demand_kw(demand_kw)
    if expected is None or not demand_kw:
        return None
    contract_kw = building.contract_power_kw
    start = datetime.fromtimestamp(first_s + len(demand_kw) * QUARTER_S, UTC)
    limit = contract_kw * warning_share if contract_kw else None
    if now - start > timedelta(hours=1):
        return None
    return DemandForecast(start, expected, _band(demand_kw, expected, first_s // QUARTER_S), limit)


def notify_of_peak(building: Building, demand: DemandForecast, cache: Cache) -> None:
    """Leave `notification:{building}` while the next quarter-hour is expected near the limit."""
    if not demand.is_near_limit:
        return
    message = (
        f"{building.name}: {demand.expected_kw:.0f} kW expected from {demand.start.astimezone(building.zone):%H:%M}, "
        f"limit {demand.limit_kw:.0f} kW; shed load now"
    )
    notification = {"type": "energy_alert", "message": message, "timestamp": demand.start.isoformat()}
    with contextlib.suppress(StoreUnavailable):
        cache.set(f"notification:{building.key}", orjson.dumps(notification), QUARTER_S)
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
    import numpy as np

    from ondol.forecasts.rules.calibration import RollingCalibration

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
