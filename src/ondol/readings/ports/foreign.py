"""Stores that others write into, and what is adopted of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import polars as pl

from ondol.readings.model.foreign import AdoptedSeries, ForeignSeries, FoundSeries, NewAdoption, TakenSlice


class ForeignReadings(Protocol):
    """A store that others write into. It is only ever read.

    Every method raises StoreUnavailable while it is away. Numbers and booleans (as 1 and 0) are readings, texts are not. Bounds
    are half-open, in UTC microseconds.
    """

    @property
    def origin(self) -> str:
        """Which store it is, without secrets."""
        ...

    def find(self) -> list[FoundSeries]:
        """Every series, by its text; what Ondol notes for itself is left out."""
        ...

    def conflicts(self) -> list[str]:
        """Why readings of ours could not be stored beside those that are there, where ours are stored there."""
        ...

    def count(self, series: ForeignSeries, start_us: int, end_us: int, step_us: int) -> dict[int, int]:
        """How many readings each step has that has some, by its start (a multiple of the step)."""
        ...

    def read(self, series: ForeignSeries, start_us: int, end_us: int) -> pl.DataFrame:
        """Readings (FOREIGN) in order of time."""
        ...

    def read_all(self, measurement: str, fields: Sequence[str], start_us: int, end_us: int) -> dict[str, pl.DataFrame]:
        """Readings (FOREIGN) of all series of the fields that have some, by the series' text."""
        ...

    def count_all(
        self, measurement: str, fields: Sequence[str], start_us: int, end_us: int, step_us: int
    ) -> dict[str, dict[int, int]]:
        """`count` of all series of the fields that have some, by the series' text."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class Adoptions(Protocol):
    """Which foreign series are adopted, and how far they are taken.

    Guarantees: what a method wrote is durable when it returns. Several may take at once: a slice counts once.
    """

    def all(self, origin: str | None = None) -> list[AdoptedSeries]:
        """Those of a store, or all, in the order in which they were adopted."""
        ...

    def names_in_store(self, names: Iterable[str]) -> set[str]:
        """Those of the names under which readings of points are stored, of points that are gone, too."""
        ...

    def add(self, origin: str, new: Sequence[NewAdoption]) -> None:
        """Adopt series, all or none; one that is adopted already stays as it is."""
        ...

    def remove(self, series_id: int) -> None:
        """Adopt it no longer; what was taken stays."""
        ...

    def advance_past(self, series: AdoptedSeries, until_us: int, taken: TakenSlice) -> bool:
        """Note that the past is taken until then; False when somebody else has taken that slice meanwhile."""
        ...

    def advance_follow(self, until_us: Mapping[int, int], slots: Mapping[int, Mapping[int, int]]) -> None:
        """Note, by the id of the series, until when it is followed, and the recent slots of those given."""
        ...

    def take_again(self, series_id: int, first_us: int, past_end_us: int) -> None:
        """Let its past be taken anew, and counted anew."""
        ...
