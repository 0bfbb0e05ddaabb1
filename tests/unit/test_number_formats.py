"""Numbers read as tests/number_formats.json says; frontend/src/format.test.ts holds the front end to the same table."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from ondol import web
from ondol.web.pages import display

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "number_formats.json").read_text(encoding="utf-8")
)
TRANSLATIONS = Path(web.__file__).parent / "translations"


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(TRANSLATIONS))
    return app


def shown(case: dict[str, Any]) -> str:
    value = case["value"]
    if case["kind"] == "number":
        return display.number(value, case.get("digits"))
    if case["kind"] == "amount":
        return display.amount(value, case["unit"])
    return {"change": display.change, "percent": display.percent}[case["kind"]](value)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_numbers_read_as_in_the_front_end(app: Flask, language: str) -> None:
    cases = [case for case in CASES if case.get("language", language) == language]
    assert len(cases) > 50
    with app.test_request_context(), force_locale(language):
        assert [(case, shown(case)) for case in cases] == [(case, case["text"]) for case in cases]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_reads_as_missing(app: Flask, value: float) -> None:
    with app.test_request_context():
        assert {display.number(value), display.amount(value, "kWh"), display.change(value), display.percent(value)} == {
            "–"
        }


def test_the_largest_number_is_written_out(app: Flask) -> None:
    with app.test_request_context():
        assert display.number(1.7976931348623157e308).startswith("179,769,313")
