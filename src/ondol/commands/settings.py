"""Settings for a command, with wrong ones told plainly."""

import os

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
        wrong = "; ".join(f"{PREFIX}{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
        raise WrongConfiguration(f"{wrong}. `ondol config` shows what is in force.") from error
