"""What a look at a store found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StoreReport:
    """A store's state. `problem` is None when it can be used; `advice` says what to mend, with the command that does it."""

    version: str = ""
    latency_ms: float | None = None
    problem: str | None = None
    advice: list[str] = field(default_factory=list[str])
    figures: dict[str, int] = field(default_factory=dict[str, int])
