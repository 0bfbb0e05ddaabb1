"""Settings for a command, with wrong ones told plainly; and who runs it."""

import os
from dataclasses import replace

from ondol.common.access import COMMAND, Access
from ondol.common.errors import WrongConfiguration
from ondol.config import PREFIX, Settings, load_settings


def command_settings(**overrides: object) -> Settings:
    """Settings in force; options of the command win and are passed on to the processes it starts.

    Raises WrongConfiguration that names each wrong setting.
    """
    from pydantic import ValidationError

    for name, value in overrides.items():
        if value is not None:
            os.environ[f"{PREFIX}{name.upper()}"] = str(value)
    try:
        return load_settings()
    except ValidationError as error:
        wrong = "; ".join(f"{_named(item['loc'])}{item['msg']}" for item in error.errors())
        raise WrongConfiguration(f"{wrong}. `ondol config` shows what is in force.") from error


def _named(place: tuple[int | str, ...]) -> str:
    """The setting that is wrong; nothing where two do not go together."""
    return f"{PREFIX}{str(place[0]).upper()}: " if place else ""


def share_heaps() -> None:
    """Let the threads of the processes that are started share two heaps (glibc).

    With one each, half as much again was kept after a flood of large requests (benchmarks/abuse.py).
    """
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")


def operator() -> Access:
    """Who runs this command, as the audit names them: `command:alice` is the operating system's user alice."""
    return replace(COMMAND, who=f"{COMMAND.who}:{operator_name()}")


def operator_name() -> str:
    """The user of this process, as the operating system and not its environment says."""
    try:
        from pwd import getpwuid
    except ImportError:
        from getpass import getuser

        try:
            return getuser()
        except (ImportError, OSError, KeyError):
            return "unknown"
    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
