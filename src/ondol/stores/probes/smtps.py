"""The mail server over TLS."""

from ondol.channels import smtps
from ondol.stores.probes import smtp
from ondol.stores.probes.report import ProbeContext, StoreReport


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    return smtp.probe(url, context, smtps.open_channel)
