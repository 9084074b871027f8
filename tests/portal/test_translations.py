"""The English catalogue: complete, and compiled as it stands.

After changing a text, from the root of the repository:
pybabel extract -F portal/translations/babel.cfg -k _l --no-location -o messages.pot . &&
pybabel update -i messages.pot -d portal/translations -l en && pybabel compile -d portal/translations -l en
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

PORTAL = Path(__file__).resolve().parents[2] / "portal"
FOLDER = PORTAL / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.xml", "jinja2")]
FILLED_IN = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_of_the_interface_has_english(english):
    said = extract_from_dir(PORTAL, METHODS, keywords={**DEFAULT_KEYWORDS, "_l": None})
    missing = {message for _file, _line, message, _comments, _context in said if not _translated(english, message)}
    assert missing == set()


def test_english_fills_in_the_same_facts(english):
    for message in english:
        if message.id and message.string:
            assert set(FILLED_IN.findall(message.string)) == set(FILLED_IN.findall(message.id)), message.id


def test_the_catalogue_is_compiled_as_it_stands(english):
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert {m.id: m.string for m in compiled if m.id} == {m.id: m.string for m in english if m.id}


def _translated(catalogue: Catalog, message: str) -> bool:
    found = catalogue.get(message)
    return found is not None and bool(found.string)
