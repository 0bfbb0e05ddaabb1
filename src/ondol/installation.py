"""An installation that is open: one field a capability."""

from collections.abc import Callable
from dataclasses import dataclass

from ondol.audit import AuditTrail
from ondol.common.clock import Clock
from ondol.common.tasks import Task
from ondol.config import Settings
from ondol.database.engine import Database
from ondol.forecasts import Forecasts
from ondol.history import History
from ondol.imports import Imports
from ondol.people import People
from ondol.performance import Performance
from ondol.points import Points
from ondol.readings import Adopting, Readings
from ondol.sites import Sites


@dataclass(frozen=True)
class Installation:
    """What doors may call. `database` is for leases of standing work alone; `release` closes the stores."""

    settings: Settings
    clock: Clock
    sites: Sites
    people: People
    audit: AuditTrail
    readings: Readings
    adopting: Adopting
    history: History
    points: Points
    imports: Imports
    forecasts: Forecasts
    performance: Performance
    database: Database
    release: Callable[[], None]

    def tasks(self) -> list[Task]:
        """Standing work, once for all processes."""
        faces = (
            self.history, self.points, self.readings, self.adopting, self.imports, self.people, self.audit, self.forecasts,
        )  # fmt: skip
        return [self.audit.watched(task) for face in faces for task in face.tasks()]

    def tasks_of_process(self) -> list[Task]:
        """Standing work of each serving process."""
        return self.readings.tasks_of_process()

    def close(self) -> None:
        """Release every store."""
        self.release()
