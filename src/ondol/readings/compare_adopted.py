"""What stands in a foreign store is counted beside what was taken of it."""

from dataclasses import dataclass

from ondol.readings.model import LATEST_US
from ondol.readings.model.foreign import AdoptedSeries
from ondol.readings.ports.foreign import Adoptions, ForeignReadings


@dataclass(frozen=True, slots=True)
class Comparison:
    """An adopted series and how many values of its past stand there."""

    series: AdoptedSeries
    there: int

    @property
    def is_equal(self) -> bool:
        """Whether all that stands there was accepted."""
        return self.series.has_past and self.there == self.series.read == self.series.accepted

    @property
    def difference(self) -> str | None:
        """What differs, and what to do."""
        it = self.series
        if not it.has_past:
            return "its past is not taken yet; run it again"
        told = [f"{number:,} refused: {reason}" for reason, number in it.reasons.items()]
        if self.there > it.read:
            told.append(f"{self.there - it.read:,} came to it since; run it again, and its past is taken anew")
        if self.there < it.read:
            told.append(
                f"{it.read - self.there:,} stand there no longer: dropped by its retention, or deleted; Ondol keeps them"
            )
        return "; ".join(told) or None


def compare_adopted(foreign: ForeignReadings, adoptions: Adoptions) -> list[Comparison]:
    """Count the past of every adopted series. Raises StoreUnavailable."""
    return [Comparison(it, _there(it, foreign)) for it in adoptions.all(foreign.origin)]


def take_grown_again(foreign: ForeignReadings, adoptions: Adoptions, now_us: int) -> None:
    """Where more stands there than was taken, by late arrivals of long ago, the past is taken anew: what was taken replaces itself."""
    for compared in compare_adopted(foreign, adoptions):
        it = compared.series
        if it.has_past and compared.there > it.read:
            adoptions.take_again(it.id, 0, now_us)


def _there(it: AdoptedSeries, foreign: ForeignReadings) -> int:
    return sum(foreign.count(it.series, 0, it.past_end_us, LATEST_US).values())
