"""Builds what is generated inside the package: the front end (Vite) and the message catalogues (Babel).

A checkout has neither; a source distribution carries both, so that installing from one needs no Node and no network.
Node comes from a Python package (frontend/node.py), asked for only when the front end is stale.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BABEL = "babel>=2.16"

FRONTEND_INPUTS = (
    "frontend/package.json",
    "frontend/package-lock.json",
    "frontend/vite.config.js",
    "frontend/tsconfig*.json",
    "frontend/plugins/**/*",
    "frontend/src/**/*",
    "src/ondol/web/templates/**/*.html",  # the style sheet keeps only the classes that templates name
)
STATIC = Path("src/ondol/web/static")
STAMP = STATIC / "build-inputs.sha256"
TESTS = ".test.ts"
TRANSLATIONS = Path("src/ondol/web/translations")


class GeneratedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Brings static files and message catalogues up to date before hatchling packs the wheel, sdist or editable."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build environment needs beyond hatchling; nothing when all generated files are fresh."""
        root = Path(self.root)
        node = [node_programs(root).REQUIREMENT] if frontend_is_stale(root) else []
        return node + ([BABEL] if stale_catalogues(root) else [])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called once a target, before files are collected."""
        root = Path(self.root)
        if frontend_is_stale(root):
            build_frontend(root)
        for catalogue in stale_catalogues(root):
            compile_catalogue(catalogue)


def frontend_is_stale(root: Path) -> bool:
    """Whether the built assets are missing or were built from other sources."""
    stamp = root / STAMP
    has_output = stamp.is_file() and (root / STATIC / "manifest.json").is_file()
    return not has_output or stamp.read_text(encoding="ascii").strip() != digest_of_inputs(root)


def digest_of_inputs(root: Path) -> str:
    """SHA-256 over names and contents; line ends do not count, since Git may change them on Windows."""
    digest = hashlib.sha256()
    files = {file for pattern in FRONTEND_INPUTS for file in root.glob(pattern) if is_input(file)}
    for file in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_input(file: Path) -> bool:
    """Whether a file takes part in the build."""
    return file.is_file() and not file.name.endswith(TESTS)


def build_frontend(root: Path) -> None:
    """Install the locked packages when the lock changed, type-check, bundle, and stamp the output."""
    node = node_programs(root)
    inputs = digest_of_inputs(root)
    node.install_packages()
    node.run(node.PROGRAMS["tsc"], "--project", "tsconfig.build.json")
    node.run(node.PROGRAMS["vite"], "build")
    (root / STAMP).write_text(inputs + "\n", encoding="ascii", newline="\n")


def node_programs(root: Path) -> ModuleType:
    """The module frontend/node.py: a build hook has no folder to import from."""
    found = importlib.util.spec_from_file_location("node", root / "frontend" / "node.py")
    if found is None or found.loader is None:
        raise RuntimeError(f"{root / 'frontend' / 'node.py'} is missing.")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def stale_catalogues(root: Path) -> list[Path]:
    """The .po files that are newer than their .mo, or have none."""
    return [
        po
        for po in sorted((root / TRANSLATIONS).glob("*/LC_MESSAGES/*.po"))
        if not po.with_suffix(".mo").is_file() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]


def compile_catalogue(po: Path) -> None:
    """Write the .mo beside the .po."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name)
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)
