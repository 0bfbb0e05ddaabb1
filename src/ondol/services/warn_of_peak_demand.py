"""A warning before the 15-minute demand crosses a share of the contract power: it sets the base charge for a year."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import structlog

from ondol.domain.errors import StoreUnavailable
from ondol.domain.sites import Building
from ondol.domain.usage import usage_by_bin
from ondol.ports.cache import Cache
from ondol.ports.directory import Directory
from ondol.ports.history import History
from ondol.services.look_up_usage import main_meters

_log = structlog.get_logger()
QUARTER_S = 900
QUARTERS_A_DAY = 96
LOOK_BACK_DAYS = 35
RECENT_QUARTERS = 4
LEAST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """Mean power (kW) of the quarter-hour from `start`: expected, and its 5 and 95 % quantiles from the errors of the same method
    over the last weeks. `limit_kw` is the share of the contract power that is warned of, None without a contract power.
    """

    start: datetime
    expected_kw: float
    low_kw: float
    high_kw: float
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
    below them.
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
    errors = sorted(
        actual - guess
        for n in range(len(demand_kw) - 7 * QUARTERS_A_DAY, len(demand_kw))
        if (actual := demand_kw[n]) is not None and (guess := next_demand_kw(demand_kw[:n])) is not None
    )
    low, high = _quantile(errors, 0.05), _quantile(errors, 0.95)
    contract_kw = building.contract_power_kw
    start = datetime.fromtimestamp(first_s + len(demand_kw) * QUARTER_S, UTC)
    limit = contract_kw * warning_share if contract_kw else None
    if now - start > timedelta(hours=1):
        return None
    return DemandForecast(start, expected, max(expected + low, 0.0), expected + high, limit)


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


def next_demand_kw(demand_kw: Sequence[float | None]) -> float | None:
    """What follows a series of quarter-hours (kW, None where not known)."""
    n = len(demand_kw)
    usual = _usual(demand_kw, n)
    recent = [
        actual - then
        for k in range(max(n - RECENT_QUARTERS, 0), n)
        if (actual := demand_kw[k]) is not None and (then := _usual(demand_kw[:n], k)) is not None
    ]
    if usual is None or not recent:
        return demand_kw[-1] if n and usual is None else usual
    # The newest quarter says most about the next.
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


def _quantile(ordered: Sequence[float], level: float) -> float:
    if len(ordered) < LEAST_ERRORS:
        return 0.0
    return ordered[min(int(level * len(ordered)), len(ordered) - 1)]
