"""Finding the server that owns the embedded stores, and talking to it.

A server notes its address in `server.json` in the home. Commands on the same machine sign in with the token in
`command.token` beside it, which only the installation's user can read.
"""

import json
from typing import Any
from urllib.parse import quote

import httpx

from ondol.commands.settings import operator_name
from ondol.common.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound, OndolError
from ondol.config import Settings

ADDRESS_FILE = "server.json"
TOKEN_FILE = "command.token"  # noqa: S105  a file name


def find_server(settings: Settings) -> httpx.Client | None:
    """A client of the running server, signed in as the commands of this machine; None when no server runs."""
    note, token = settings.home / ADDRESS_FILE, settings.home / TOKEN_FILE
    if not note.is_file() or not token.is_file():
        return None
    url = json.loads(note.read_text("utf-8"))["url"]
    client = httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token.read_text('utf-8')}", **_operator()},
        timeout=600,
        trust_env=False,
    )
    try:
        client.get("/healthz", timeout=3).raise_for_status()
    except httpx.HTTPError:
        client.close()
        return None
    return client


def _operator() -> dict[str, str]:
    """Who runs the command, for the audit: the server believes it of who has the token of this machine's commands."""
    return {"X-Ondol-Operator": quote(operator_name())}


def answer_of(response: httpx.Response) -> Any:
    """What the server answered; its problem as the error that it was, where it refused."""
    if response.is_success:
        return response.json()
    detail = response.json().get("detail", response.text)
    raise _ERRORS.get(response.status_code, OndolError)(detail)


_ERRORS: dict[int, type[OndolError]] = {400: InvalidInput, 403: NotAllowed, 404: NotFound, 409: AlreadyExists}
