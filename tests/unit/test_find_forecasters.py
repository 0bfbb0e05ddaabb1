"""A model is one new file in the folder of models; nothing else names it."""

import importlib
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.conftest import lacking

from ondol.forecasts.find_forecasters import forecasters
from ondol.forecasts.ports.forecaster import MissingLibrary

MODEL = """
class Model:
    name = "{name}"
    preference = {preference}
"""
FILES = {
    "__init__": "",
    "steady": MODEL.format(name="steady", preference=0),
    "clever": MODEL.format(name="clever", preference=5),
    "borrowing": "from .clever import Model\nname = 'borrowing'\n",
    "shapes": MODEL.format(name="another", preference=9),
    "heavy": """
from ondol.forecasts.ports.forecaster import MissingLibrary

try:
    import a_library_that_nobody_has
except ImportError as error:
    raise MissingLibrary("heavy cannot be loaded; install its library") from error
""",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    package = tmp_path / "trial_forecasters"
    package.mkdir()
    for name, text in FILES.items():
        (package / f"{name}.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return package.name


def test_models_are_those_of_the_folder_by_their_preference(folder: str):
    with capture_logs() as logs:
        assert [model.name for model in forecasters(folder)] == ["clever", "steady"]
    (told,) = logs
    assert told["event"] == "heavy cannot be loaded; install its library"
    assert "a_library_that_nobody_has" in told["reason"]


def test_ondol_has_trees_and_the_seasonal_mean():
    try:
        importlib.import_module("ondol.forecasters.lightgbm")
    except MissingLibrary as missing:
        lacking(str(missing))
    assert [model.name for model in forecasters()] == ["lightgbm", "seasonal"]


def test_without_its_library_trees_are_told_and_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    monkeypatch.delitem(sys.modules, "ondol.forecasters.lightgbm", raising=False)
    with capture_logs() as logs:
        assert [model.name for model in forecasters()] == ["seasonal"]
    assert "apt install libgomp1" in logs[0]["event"]
