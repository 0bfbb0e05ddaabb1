"""The house: imports flow one way, adapters load by name and only when asked for."""

import ast
import importlib
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from ondol.bootstrap import open_installation
from ondol.common.errors import WrongConfiguration
from ondol.config import load_settings
from ondol.installation import Installation
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


# The house


CAPABILITIES = (
    "audit",
    "sites",
    "people",
    "readings",
    "history",
    "points",
    "imports",
    "forecasts",
    "performance",
    "moving",
)
SOURCES = sorted(path for path in (ROOT / "src" / "ondol").rglob("*.py") if "versions" not in path.parts)

COMMON = {
    "access": "who asks: the first argument of every use case",
    "addresses": "who counts as one caller: at the door and at signing in",
    "audit": "the port by which use cases note what was done",
    "cache": "the shared port: sessions, results, latest values, live messages",
    "calendar": "local days as instants, for history, forecasts and doors",
    "clock": "time as an argument",
    "day_types": "working days and holidays, for forecasts and baselines",
    "errors": "what a person caused and can mend; doors show it",
    "frames": "what polars' types cannot say",
    "keys": "what keys and names in URLs are made of: those of sites, people, readings and doors",
    "instants": "instants as text and as numbers",
    "mail": "mail as people hand it to a channel",
    "messages": "what is said to people before a door puts it into words",
    "objects": "the shared port: files that are kept whole",
    "quality": "why a value is suspect, from reading to bill",
    "retention": "how long raw readings are kept: for settings, readings, imports, moving and stores",
    "results": "cached answers, forgotten by whoever writes",
    "spreadsheets": "cells of files from commands and pages, in which no formula may stand",
    "store_urls": "what settings, stores and commands know of a URL that holds a secret",
    "tasks": "standing work, which every capability has",
    "units": "units and how they convert",
}


def test_common_holds_what_all_use_and_nothing_else():
    """A new file here needs a reason that names more than one capability."""
    assert {path.stem for path in (ROOT / "src/ondol/common").glob("[a-z]*.py")} == set(COMMON)
    for name in COMMON:
        users = {package for package, imported in _packages_that_import(f"ondol.common.{name}") if imported}
        assert len(users - {"common"}) > 1, f"common/{name}.py is used by {users} alone; move it there"


def _packages_that_import(module: str):
    for path in SOURCES:
        package = path.relative_to(ROOT / "src/ondol").parts[0].removesuffix(".py")
        yield package, module in path.read_text("utf-8")


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_model_rules_and_ports_know_no_use_case(capability: str):
    rooms = ("model", "rules", "ports")
    for path in SOURCES:
        parts = path.relative_to(ROOT / "src/ondol").with_suffix("").parts
        if parts[0] == capability and len(parts) > 1 and parts[1] in rooms:
            lower = rooms[: rooms.index(parts[1]) + 1]
            inside = {name.split(".")[2] for name in _imports(path) if name.startswith(f"ondol.{capability}.")}
            assert inside <= set(lower), f"{path}: {inside - set(lower)}"


def test_plug_ins_know_ports_and_models_alone():
    allowed = re.compile(
        r"ondol\.(common|config|database|channels|stores|forecasters|simulation)\b|ondol\.\w+\.(model|ports)\b"
    )
    for path in SOURCES:
        if path.relative_to(ROOT / "src/ondol").parts[0] in ("channels", "stores", "forecasters", "simulation"):
            ours = {name for name in _imports(path) if name.startswith("ondol.")}
            assert not {name for name in ours if not allowed.match(name)}, path


def test_doors_call_methods_of_faces_and_touch_nothing_behind_them():
    faces = {field.name: field.type for field in fields(Installation)}
    for path in SOURCES:
        if path.relative_to(ROOT / "src/ondol").parts[0] not in ("web", "commands"):
            continue
        for face, name in re.findall(r"\bondol(?:\(\))?\.(\w+)\.(\w+)", path.read_text("utf-8")):
            if face in CAPABILITIES and f"ondol.{face}.{name}" not in _imports(path):
                assert callable(getattr(faces[face], name, None)), f"{path.name} reaches {face}.{name}"


def test_sizes_stay_what_a_reader_holds():
    """The longest files and functions are few: nine in ten have at most 170 and 18 lines."""
    files = sorted(path.read_text("utf-8").count("\n") for path in SOURCES)
    assert files[int(len(files) * 0.9)] <= 170
    functions: list[int] = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                functions.append((node.end_lineno or 0) - node.lineno + 1)
                if "commands" not in path.parts:
                    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                    assert len(set(names) - {"self", "cls"}) <= 7, f"{path.name}: {node.name} has too many parameters"
            if isinstance(node, ast.ClassDef):
                public = [f for f in node.body if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")]
                assert len(public) <= 16, f"{path.name}: {node.name} has {len(public)} public methods"
    functions.sort()
    assert functions[int(len(functions) * 0.9)] <= 18


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_benchmarks_know_the_code_that_they_measure(path: Path):
    importlib.import_module(f"benchmarks.{path.stem}")


def test_help_waits_for_no_capability():
    """What a command needs is imported when it runs, so that every command starts at once."""
    loaded = (
        "print(*{name.split('.')[1] for name in sys.modules if name.startswith('ondol.')}, sep='\\n', file=sys.stderr)"
    )
    script = f"import sys\nfrom ondol.cli import main\ntry: main()\nexcept SystemExit: {loaded}"
    done = subprocess.run([sys.executable, "-c", script, "--help"], check=True, capture_output=True, text=True)
    assert not set(done.stderr.split()) & set(CAPABILITIES)
