"""A command changes something while a server runs: the server shows it at once."""

from pathlib import Path

import httpx
import pytest
from tests.running import RunningServer, run_ondol


@pytest.mark.parametrize("kind", ["embedded", "servers"])
def test_a_building_made_by_a_command_is_in_the_list_at_once(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    settings = {} if kind == "embedded" else request.getfixturevalue("server_urls")()
    with RunningServer(tmp_path / "home", **settings) as server:
        headers = {"Authorization": f"Bearer {server.token('read')}"}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            assert client.get("/api/v1/buildings").json()["items"] == []
            made = run_ondol(server.home, "building", "create", "tower", "--name", "세종 타워", **settings)
            assert made.returncode == 0, made.stderr
            (building,) = client.get("/api/v1/buildings").json()["items"]
            assert (building["key"], building["name"]) == ("tower", "세종 타워")
        again = run_ondol(server.home, "building", "create", "tower", "--name", "x", **settings)
        assert again.returncode == 1
        assert "exists already" in again.stderr
