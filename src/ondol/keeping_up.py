"""Forecasting in a process of its own: models take memory and a processor, which the serving process needs itself."""

import subprocess
import sys

import structlog

from ondol.config import Settings, environment_of

_log = structlog.get_logger()


def keep_up_beside(settings: Settings) -> None:
    """Do what is due, and wait for it."""
    command = [sys.executable, "-c", "from ondol.cli import main; main()", "forecast", "keep-up"]
    done = subprocess.run(  # noqa: S603  our own command
        command,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        _log.warning("forecasts were not issued", reason=done.stderr.strip()[-2000:])
