"""The models of this machine: each file of `ondol/forecasters` that holds a class with the protocol `Forecaster`."""

import importlib
import inspect
import pkgutil
from typing import Any

import structlog

from ondol.forecasts.ports.forecaster import Forecaster, MissingLibrary

_FOLDER = "ondol.forecasters"
_log = structlog.get_logger()


def forecasters(folder: str = _FOLDER) -> list[Forecaster]:
    """Models that can be fitted here, by the preference that their files state; one that lacks its library is told and left out.

    Loading them costs memory (LightGBM's library 60 MB), which only who fits or asks a model should pay.
    """
    found: list[Forecaster] = []
    for module in pkgutil.iter_modules(importlib.import_module(folder).__path__):
        try:
            found += _models(f"{folder}.{module.name}", module.name)
        except MissingLibrary as error:
            _log.warning(str(error), reason=str(error.__cause__))
    return sorted(found, key=lambda model: model.preference, reverse=True)


def _models(path: str, name: str) -> list[Forecaster]:
    """The model of a file; none of a file that only serves models."""
    members: dict[str, Any] = vars(importlib.import_module(path))
    classes: list[Any] = [member for member in members.values() if inspect.isclass(member)]
    return [each() for each in classes if each.__module__ == path and getattr(each, "name", None) == name]
