"""What exists is documented, and what the documents point to exists."""

import re
from pathlib import Path

import pytest
import typer

from ondol import commands
from ondol.cli import app
from ondol.config import PREFIX, Settings
from ondol.stores.opening import adapters

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_every_setting_is_documented_with_its_default():
    text = (DOCS / "settings.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{(PREFIX + name).upper()}`" in text, name
        assert field.description, name
        assert field.description in text, f"{name}: docs/settings.md does not say {field.description!r}"


def test_every_command_is_documented():
    text = (DOCS / "commands.md").read_text("utf-8")
    commands.register(app)
    group = typer.main.get_command(app)
    for path, command in _leaves("ondol", group):
        assert f"`{path}`" in text, path
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option not in ("--help", "--version"):
                    assert option in text, f"{path} {option}"


def _leaves(path: str, command):
    for name, child in getattr(command, "commands", {}).items():
        yield from _leaves(f"{path} {name}", child)
    if not getattr(command, "commands", {}):
        yield path, command


@pytest.mark.parametrize("port", ["timeseries", "cache", "objects"])
def test_every_port_and_adapter_is_documented(port: str):
    text = (DOCS / "settings.md").read_text("utf-8")
    for adapter in adapters(port):
        assert f"{adapter}://" in text
    architecture = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert port in architecture


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "docs/flows.md"])
def test_files_that_documents_name_exist(document: str):
    places = (ROOT, ROOT / "src/ondol", ROOT / "src/ondol/web")
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text("utf-8"), flags=re.DOTALL)
    for name in re.findall(r"`([\w./]+(?:\.py|\.ts|\.json|/))`", text):
        said_of_all = name in (
            "tables.py",
            "tasks.py",
            "__init__.py",
            "readings.duckdb.journal/",
            "objects/",
            "server.json",
        )  # rooms that many capabilities have
        assert said_of_all or name == "collectors/" or any((place / name).exists() for place in places), (
            f"{document} names {name}"
        )


def test_every_capability_and_common_file_is_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for package in (ROOT / "src/ondol").iterdir():
        if (package / "__init__.py").exists():
            assert package.name in text, package.name


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]), ids=lambda path: path.name)
def test_links_between_documents_work(path: Path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{path.name} points to {target}"


def test_every_decision_is_listed():
    text = (DOCS / "decisions" / "README.md").read_text("utf-8")
    for path in (DOCS / "decisions").glob("0*.md"):
        assert path.name in text


def test_every_promise_of_security_names_tests_that_are_there():
    text = (DOCS / "security.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| V")]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert named, row
        for path in named:
            assert (ROOT / path).is_file(), path
