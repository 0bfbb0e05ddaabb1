"""Standing work of forecasting."""

from collections.abc import Callable

from ondol.common.instants import MINUTE_S
from ondol.common.tasks import Task
from ondol.forecasts.keep_up import is_due
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.warn_of_peak_demand import warn_of_peak_demand


def tasks(needs: ForecastNeeds, keep_up: Callable[[], None]) -> list[Task]:
    """`keep_up` does what is due: here, or in a process of its own that leaves memory and a processor to those who serve."""
    return [
        Task("keep forecasts", MINUTE_S, lambda: keep_up() if is_due(needs) else None),
        Task("warn of peak demand", MINUTE_S, lambda: warn_of_peak_demand(needs)),
    ]
