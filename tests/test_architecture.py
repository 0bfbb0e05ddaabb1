"""The house: imports flow one way, adapters load by name and only when asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ondol.bootstrap import open_installation
from ondol.common.errors import WrongConfiguration
from ondol.config import load_settings
from ondol.stores.opening import adapters

ROOT = Path(__file__).parents[1]


def test_imports_flow_one_way():
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_unknown_backend_lists_the_choices(tmp_path: Path):
    with pytest.raises(WrongConfiguration, match=r"duckdb://.*memory://"):
        open_installation(load_settings(home=tmp_path, timeseries_url="oracle://x"))


def test_each_port_has_its_adapters():
    assert adapters("timeseries") == ["duckdb", "influxdb", "influxdbs", "memory"]
    assert adapters("cache") == ["memory", "redis", "rediss"]
    assert adapters("objects") == ["file", "s3"]


def test_the_command_starts_without_the_stores():
    code = """
import sys
import ondol.cli
import ondol.commands
ondol.commands.register(ondol.cli.app)
print([name for name in ("polars", "sqlalchemy", "duckdb", "flask") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_an_embedded_installation_opens_without_the_drivers_of_servers(tmp_path: Path):
    code = f"""
import sys
from ondol.bootstrap import open_installation
from ondol.config import load_settings
open_installation(load_settings(home={str(tmp_path)!r})).close()
print([name for name in ("psycopg", "redis", "obstore", "lightgbm") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
    assert not (tmp_path / "objects").exists()


def test_only_config_reads_the_environment():
    allowed = {"config.py", "settings.py"}  # commands/settings.py passes options on to the serving process
    readers = [
        path
        for path in (ROOT / "src").rglob("*.py")
        if "os.environ" in path.read_text("utf-8") or "getenv" in path.read_text("utf-8")
    ]
    assert {path.name for path in readers} <= allowed
