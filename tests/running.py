"""A real `ondol serve` in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import psutil

READY_WITHIN_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_ondol(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-c", "from ondol.cli import main; main()", *arguments],
        env=environment(home, settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    named = {f"ONDOL_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "ONDOL_HOME": str(home), "PYTHONUTF8": "1", "COLUMNS": "200", **named}


class RunningServer:
    """Starts the server and waits until it is ready; `kill` ends it as a power cut would."""

    def __init__(self, home: Path, command: Sequence[str] = ("serve",), *, prelude: str = "", **settings: str) -> None:
        self.home = home
        self.stores: dict[str, Any] = {}  # the servers behind it, where a test has started some
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._code = f"{prelude}\nfrom ondol.cli import main\nif __name__ == '__main__':\n    main()\n"
        self._arguments = [*command, "--port", str(self.port)]
        self._settings = settings
        self.start()

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        script = self.home / "start_server.py"
        script.write_text(self._code, "utf-8")
        self.log = self.home / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(script), *self._arguments],
                env=environment(self.home, self._settings), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text('utf-8', errors='replace')}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text("utf-8", errors="replace"))

    def password(self) -> str:
        """The administrator's password, as it was printed at the first start."""
        lines = self.log.read_text("utf-8").splitlines()
        return next(line.split()[-1] for line in lines if line.strip().startswith("password"))

    def token(self, *scopes: str) -> str:
        wanted = [word for scope in scopes or ("read", "write") for word in ("--scope", scope)]
        result = run_ondol(
            self.home, "token", "create", f"test-{time.monotonic_ns()}", *wanted, "--register", **self._settings
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def kill(self, *, only_parent: bool = False) -> None:
        """SIGKILL at once: to every process of the server, or only to the one that a person would name."""
        family = [] if only_parent else psutil.Process(self.process.pid).children(recursive=True)
        for process in [*family, self.process]:
            process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
