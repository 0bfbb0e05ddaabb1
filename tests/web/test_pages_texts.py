"""The texts of the pages: all translated, and no code inside templates."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

import ondol
from ondol import web

WEB = Path(web.__file__).parent
PACKAGE = Path(ondol.__file__).parent
METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {**DEFAULT_KEYWORDS, "said": None}


@pytest.fixture(scope="module")
def korean() -> Catalog:
    with (WEB / "translations/ko/LC_MESSAGES/messages.po").open("rb") as source:
        return read_po(source, locale="ko")


def named(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def test_every_text_is_in_the_korean_catalogue_and_none_is_left_over(korean: Catalog) -> None:
    used = {named(message) for _, _, message, _, _ in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS)}
    known = {named(message.id) for message in korean if message.id}
    assert used - known == set(), "texts without a Korean entry"
    assert known - used == set(), "entries that no page uses"


def test_no_translation_is_empty_or_uncertain(korean: Catalog) -> None:
    for message in korean:
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(strings), f"{message.id!r} is not translated"
            assert not message.fuzzy, f"{message.id!r} is uncertain"


def test_translations_keep_the_places_for_values(korean: Catalog) -> None:
    place = re.compile(r"%\(\w+\)[ds]|%%|\{\w+\}")
    for message in korean:
        if message.id:
            translated = message.string if isinstance(message.string, str) else message.string[0]
            assert set(place.findall(named(message.id))) == set(place.findall(translated)), message.id


@pytest.mark.parametrize("template", sorted((WEB / "templates").glob("*.html")), ids=lambda path: path.name)
def test_templates_contain_no_inline_code(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\s(style|on[a-z]+|hx-on[\w:-]*)\s*=", text)
