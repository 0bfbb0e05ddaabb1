"""What a look at a store found, and what it has to know."""

from dataclasses import dataclass, field
from pathlib import Path

from ondol.common.retention import Retention


@dataclass(frozen=True, slots=True)
class ProbeContext:
    """The installation that a store is looked at for."""

    home: Path
    retention: Retention


@dataclass(frozen=True, slots=True)
class StoreReport:
    """A store's state. `problem` is None when it can be used; `advice` says what to mend, with the command that does it."""

    version: str = ""
    latency_ms: float | None = None
    problem: str | None = None
    advice: list[str] = field(default_factory=list[str])
    figures: dict[str, int] = field(default_factory=dict[str, int])
