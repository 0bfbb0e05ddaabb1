"""The face of adopting: what stands in an InfluxDB already is taken and followed, and stays there as it is."""

from collections.abc import Callable
from dataclasses import dataclass

from ondol.common.access import Access
from ondol.common.clock import Clock
from ondol.common.errors import WrongConfiguration
from ondol.common.instants import epoch_us
from ondol.common.tasks import Task
from ondol.readings.adopt_series import adopt_series
from ondol.readings.compare_adopted import Comparison, compare_adopted, take_grown_again
from ondol.readings.decide_adoption import Decided, decide
from ondol.readings.find_adoptable import Standing, find_adoptable
from ondol.readings.follow_adopted import Follower
from ondol.readings.model import Receipt, Submission
from ondol.readings.model.foreign import AdoptedSeries
from ondol.readings.needs import Matching
from ondol.readings.ports.foreign import Adoptions, ForeignReadings
from ondol.readings.take_past import Progress, TakingNeeds, take_past

PAST_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class AdoptingRules:
    """`database` is the name of the foreign one; new readings are looked for every `every_s`, late ones for `late_s`."""

    database: str
    every_s: float = 5.0
    late_s: int = 86_400


@dataclass(frozen=True)
class Adopting:
    """Adopting the series of one foreign store. Without `record` nothing can be taken here: somebody else owns the stores."""

    foreign: ForeignReadings | None
    adoptions: Adoptions
    matching: Matching
    clock: Clock
    rules: AdoptingRules
    record: Callable[[Submission], Receipt] | None = None

    def find(self, access: Access) -> Standing:
        """See find_adoptable.py. Raises NotAllowed, WrongConfiguration where no store is named, StoreUnavailable."""
        access.require_administrator()
        return find_adoptable(access, self._foreign(), self.adoptions, self.matching, self.rules.database)

    def decide(self, access: Access, standing: Standing, map_text: str | None) -> Decided:
        """See decide_adoption.py."""
        return decide(access, standing, map_text, self.matching)

    def adopt(self, access: Access, decided: Decided) -> None:
        """See adopt_series.py; what was adopted before is taken anew where more of it stands there than was taken."""
        access.require_administrator()
        foreign, now_us = self._foreign(), epoch_us(self.clock())
        take_grown_again(foreign, self.adoptions, now_us)
        adopt_series(access, foreign.origin, decided, self.adoptions, self.matching, now_us)

    def take_past(self, access: Access, progress: Progress) -> None:
        """See take_past.py."""
        access.require_administrator()
        take_past(self._taking(), progress)

    def adopted(self, access: Access) -> list[AdoptedSeries]:
        """What is adopted of the store, and how far it is taken. Raises NotAllowed."""
        access.require_administrator()
        return self.adoptions.all(self._foreign().origin)

    def compare(self, access: Access) -> list[Comparison]:
        """See compare_adopted.py."""
        access.require_administrator()
        return compare_adopted(self._foreign(), self.adoptions)

    def tasks(self) -> list[Task]:
        """Standing work: what is still to be taken of the past, and what is new."""
        if self.foreign is None or self.record is None:
            return []
        taking = self._taking()
        follower = Follower(taking)
        return [
            Task("take adopted past", PAST_EVERY_S, lambda: take_past(taking)),
            Task("follow adopted series", self.rules.every_s, follower.follow),
        ]

    def _taking(self) -> TakingNeeds:
        if self.record is None:
            raise WrongConfiguration("a server owns the stores; it takes the past itself")
        return TakingNeeds(self._foreign(), self.adoptions, self.record, self.clock, self.rules.late_s)

    def _foreign(self) -> ForeignReadings:
        if self.foreign is None:
            raise WrongConfiguration(
                "no InfluxDB is named to adopt from: set ONDOL_ADOPT_URL=influxdb://USER:PASSWORD@HOST:8086/DATABASE, "
                "or say it with --from"
            )
        return self.foreign
