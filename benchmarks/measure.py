"""Medians and how they are printed."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3


@dataclass(frozen=True)
class Figure:
    """One result: what was measured, the value with its unit, and the yardstick of the same run."""

    name: str
    value: float
    unit: str
    yardstick_name: str
    yardstick: float

    def __str__(self) -> str:
        ratio = self.value / self.yardstick if self.yardstick else float("nan")
        return (
            f"| {self.name} | {self.value:,.4g} {self.unit} | {self.yardstick_name} | "
            f"{self.yardstick:,.4g} {self.unit} | {ratio:.2f} |"
        )


def median_of(run: Callable[[], float]) -> float:
    """The median of three runs."""
    return statistics.median(run() for _ in range(RUNS))


def median_ms(action: Callable[[], object], times: int) -> float:
    """Median milliseconds of one call, over so many calls."""
    spent: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)
