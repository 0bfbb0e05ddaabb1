"""`ondol config` says where a setting came from, by the reading of `.env` that puts it into force."""

from pathlib import Path

import pytest

from ondol.config import load_settings, origin

DOTENV = """
# ONDOL_CACHE_URL=redis://localhost:6379/0
export ONDOL_MAX_BODY_MB="32"
ondol_timezone = Europe/London # of the first building
ONDOL_LIVE_VIEWERS=8
ONDOL_LOG_LEVEL
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".env").write_text(DOTENV, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONDOL_LIVE_VIEWERS", "9")
    monkeypatch.delenv("ONDOL_CACHE_URL", raising=False)
    return tmp_path


def test_what_is_in_force_and_where_it_comes_from_agree():
    settings = load_settings()
    assert (settings.max_body_mb, origin("max_body_mb")) == (32, ".env")
    assert (settings.timezone, origin("timezone")) == ("Europe/London", ".env")
    assert (settings.live_viewers, origin("live_viewers")) == (9, "environment")
    assert (settings.cache_url.get_secret_value(), origin("cache_url")) == ("", "default")
    assert (settings.log_level, origin("log_level")) == ("info", "default")


def test_without_a_file_there_are_defaults(folder: Path):
    (folder / ".env").unlink()
    assert origin("max_body_mb") == "default"
