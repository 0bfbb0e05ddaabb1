"""Importing through the running server."""

from pathlib import Path
from typing import Any

import httpx

from ondol.commands.running_server import answer_of
from ondol.commands.take_files import Take
from ondol.common.errors import InvalidInput


def take_through(client: httpx.Client) -> Take:
    """Send each file to the server."""

    def take(building: str, file: Path, options: dict[str, Any]) -> dict[str, Any]:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InvalidInput(f"{file}: cannot be read: {error}") from error
        response = client.post(
            "/api/v1/imports", params={"building": building, "name": file.name, **options}, content=data
        )
        return answer_of(response)

    return take
