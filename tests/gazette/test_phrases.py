"""What the record and the index say in Chinese is said in English too, every sentence of it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gazette.errors import BadInput, NotFound
from gazette.phrases import phrase_book

ROOT = Path(__file__).resolve().parents[2]
BOOKS = {"gazette": ("gazette", "data/phrases.toml"), "indexer": ("indexer", "phrases.toml")}
_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("已施行，未见废止记载", "Commenced; no record of repeal has been found"),
        ("自2026年8月15日起废止", "Repealed from 2026-08-15"),
        ("据2026年8月28日官方标注“已废止”", "Official label “已废止”, 2026-08-28"),
        ("施行日期未查明；据官方标注“有效”", "The day of commencement is not known; Official label “有效”"),
        ("文件 3tx308t7510q", "document 3tx308t7510q"),
        ("谁也没有写过的一句话", "谁也没有写过的一句话"),
    ],
)
def test_a_note_is_said_in_english_and_what_is_unknown_stays(said, english):
    assert phrase_book().say(said) == english


def test_days_are_put_into_the_words_asked_for():
    book = phrase_book()
    assert book.say("自2018年9月1日起施行", day=lambda day: f"{day:%d.%m.%Y}") == "In force from 01.09.2018"


def test_an_error_gives_its_reason_in_the_language_of_its_message():
    assert BadInput(why="撤下文件必须写明理由").message("en") == "Bad input: a withdrawal needs a reason"
    assert NotFound(what="文件 abc").message("en") == "Not found: document abc"


@pytest.mark.parametrize("room", BOOKS)
def test_every_reason_and_note_of_a_room_is_in_its_book(room):
    book = phrase_book(*BOOKS[room])
    unknown = {said for said in _said_in(ROOT / room) if _HAN.search(said) and _HAN.search(book.say(said))}
    assert unknown == set()


@pytest.mark.parametrize("room", BOOKS)
def test_the_slots_of_a_phrase_are_filled_in_english(room):
    package, name = BOOKS[room]
    for row in tomllib.loads((ROOT / package / name).read_text("utf-8"))["phrase"]:
        slots = [re.findall(r"\{(\w+)\}", row[language]) for language in ("zh", "en")]
        assert sorted(slots[0]) == sorted(slots[1]), row


def _said_in(folder: Path) -> Iterator[str]:
    """Reasons (`why=`, `what=`), notes appended, the constants of [[matching]] and the notes of verdicts."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from filter(None, map(_filled_in, _spoken(node)))
    if folder.name == "indexer":
        rows = tomllib.loads((folder / "fields.toml").read_text("utf-8"))["matching"]
        yield from (row["note"] for row in rows if "note" in row)


def _spoken(call: ast.Call) -> Iterator[ast.expr]:
    yield from (keyword.value for keyword in call.keywords if keyword.arg in {"why", "what", "note"})
    match call.func:
        case ast.Name(id="Verdict"):
            yield from call.args[2:3]
        case ast.Attribute(attr="append", value=ast.Attribute(attr="notes") | ast.Name(id="notes")):
            yield from call.args


def _filled_in(node: ast.expr) -> str | None:
    """A string or f-string with 7 in the place of every fact, a day in the place of every day."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.IfExp):
        return _filled_in(node.body)
    if not isinstance(node, ast.JoinedStr):
        return None
    day = f"{date(2018, 9, 1):%Y年%-m月%-d日}"
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else day if "id='_zh'" in ast.dump(part) else "7"
        for part in node.values
    )
