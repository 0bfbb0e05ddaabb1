"""The small inputs that people in this trade really have: each is understood rightly, or refused with what has to be known."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import lacking

CASES = Path(__file__).parents[2].parent / "shared/cases"


def test_all_cases_are_right() -> None:
    if not CASES.is_dir():
        lacking(f"the cases are missing: put them at {CASES}")
    command = [sys.executable, CASES / "run_cases.py", CASES, "--ondol", Path(sys.executable).with_name("ondol")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=500, check=False)
    wrong = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    assert done.returncode == 0, "\n".join([*wrong, done.stderr[-2000:]])
