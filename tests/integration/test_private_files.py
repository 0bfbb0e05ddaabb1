"""What a server writes into its home is the installation's user's alone."""

import os
import stat
from pathlib import Path

import pytest
from tests.running import RunningServer


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_nobody_else_can_read_what_is_in_the_home(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home") as server:
        server.token("read")
        made = [path for path in server.home.rglob("*") if path.name not in ("server.log", "start_server.py")]
        open_to_others = {path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert {"ondol.sqlite", "readings.duckdb", "sessions.sqlite", "command.token", "server.json"} <= {
        p.name for p in made
    }
    assert open_to_others == set()
