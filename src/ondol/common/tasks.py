"""Standing work: what is done again and again beside the requests."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do again and again; `every_s` counts from end to start."""

    name: str
    every_s: float
    run: Callable[[], object]
