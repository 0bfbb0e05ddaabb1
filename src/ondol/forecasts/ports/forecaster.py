"""Models that say how much energy loads will use."""

from typing import Protocol

from ondol.forecasts.model.loads import Loads
from ondol.forecasts.model.weather import Floats, Indices


class FittedForecaster(Protocol):
    """What a model has learnt. Predicting changes nothing and gives the same answer for the same question."""

    def predict(self, loads: Loads, rows: Indices, origins: Indices) -> Floats:
        """Expected energy (kWh) [pairs, horizon] of load `rows[k]` in the hours from column `origins[k]` on.

        Guarantees: nothing from an origin's column on is looked at, save weather as it was known there; the answer is finite
        wherever the load has one known hour before the origin, else NaN; a load that the model has not seen is answered too.
        """
        ...

    def to_bytes(self) -> bytes:
        """Everything that `from_bytes` of the model's file needs to predict the same again; holds no code."""
        ...

    @property
    def features(self) -> list[str]:
        """What the forecast is made from."""
        ...


class Forecaster(Protocol):
    """A model to be fitted: a class without arguments, the only one in its file of `ondol/forecasters` whose `name` is the file's.

    `preference` orders models that have not shown yet how good they are, the highest first. The last is the simplest, which takes
    over where the others cannot say anything: it needs no library of its own and hardly any history.
    """

    name: str
    preference: int

    def fit(self, loads: Loads, horizon_h: int, seed: int, *, phase_h: int | None = None) -> FittedForecaster:
        """Learn from all that `loads` holds, for forecasts of `horizon_h` hours. The same input and seed give the same result.

        Origins are learnt for every hour of the day, or with `phase_h` only for those a multiple of 24 hours from that column.
        Raises TooLittleData when there is not enough to learn from.
        """
        ...

    def from_bytes(self, content: bytes) -> FittedForecaster:
        """What `to_bytes` wrote."""
        ...


class MissingLibrary(ImportError):
    """The library of a model cannot be loaded on this machine; raised by the model's file, with what to do about it."""


class TooLittleData(Exception):
    """There is not enough history to fit the model; a simpler one can still be used."""
