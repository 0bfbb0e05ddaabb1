"""The built front end as it is served."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ondol.common.errors import WrongConfiguration
from ondol.web.pages import assets

MOST_FIRST_LOAD_BYTES = 400_000


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    assets.register(app)
    return app


def addresses(app: Flask, entry: str) -> list[str]:
    with app.test_request_context():
        return re.findall(r'(?:src|href)="([^"]+)"', str(assets.tags_for("shell")) + str(assets.tags_for(entry)))


def fetch(app: Flask, address: str, accepts: str = "") -> TestResponse:
    """The whole answer; its file is closed."""
    with app.test_client().get(address, headers={"Accept-Encoding": accepts}) as answer:
        answer.get_data()
        return answer


@pytest.mark.parametrize("entry", ["portfolio", "building", "point"])
def test_first_load_is_small_enough(app: Flask, entry: str) -> None:
    answers = [fetch(app, address, "gzip") for address in set(addresses(app, entry))]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(len(answer.data) for answer in answers) < MOST_FIRST_LOAD_BYTES


def test_text_is_sent_compressed_to_who_takes_it(app: Flask) -> None:
    style = next(address for address in addresses(app, "building") if address.endswith(".css"))
    plain, packed = fetch(app, style), fetch(app, style, "gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == plain.mimetype == "text/css"
    assert gzip.decompress(packed.data) == plain.data
    assert "immutable" in plain.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../manifest.json", "..%2fmanifest.json", "nothing.js", "%2e%2e/manifest.json"])
def test_nothing_else_is_served(app: Flask, name: str) -> None:
    assert fetch(app, f"/assets/{name}").status_code == 404


def test_missing_build_says_how_to_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assets.read_manifest.cache_clear()
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    with pytest.raises(WrongConfiguration, match="pip install -e"):
        assets.register(Flask(__name__, static_folder=None))


def test_font_licence_is_shipped() -> None:
    assert "SIL Open Font License" in (assets.FOLDER / "licences" / "pretendard-OFL.txt").read_text(encoding="utf-8")
