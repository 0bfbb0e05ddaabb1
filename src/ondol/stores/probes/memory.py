"""Stores in the process: there is nothing that could be away."""

from ondol.stores.probes.report import ProbeContext, StoreReport


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    return StoreReport("in process", 0.0)
