"""What people type, with its signs brought into those of the query language, before the grammar reads it.

Full-width colons and Chinese quotation marks are signs, brackets of a document number are none; operators may be
written as && || ! or in small letters. What does not balance is taken out, what is too long is cut, and a note says so.
"""

from __future__ import annotations

import re

from indexer.ranges import read_ranges
from indexer.schema import schema

#: Bounds on what is read; beyond them the query is cut and a note says so.
MAX_CHARACTERS = 1000
MAX_CLAUSES = 64
MAX_DEPTH = 12
#: How many characters may lie between words that are near each other.
MAX_APART = 20

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "＂": '"', "「": '"', "」": '"', "『": '"', "』": '"', "　": " "}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_TITLE_MARKS = re.compile(r"《([^《》]+)》")
_MINUS = re.compile(r'(?:(?<=\s)|^)[-－](?=[\w"(])')
_PLUS = re.compile(r'(?:(?<=\s)|^)[+＋](?=[\w"(])')
_QUESTION = re.compile(r"[?？]+(?=\s|$)|？")
_BRACKET = re.compile(r"[\[{][^\[\]{}]*[\]}]")
_SLOP = re.compile(r'(?<=")[~～](\d{1,9})(?=[\s)]|$)')
_EMPTY_FIELD = re.compile(r"(?<![\w:])(\w+)\s?[:：]\s*(?=$|(?:AND|OR|NOT)\s|\))")
_DANGLING = re.compile(r"^(?:(?:AND|OR)\s+)+|(?:\s+(?:AND|OR|NOT))+\s*$|^(?:AND|OR|NOT)$")
_RANGE = re.compile(r"^[\[{].*\bto\b.*[\]}]$", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"(?<![\w:])(\w+)\s?[:：]\s?(?=\S|$)")
#: 10:30 and https://… name no field.
_UNKNOWN_FIELD = re.compile(r"(?<![\w:])(?!\d)(\w+):(?=[^\s/])")
_NO_FIELD = re.compile(r"(?<![\w:])(?:\d\w*:(?=\S)|\w+:(?=/))")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SMALL = re.compile(r"(?:(?<=\s)|^)(?:and|or|not)(?=\s)")
_SIGNS = (
    (re.compile(r"\s*(?:&&|＆＆)\s*"), " AND "),
    (re.compile(r"\s*(?:\|\||｜｜)\s*"), " OR "),
    (re.compile(r"(?:(?<=\s)|^)[!！](?=\w)"), "NOT "),
    (re.compile(r"\s(?:或|或者)\s"), " OR "),
)


def bring_into_form(text: str, notes: list[str]) -> str:
    """The text with its signs brought into Whoosh's forms and everything unbalanced taken out."""
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        notes.append(f"检索词过长，只检索了前{MAX_CHARACTERS}个字符")
    text = _CONTROL.sub(" ", text).translate(_QUOTES)
    text = _TITLE_MARKS.sub(r'"\1"', text)
    if text.count('"') % 2:
        text = _drop_last(text, '"')
        notes.append("引号不成对，已忽略多出的引号")
    text = _SLOP.sub(lambda match: _near(int(match[1]), notes), text)
    quoted = re.split(r'("[^"]*"(?:~\d+)?)', text)
    for index in range(0, len(quoted), 2):
        named = _FIELD.sub(_canonical, quoted[index])
        quoted[index] = _clean_unquoted(_operators(named, text), notes)
    text = _balance("".join(quoted), notes)
    text = _EMPTY_FIELD.sub(lambda match: _empty(match, notes), text)
    clauses = text.split()
    if len(clauses) > MAX_CLAUSES:
        text = _balance(" ".join(clauses[:MAX_CLAUSES]), [])
        if text.count('"') % 2:
            text = _drop_last(text, '"')
        notes.append(f"条件过多，只检索了前{MAX_CLAUSES}项")
    return _DANGLING.sub("", text.strip()).strip()


def _near(apart: int, notes: list[str]) -> str:
    if apart > MAX_APART:
        notes.append(f"邻近检索的间隔最多{MAX_APART}个字，已按{MAX_APART}个字检索")
    # Whoosh takes ~1 for side by side, and writes it where nothing was asked: one more is always said to it.
    return f"~{min(apart, MAX_APART) + 2}"


def _clean_unquoted(text: str, notes: list[str]) -> str:
    text = read_ranges(text, notes)
    text = _QUESTION.sub(" ", text)
    text = _MINUS.sub("NOT ", text)
    text = _PLUS.sub("", text)
    text = text.replace("^", " ").replace("'", " ").replace("~", " ")
    known = schema()

    def colon(match: re.Match[str]) -> str:
        if known.find_field(match[1]):
            return match[0]
        notes.append(f"没有名为“{match[1]}”的检索项，已按普通词语检索")
        return f"{match[1]} "

    text = _NO_FIELD.sub(lambda match: f"{match[0][:-1]} ", text)
    text = _UNKNOWN_FIELD.sub(colon, text)
    return _brackets(text, notes)


def _operators(text: str, query: str) -> str:
    """Other ways to write the operators: signs, and in a Chinese query their names in small letters."""
    for sign, operator in _SIGNS:
        text = sign.sub(operator, text)
    return _SMALL.sub(lambda match: match[0].upper(), text) if _HAN.search(query) else text


def _empty(match: re.Match[str], notes: list[str]) -> str:
    """A field's name with nothing after it asks for nothing."""
    field = schema().find_field(match[1])
    if field is None:
        return match[0]
    notes.append(f"“{field.zh}”后面没有要查的内容，已忽略")
    return " "


def _brackets(text: str, notes: list[str]) -> str:
    """Square and curly brackets stay where they hold a range; elsewhere (国办发[2018]23号) they are punctuation."""
    kept: list[str] = []
    last = 0
    for match in _BRACKET.finditer(text):
        kept.append(_no_brackets(text[last : match.start()], notes))
        kept.append(match[0] if _RANGE.match(match[0]) else f"〔{match[0][1:-1]}〕")
        last = match.end()
    kept.append(_no_brackets(text[last:], notes))
    return "".join(kept)


def _no_brackets(text: str, notes: list[str]) -> str:
    if re.search(r"[\[\]{}]", text):
        notes.append("方括号不成对，已忽略")
    return re.sub(r"[\[\]{}]", " ", re.sub(r"(?<=:)[\[{]", "", text))


def _balance(text: str, notes: list[str]) -> str:
    """Drop parentheses that do not pair, or that nest deeper than anyone means."""
    keep: list[bool] = [True] * len(text)
    open_at: list[int] = []
    inside_quotes = False
    for index, char in enumerate(text):
        if char == '"':
            inside_quotes = not inside_quotes
        elif inside_quotes:
            continue
        elif char == "(":
            open_at.append(index)
            keep[index] = len(open_at) <= MAX_DEPTH
        elif char == ")":
            keep[index] = bool(open_at) and keep[open_at[-1]]
            if open_at:
                open_at.pop()
    for index in open_at:
        keep[index] = False
    if not all(keep):
        notes.append("括号不成对或层数过多，已忽略多出的括号")
    # A field's name goes on to mean what follows it.
    gap = ("" if before == ":" else " " for before in f" {text}")
    return "".join(char if kept else blank for char, kept, blank in zip(text, keep, gap, strict=False))


def _drop_last(text: str, char: str) -> str:
    at = text.rindex(char)
    # A field's name goes on to mean what follows it.
    return f"{text[:at]}{'' if text[:at].rstrip().endswith((':', '：')) else ' '}{text[at + 1 :]}"


def _canonical(match: re.Match[str]) -> str:
    field = schema().find_field(match[1])
    return f"{field.name}:" if field else match[0]
