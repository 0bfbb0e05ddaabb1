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
    """A model to be fitted, one file in `ondol/forecasters`; the file's name is the model's."""

    name: str

    def fit(self, loads: Loads, horizon_h: int, seed: int, *, phase_h: int | None = None) -> FittedForecaster:
        """Learn from all that `loads` holds, for forecasts of `horizon_h` hours. The same input and seed give the same result.

        Origins are learnt for every hour of the day, or with `phase_h` only for those a multiple of 24 hours from that column.
        Raises TooLittleData when there is not enough to learn from.
        """
        ...

    def from_bytes(self, content: bytes) -> FittedForecaster:
        """What `to_bytes` wrote."""
        ...


class TooLittleData(Exception):
    """There is not enough history to fit the model; a simpler one can still be used."""
