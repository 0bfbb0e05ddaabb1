"""How often the serving processes had to be started again, for `/readyz`: whoever operates Ondol should know."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_FILE = "serving-starts.txt"


@dataclass(frozen=True, slots=True)
class Restarts:
    """Since the server was started: so many, the last one then (RFC 3339)."""

    number: int = 0
    last_at: str | None = None


def begin(home: Path, processes: int) -> None:
    """A server starts, with so many processes."""
    (home / _FILE).write_text(f"{processes}\n", "utf-8")


def note_start(home: Path) -> Restarts:
    """A serving process starts. Returns what is known of restarts then."""
    with (home / _FILE).open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")
    return restarts(home)


def restarts(home: Path) -> Restarts:
    """What is known of restarts; none where no server noted its start."""
    try:
        processes, *starts = (home / _FILE).read_text("utf-8").split()
    except (OSError, ValueError):
        return Restarts()
    again = starts[int(processes) :]
    return Restarts(len(again), again[-1]) if again else Restarts()
