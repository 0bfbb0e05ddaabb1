"""Stores by the scheme of their URL, which is the name of their file."""

import importlib
import pkgutil
from typing import Any

from pydantic import SecretStr

from ondol.common.errors import WrongConfiguration
from ondol.common.store_urls import masked, scheme_of


def adapters(port: str) -> list[str]:
    """Names of the adapters of a port: the file names in its folder that can open a store."""
    package = importlib.import_module(f"ondol.stores.{port}")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return [name for name in names if hasattr(importlib.import_module(f"ondol.stores.{port}.{name}"), "open_store")]


def open_store(port: str, url: SecretStr, *context: object) -> Any:
    """The store that the URL names. Raises WrongConfiguration, StoreUnavailable."""
    scheme = scheme_of(url)
    try:
        module = importlib.import_module(f"ondol.stores.{port}.{scheme}")
    except ModuleNotFoundError as error:
        if error.name and not error.name.startswith("ondol.stores"):
            raise WrongConfiguration(f"{masked(url)} needs a driver: pip install 'ondol[servers]'") from error
        choices = ", ".join(f"{name}://" for name in adapters(port))
        raise WrongConfiguration(
            f"ONDOL_{port.upper()}_URL: {scheme}:// is not known; choose one of {choices}"
        ) from error
    return module.open_store(url.get_secret_value(), *context)
