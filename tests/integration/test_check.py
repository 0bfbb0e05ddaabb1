"""`ondol check` and `ondol init`, as a person runs them, with real servers that are there, away or wrongly configured."""

import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.mail import MailServer
from tests.running import environment, run_ondol
from tests.servers import Redis, SeaweedFS, Server

ROOT = Path(__file__).parents[2]


def checked(home: Path, **settings: str) -> tuple[int, dict[str, dict]]:
    result = run_ondol(home, "check", "--json", **settings)
    document = json.loads(result.stdout)
    assert document["ok"] == (result.returncode == 0)
    return result.returncode, {store["store"]: store for store in document["stores"]}


def test_embedded_stores_are_found_after_the_first_start(tmp_path: Path) -> None:
    code, stores = checked(tmp_path)
    assert code == 1
    assert "ondol serve" in stores["database"]["advice"][0]
    assert run_ondol(tmp_path, "building", "create", "hq", "--name", "본관").returncode == 0
    assert checked(tmp_path)[1]["database"]["ok"]


def test_servers_are_found_and_what_they_lack_is_named(
    tmp_path: Path, server_urls: Callable[[], dict[str, str]]
) -> None:
    urls = server_urls()
    code, stores = checked(tmp_path, **urls)
    assert code == 1
    assert stores["database"]["ok"]
    assert any("ondol db upgrade" in advice for advice in stores["database"]["advice"])
    assert stores["timeseries"]["advice"] == ["make the database: ondol db upgrade"]
    assert run_ondol(tmp_path, "db", "upgrade", **urls).returncode == 0
    code, stores = checked(tmp_path, **urls)
    assert code == 0
    assert all(store["version"] and store["latency_ms"] >= 0 and not store["advice"] for store in stores.values())
    assert stores["database"]["figures"]["connections"] >= 1
    assert stores["timeseries"]["figures"] == {"readings": 0}
    assert stores["cache"]["figures"]["memory_bytes"] > 0
    assert not any(re.search(r":[0-9a-f]{16}@", store["url"]) for store in stores.values())


def test_redis_with_other_limits_is_told_how_to_set_them(start_server: Callable[[str], Server], tmp_path: Path) -> None:
    import redis

    server = start_server("redis")
    assert isinstance(server, Redis)
    client = redis.Redis.from_url(server.url_of(0))
    try:
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
        _, stores = checked(tmp_path, cache_url=server.url_of(0))
    finally:
        client.config_set("maxmemory", "512mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.close()
    assert stores["cache"]["advice"] == [
        "Redis has no limit of 512 MB or more: redis-cli config set maxmemory 512mb",
        "Redis drops keys by noeviction: redis-cli config set maxmemory-policy allkeys-lru",
    ]


def test_the_folder_of_objects_is_well_before_the_first_object(tmp_path: Path) -> None:
    objects = checked(tmp_path / "home")[1]["objects"]
    assert objects["ok"]
    assert objects["figures"] == {"objects": 0}
    assert not (tmp_path / "home" / "objects").exists()
    (tmp_path / "taken").write_bytes(b"")
    objects = checked(tmp_path / "home", objects_url=(tmp_path / "taken" / "objects").as_uri())[1]["objects"]
    assert "ONDOL_OBJECTS_URL" in objects["advice"][0]


def test_a_bucket_that_is_missing_is_made_by_db_upgrade(start_server: Callable[[str], Server], tmp_path: Path) -> None:
    server = start_server("seaweedfs")
    assert isinstance(server, SeaweedFS)
    url = server.url_of("checked")
    objects = checked(tmp_path, objects_url=url)[1]["objects"]
    assert not objects["ok"]
    assert objects["advice"] == ["make the bucket: ondol db upgrade"]
    upgraded = run_ondol(tmp_path, "db", "upgrade", objects_url=url)
    assert upgraded.returncode == 0, upgraded.stderr
    assert server.password not in upgraded.stdout
    objects = checked(tmp_path, objects_url=url)[1]["objects"]
    assert objects["ok"]
    assert objects["latency_ms"] > 0
    assert server.password not in objects["url"]
    wrong = checked(tmp_path, objects_url=url.replace(server.password, "a-wrong-one"))[1]["objects"]
    assert "correct key and secret" in wrong["advice"][0]


@pytest.mark.parametrize(
    ("setting", "store", "advice"),
    [
        ("database_url", "database", "correct user and password"),
        ("timeseries_url", "timeseries", "correct it"),
        ("cache_url", "cache", "correct the password"),
    ],
)
def test_a_wrong_password_is_said(server_urls, tmp_path: Path, setting: str, store: str, advice: str) -> None:
    url = re.sub(r":[0-9a-f]{16}@", ":a-wrong-one@", server_urls()[setting])
    _, stores = checked(tmp_path, **{setting: url})
    assert not stores[store]["ok"]
    assert advice in " ".join([stores[store]["problem"], *stores[store]["advice"]])


@pytest.mark.parametrize(
    ("setting", "url", "advice"),
    [
        ("database_url", "postgresql://u:p@127.0.0.1:1/x", "systemctl start postgresql"),
        ("timeseries_url", "influxdb://u:p@127.0.0.1:1/x", "systemctl start influxdb"),
        ("cache_url", "redis://127.0.0.1:1/0", "systemctl start redis-server"),
        ("objects_url", "s3://key:secret-key@127.0.0.1:1/ondol", "up -d minio"),
        ("objects_url", "s3://127.0.0.1:1/ondol", "s3://KEY:SECRET@HOST:9000/BUCKET"),
    ],
)
def test_a_server_that_is_away_is_said(tmp_path: Path, setting: str, url: str, advice: str) -> None:
    result = run_ondol(tmp_path, "check", **{setting: url})
    assert result.returncode == 1
    assert advice in " ".join(result.stdout.split())
    assert "Traceback" not in result.stderr


def test_the_script_of_the_guide_is_the_same(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "test_database_connection.py", "--json"],
        env=environment(tmp_path, {"database_url": "postgresql://u:p@127.0.0.1:1/x"}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert json.loads(result.stdout)["stores"][0]["ok"] is False


@pytest.mark.parametrize("servers", ["docker", "apt"])
def test_init_writes_secrets_of_its_own_and_never_over_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_ondol(tmp_path, "init", "--servers", servers).returncode == 0
    written = (tmp_path / ".env").read_text("utf-8")
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    secrets = re.findall(r"_(?:PASSWORD|TOKEN)=([0-9a-f]{32})$", written, re.MULTILINE)
    assert len(secrets) == len(set(secrets)) >= 3
    refused = run_ondol(tmp_path, "init", "--servers", servers)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert (tmp_path / ".env").read_text("utf-8") == written
    assert run_ondol(tmp_path, "init", "--servers", servers, "--force").returncode == 0
    (kept,) = tmp_path.glob(".env.2*")
    assert kept.read_text("utf-8") == written
    assert (tmp_path / ".env").read_text("utf-8") != written
    if servers == "apt":
        script = tmp_path / "ondol-servers.sh"
        assert stat.S_IMODE(script.stat().st_mode) == 0o700
        subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("database_url", "postgresql://energy_user:energy_password@localhost/energy_management"),
        ("cache_url", "redis://:Changeme@localhost:6379/0"),
        ("timeseries_url", "influxdb://localhost:8086/energy_data?org=energy_org&token=secret"),
        ("objects_url", "s3://energy_files:minioadmin@localhost:9000/ondol"),
    ],
)
def test_passwords_of_guides_are_refused(tmp_path: Path, setting: str, url: str) -> None:
    result = run_ondol(tmp_path, "serve", **{setting: url})
    assert result.returncode == 2
    assert f"ONDOL_{setting.upper()}" in result.stderr
    assert "ondol init" in result.stderr


def test_the_mail_server_is_looked_at_without_sending_anything(tmp_path: Path) -> None:
    server = MailServer()
    mail = checked(tmp_path, smtp_url=server.url.replace("smtp://", "smtp://ondol:a-secret-of-mail@"))[1]["mail"]
    assert mail["ok"]
    assert "a-secret-of-mail" not in str(mail)
    assert any("ONDOL_PUBLIC_URL" in advice for advice in mail["advice"])
    assert not server.received
    server.stop()
    away = checked(tmp_path, smtp_url=server.url)[1]["mail"]
    assert not away["ok"]
    assert "does not answer" in away["problem"]


def test_signing_up_needs_mail(tmp_path: Path) -> None:
    refused = run_ondol(tmp_path, "check", sign_up="approval")
    assert refused.returncode != 0
    assert "ONDOL_SMTP_URL" in refused.stderr
