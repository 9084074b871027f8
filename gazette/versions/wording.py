"""Words of a provision changed where they stand: replaced, deleted, or others put beside them.

A decision prints the words it means; copies differ in spaces, widths and marks, so what is not found as printed is
looked for without regard to them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from gazette.versions.units import Unit

_FOLD = str.maketrans("“”‘’「」『』﹙﹚〔〕[]", '""""""""()()()')


def change_words(units: Iterable[Unit], words: str, change: Callable[[str], str], *, last_only: bool = False) -> int:
    """Put `change(found)` for every place where `words` stand in `units`, or for the last one in each wording;
    returns how many there were."""
    if not words.strip():
        return 0
    found = 0
    for unit in {id(each): each for top in units for each in top.walk()}.values():
        for name in ("text", "heading"):
            text = getattr(unit, name)
            if not text:
                continue
            spans = find_words(text, words)[-1 if last_only else 0 :]
            for start, end in reversed(spans):
                text = text[:start] + change(text[start:end]) + text[end:]
            if spans:
                setattr(unit, name, text)
                unit.touched = True
                found += len(spans)
    return found


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Where `words` stand in `text`, as printed or, failing that, whatever the spaces, widths and quotation marks."""
    spans: list[tuple[int, int]] = []
    at = text.find(words)
    while at != -1:
        spans.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    if spans:
        return spans
    folded, places = _folded(text)
    wanted, _ = _folded(words)
    at = folded.find(wanted) if wanted else -1
    while at != -1:
        spans.append((places[at], places[at + len(wanted) - 1] + 1))
        at = folded.find(wanted, at + len(wanted))
    return spans


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` without spaces, widths folded, and the place of each character in the original."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for each in unicodedata.normalize("NFKC", char).translate(_FOLD):
            if not each.isspace():
                out.append(each)
                places.append(place)
    return "".join(out), places
