"""The embedded default runs where POSIX-only modules do not exist."""

from pathlib import Path

import httpx
from tests.running import RunningServer

BLOCK = """
import sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
"""


def test_the_server_runs_without_posix_modules(tmp_path: Path):
    with RunningServer(tmp_path / "home", prelude=BLOCK) as server:
        token = server.token("read", "write")
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            client.post("/api/v1/buildings", json={"key": "b", "name": "본관"}).raise_for_status()
            assert client.post("/api/v2/write?bucket=b", content="temperature,point=b.p value=1").status_code == 204
            assert client.get("/api/v1/buildings/b/latest").json()["points"][0]["value"] == 1
            assert client.get("/sign-in").is_success
