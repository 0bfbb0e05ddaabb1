"""Finds the channel by the scheme of its URL, which is the name of its file."""

import importlib

from pydantic import SecretStr

from ondol.common.errors import WrongConfiguration
from ondol.common.mail import Mailer
from ondol.common.store_urls import scheme_of

CHANNELS = ("smtp", "smtps")


def open_mailer(url: SecretStr) -> Mailer | None:
    """What carries mail; None without a URL. Nothing is connected before something is sent. Raises WrongConfiguration."""
    if not url.get_secret_value():
        return None
    scheme = scheme_of(url)
    if scheme not in CHANNELS:
        choices = ", ".join(f"{name}://" for name in CHANNELS)
        raise WrongConfiguration(f"ONDOL_SMTP_URL: {scheme}:// is not known; choose one of {choices}")
    return importlib.import_module(f"ondol.channels.{scheme}").open_channel(url.get_secret_value())
