"""A server that starts tells the commands of its machine where it is: see running_server.py."""

import json
import os
import secrets
from pathlib import Path

from ondol.business_data import BusinessData
from ondol.commands.running_server import ADDRESS_FILE, TOKEN_FILE
from ondol.commands.settings import operator
from ondol.common.access import COMMANDS_TOKEN, Scope
from ondol.common.errors import NotSignedIn
from ondol.config import Settings
from ondol.people import NewToken


def announce(settings: Settings, data: BusinessData) -> Path:
    """Note the address of the server that is about to start, and make sure that commands can sign in. Returns the note."""
    token_file = settings.home / TOKEN_FILE
    if not _is_valid(token_file, data):
        name = f"{COMMANDS_TOKEN} {secrets.token_hex(3)}"
        new = NewToken(name=name, scopes=frozenset([Scope.ADMIN]))
        _, secret = data.people.create_token(operator(), new)
        _write_private(token_file, secret)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104  listened on, not bound here
    note = settings.home / ADDRESS_FILE
    note.write_text(json.dumps({"url": f"http://{host}:{settings.port}"}), "utf-8")
    return note


def _is_valid(token_file: Path, data: BusinessData) -> bool:
    try:
        data.people.access_of_token(token_file.read_text("utf-8"))
    except (OSError, NotSignedIn):
        return False
    return True


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
