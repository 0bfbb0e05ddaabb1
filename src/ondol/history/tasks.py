"""Standing work of history."""

from collections.abc import Callable

from ondol.common.instants import HOUR_S
from ondol.common.tasks import Task


def tasks(aggregate: Callable[[], int], make_partitions: Callable[[], None], aggregate_every_s: float) -> list[Task]:
    """History follows the readings; PostgreSQL's months are there before they begin."""
    return [
        Task("aggregate readings", aggregate_every_s, aggregate),
        Task("make partitions", HOUR_S, make_partitions),
    ]
