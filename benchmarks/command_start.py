"""How long a command takes to start."""

import subprocess
import sys

from benchmarks.measure import Figure, median_ms


def run() -> list[Figure]:
    """`ondol --help` beside a Python that does nothing."""
    command = [sys.executable, "-c", "from ondol.cli import main; main()", "--help"]
    ours = median_ms(lambda: subprocess.run(command, check=True, capture_output=True), 7)
    bare = median_ms(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 7)
    return [Figure("command start", ours, "ms", "python -c pass", bare)]
