"""Standing work of readings."""

from collections.abc import Callable

from ondol.common.audit import Audit
from ondol.common.clock import Clock
from ondol.common.instants import HOUR_S
from ondol.common.retention import Retention
from ondol.common.tasks import Task
from ondol.readings.drop_old_readings import drop_old_readings
from ondol.readings.ports import TimeSeries
from ondol.readings.show_live import TELL_EVERY_S, LiveView

FOLLOW_EVERY_S = 30.0


def tasks(
    timeseries: TimeSeries, clock: Clock, retention: Retention, audit: Audit, follow_named: Callable[[], None]
) -> list[Task]:
    """Once for all processes of an installation."""

    def drop() -> None:
        drop_old_readings(timeseries, clock, retention, audit)

    return [Task("drop old readings", HOUR_S, drop), Task("follow named devices", FOLLOW_EVERY_S, follow_named)]


def tasks_of_process(live: LiveView) -> list[Task]:
    """What each serving process does for itself."""
    return [Task("tell live viewers", TELL_EVERY_S, live.tell)]
