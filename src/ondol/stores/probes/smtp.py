"""The mail server: does it answer, and does it take our password? No mail is sent."""

from collections.abc import Callable
from time import perf_counter

from ondol.channels.smtp import SmtpServer, open_channel
from ondol.common.errors import OndolError
from ondol.stores.probes.report import ProbeContext, StoreReport


def probe(url: str, context: ProbeContext, open_: Callable[[str], SmtpServer] = open_channel) -> StoreReport:
    """See `StoreReport`."""
    started = perf_counter()
    try:
        name = open_(url).greet()
    except OndolError as error:
        return StoreReport(problem=str(error), advice=["mails wait and are sent when it answers (docs/settings.md)"])
    return StoreReport(name, round((perf_counter() - started) * 1000, 2))
