"""Finding the server that owns the embedded stores, and talking to it.

A server notes its address in `server.json` in the home. Commands on the same machine sign in with the token in
`command.token` beside it, which only the installation's user can read.
"""

import json

import httpx

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
        base_url=url, headers={"Authorization": f"Bearer {token.read_text('utf-8')}"}, timeout=600, trust_env=False
    )
    try:
        client.get("/healthz", timeout=3).raise_for_status()
    except httpx.HTTPError:
        client.close()
        return None
    return client
