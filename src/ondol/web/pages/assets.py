"""The built front end: served pre-compressed, named in templates through Vite's manifest."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request, send_from_directory, url_for
from markupsafe import Markup

from ondol.common.errors import WrongConfiguration

FOLDER = Path(__file__).parents[1] / "static"
ONE_YEAR_S = 365 * 86400

blueprint = Blueprint("assets", __name__)


def register(app: Flask) -> None:
    """Serve the assets under `/assets/`; raises WrongConfiguration when they were never built."""
    read_manifest()
    app.register_blueprint(blueprint)
    app.add_template_global(tags_for, "asset_tags")


@cache
def read_manifest() -> dict[str, dict[str, Any]]:
    """Vite's manifest: source file -> {file, css, imports}."""
    manifest = FOLDER / "manifest.json"
    if not manifest.is_file():
        raise WrongConfiguration(
            f"The front end has not been built: {manifest} is missing. "
            "Build it with `pip install -e .` (or `make install`) in the checkout."
        )
    return orjson.loads(manifest.read_bytes())


@blueprint.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """One built file. Names carry a hash of the content, so browsers may keep them."""
    accepts_gzip = "gzip" in request.accept_encodings and (FOLDER / "assets" / f"{name}.gz").is_file()
    if not accepts_gzip:
        return _kept(send_from_directory(FOLDER / "assets", name))
    response = send_from_directory(FOLDER / "assets", f"{name}.gz", mimetype=_media_type(name))
    response.headers["Content-Encoding"] = "gzip"
    return _kept(response)


def tags_for(entry: str) -> Markup:
    """The `<link>` and `<script>` tags of `frontend/src/ENTRY.ts` and of what it imports."""
    manifest = read_manifest()
    chunks = _with_imports(manifest, f"src/{entry}.ts")
    styles = dict.fromkeys(style for chunk in chunks for style in manifest[chunk].get("css", []))
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_address(style)) for style in styles]
    preloads = [manifest[chunk]["file"] for chunk in chunks[1:]]
    tags += [Markup('<link rel="modulepreload" href="{}">').format(_address(file)) for file in preloads]
    tags.append(Markup('<script type="module" src="{}"></script>').format(_address(manifest[chunks[0]]["file"])))
    return Markup("\n").join(tags)


def _with_imports(manifest: dict[str, dict[str, Any]], chunk: str) -> list[str]:
    chunks = {chunk: None}
    for imported in manifest[chunk].get("imports", []):
        chunks |= dict.fromkeys(_with_imports(manifest, imported))
    return list(chunks)


def _address(file: str) -> str:
    return url_for("assets.asset", name=file.removeprefix("assets/"))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_S}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _media_type(name: str) -> str:
    return {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}.get(
        name.rpartition(".")[2], "text/plain"
    )
