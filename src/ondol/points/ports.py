"""Where points are moved, joined and ended: each in one transaction with all that is kept of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from ondol.points.model import MergePlan, Merging
from ondol.readings.ports import Merged
from ondol.sites.model import Building, Point


class PointRecords(Protocol):
    """Guarantee: history, usage, repairs and names are those of a point that exists, at every commit; ids are given once."""

    def names(self, point_ids: Sequence[int]) -> dict[int, list[str]]:
        """The names beside the key under which devices send the points."""
        ...

    def release_name(self, point: Point, source: str) -> bool:
        """Take a name away; what it sends waits to be named. False when it is none of the point's."""
        ...

    def move(
        self, point: Point, buildings: Mapping[int, Building], to: Building, main: str | None, names: Sequence[str]
    ) -> None:
        """Let the point, its history and its usage be another building's, whose calendar cuts the days.

        It stands in no room there and behind `main`; the `names` are its, too, where they are nobody's.
        """
        ...

    def delete(self, point: Point, at_s: int) -> None:
        """Let the point be gone with all that is kept of it. Its submeters stand behind the meter in front of it."""
        ...

    def begin_merge(self, point: Point, into: Point, plan: MergePlan) -> None:
        """Note what is going to happen, so that it can be finished by others."""
        ...

    def finish_merge(self, point: Point, into: Point, building: Building, plan: MergePlan) -> None:
        """Let history, repairs, names and submeters be those of `into`, whose own history counts where it has some; the point is gone."""
        ...

    def retired(self) -> list[Merging]:
        """Points that are gone or going, of which the store of raw readings has not let go."""
        ...

    def cleared(self, point_ids: Sequence[int]) -> None:
        """The store has let go of them."""
        ...

    def merged(self, point_ids: Iterable[int]) -> dict[int, Merged]:
        """Where readings of points belong that became part of others, which exist."""
        ...
