"""A look at a store that changes nothing: one file a backend, named after the scheme of its URL, with `probe(url, context)`."""

import statistics
import time
from collections.abc import Callable

TRIES = 5
LEAST_FREE_MB = 1024


def median_ms(ask: Callable[[], object]) -> float:
    """Median milliseconds of a few round trips."""
    spent: list[float] = []
    for _ in range(TRIES):
        started = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(spent), 2)
