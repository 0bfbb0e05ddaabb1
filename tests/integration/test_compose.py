"""docker-compose.yml: what Debian's docker-compose reads in it, and what it promises."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.conftest import lacking
from tests.running import run_ondol

from ondol.config import Settings

ROOT = Path(__file__).parents[2]
STAGE_ONE = {"postgres": "5432", "pgadmin": "5050", "influxdb": "8086", "redis": "6379"}
APP = {"web", "worker", "proxy"}
GROWTH = {"elasticsearch": "9200", "minio": "9000"}


def configured(folder: Path, *profiles: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose")
    if program is None:
        lacking("docker-compose is missing (Debian, Ubuntu: apt install docker-compose)")
    chosen = [word for profile in profiles for word in ("--profile", profile)]
    files = [
        "--file",
        str(ROOT / "docker-compose.yml"),
        "--env-file",
        str(folder / ".env"),
        "--project-directory",
        str(ROOT),
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(
        [program, *files, *chosen, "config"], capture_output=True, text=True, check=False, env=environment, cwd=folder
    )


@pytest.fixture
def with_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run_ondol(tmp_path, "init").returncode == 0
    return tmp_path


def services(folder: Path, *profiles: str) -> dict[str, dict]:
    result = configured(folder, *profiles)
    assert result.returncode == 0, result.stderr
    return yaml.safe_load(result.stdout)["services"]


def test_without_secrets_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("", "utf-8")
    result = configured(tmp_path)
    assert result.returncode != 0
    assert "ondol init" in result.stderr


@pytest.mark.parametrize(
    ("profiles", "names"),
    [
        ((), set(STAGE_ONE)),
        (("growth",), {*STAGE_ONE, *GROWTH}),
        (("app",), {*STAGE_ONE, *APP}),
        (("growth", "app"), {*STAGE_ONE, *GROWTH, *APP}),
    ],
)
def test_each_container_is_healthy_pinned_and_durable(with_secrets: Path, profiles, names: set[str]) -> None:
    found = {
        name: service
        for name, service in services(with_secrets, *profiles).items()
        if not service.get("profiles") or set(service["profiles"]) & set(profiles)
    }
    assert set(found) == names
    for name, service in found.items():
        assert service["healthcheck"]["test"], name
        assert service["volumes"], name
        assert "build" in service or re.search(r":.*\d+[.-]\d+", service["image"]), service["image"]
        published = [str(port) for port in service.get("ports", [])]
        assert name == "proxy" or all("127.0.0.1" in port for port in published), (name, published)
    for name, port in ({**STAGE_ONE, **GROWTH}).items():
        if name in found:
            assert any(port in str(mapping) for mapping in found[name]["ports"]), name


def test_the_servers_are_set_as_the_guide_says(with_secrets: Path) -> None:
    found = services(with_secrets)
    assert found["postgres"]["environment"]["POSTGRES_DB"] == "energy_management"
    assert found["postgres"]["environment"]["POSTGRES_USER"] == "energy_user"
    assert found["pgadmin"]["environment"]["PGADMIN_DEFAULT_EMAIL"] == "admin@energy.com"
    influxdb = found["influxdb"]["environment"]
    assert (influxdb["DOCKER_INFLUXDB_INIT_ORG"], influxdb["DOCKER_INFLUXDB_INIT_BUCKET"]) == (
        "energy_org",
        "energy_data",
    )
    command = " ".join(found["redis"]["command"])
    assert "--maxmemory 512mb --maxmemory-policy allkeys-lru" in command


def test_objects_lie_in_a_volume_that_web_and_worker_share(with_secrets: Path) -> None:
    found = services(with_secrets, "app")
    for name in ("web", "worker"):
        assert found[name]["environment"]["ONDOL_OBJECTS_URL"] == "file:///var/lib/ondol/objects"
        assert any(re.search(r"\bondol\b.*/var/lib/ondol\b", str(volume)) for volume in found[name]["volumes"])


def test_ondol_is_reached_through_tls_alone(with_secrets: Path) -> None:
    found = services(with_secrets, "app")
    assert [port for port in map(str, found["web"]["ports"]) if "127.0.0.1" in port and "8000" in port]
    for name in ("web", "worker"):
        environment = found[name]["environment"]
        assert (environment["ONDOL_SECURE_COOKIES"], environment["ONDOL_TRUSTED_PROXIES"]) == ("true", "1")
    proxy = found["proxy"]
    assert {"80", "443"} <= set(re.findall(r"\d+", str(proxy["ports"])))
    assert "/etc/caddy/Caddyfile" in str(proxy["volumes"])
    assert proxy["environment"]["SITE_ADDRESS"] == "localhost"
    caddyfile = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    assert caddyfile.count("{\n") == caddyfile.count("}\n")
    largest_mb = Settings.model_fields["max_body_mb"].default
    for words in (
        "reverse_proxy web:8000",
        f"max_size {largest_mb}MiB",
        "read_header",
        "read_body",
        "{$SITE_ADDRESS:localhost}",
    ):
        assert words in caddyfile
    assert not re.search(r"^\s*write\b", caddyfile, re.MULTILINE)  # it would cut live views


def test_the_image_runs_as_a_user_of_its_own() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER ondol" in lines
    assert all(re.search(r"\d+\.\d+\.\d+", line) for line in lines if line.startswith("FROM"))
