"""Highlights as (text, is_hit) pairs, never as markup: whoever shows them escapes each piece and marks the hits."""

from __future__ import annotations

from indexer.analysis import fold

Pairs = tuple[tuple[str, bool], ...]

#: Characters of a snippet, and how many of them stand before the first hit.
WIDTH = 120
BEFORE = 24


def highlight(text: str, terms: tuple[str, ...], width: int | None = WIDTH) -> Pairs:
    """The part of `text` where most of `terms` (folded) stand, cut to `width` characters, its hits marked."""
    text = " ".join(text.split())
    spans = _spans(text, terms)
    if width is not None and len(text) > width:
        start = _best_start(spans, len(text), width)
        end = min(start + width, len(text))
        pairs = _pairs(text, [(max(a, start), min(b, end)) for a, b in spans if b > start and a < end], start, end)
        return ((("…", False),) if start else ()) + pairs + ((("…", False),) if end < len(text) else ())
    return _pairs(text, spans, 0, len(text))


def plain(pairs: Pairs) -> str:
    """The snippet without its marks."""
    return "".join(text for text, _ in pairs)


def _spans(text: str, terms: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the terms stand: from left to right, the longest that begins at a place, merged where they meet."""
    folded = text.translate(_FOLDED) if terms else ""
    found: list[tuple[int, int]] = []
    for term in filter(None, terms):
        at = folded.find(term)
        while at >= 0:
            found.append((at, -len(term)))
            at = folded.find(term, at + 1)
    spans: list[tuple[int, int]] = []
    for start, length in sorted(found):
        if not spans or start > spans[-1][1]:
            spans.append((start, start - length))
        else:
            spans[-1] = (spans[-1][0], max(spans[-1][1], start - length))
    return spans


class _OneByOne(dict[int, int]):
    """Each character folded alone, so that places do not move; kept, since a text has few different ones."""

    def __missing__(self, code: int) -> int:
        folded = fold(chr(code))
        self[code] = ord(folded) if len(folded) == 1 else code
        return self[code]


_FOLDED = _OneByOne()


def _best_start(spans: list[tuple[int, int]], length: int, width: int) -> int:
    """Where to cut so that most hit characters are shown; the earliest of equals."""
    best, most = 0, -1
    # Spans from `first` to before `last` begin in what is shown and have so many characters.
    first = last = shown = 0
    for start, _ in spans:
        at = start - BEFORE
        at = 0 if at < 0 else min(at, length - width)
        while last < len(spans) and spans[last][0] < at + width:
            shown += spans[last][1] - spans[last][0]
            last += 1
        while spans[first][0] < at:
            shown -= spans[first][1] - spans[first][0]
            first += 1
        within = shown - max(0, spans[last - 1][1] - at - width)
        if within > most:
            best, most = at, within
    return best


def _pairs(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Pairs:
    pairs: list[tuple[str, bool]] = []
    at = start
    for a, b in spans:
        if a > at:
            pairs.append((text[at:a], False))
        pairs.append((text[a:b], True))
        at = b
    if at < end:
        pairs.append((text[at:end], False))
    return tuple(pairs)
