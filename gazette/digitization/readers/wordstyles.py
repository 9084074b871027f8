"""Paragraph styles of a DOCX: what a style is called, what it builds on, and what it says of its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: The style in which our own renditions (gazette.renditions.docx) set the heading of an attachment.
ATTACHMENT = "Gongbao Attachment"
#: Styles build on styles; deeper than this nobody builds.
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style. `level` is a heading's (1 is the title, 0 an attachment's), `align` and `numbering` what
    its properties say."""

    name: str
    level: int | None = None
    align: str | None = None
    numbering: Any | None = None


PLAIN = Style("")


class Styles:
    """The styles of one document; `of` a paragraph gives its own, with what it inherits."""

    def __init__(self, root: Any | None) -> None:
        self.found: dict[str, Style] = {}
        self.elements = {} if root is None else {each.get(f"{W}styleId"): each for each in root.iter(f"{W}style")}
        self.usual = next((key for key, each in self.elements.items() if _is_default(each)), None)

    def of(self, paragraph: Any) -> Style:
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        key = named.get(f"{W}val") if named is not None else self.usual
        return self._style(key, 0) if key else PLAIN

    def _style(self, key: str, depth: int) -> Style:
        if key not in self.found:
            self.found[key] = self._read(key, depth)
        return self.found[key]

    def _read(self, key: str, depth: int) -> Style:
        element = self.elements.get(key)
        if element is None:
            return Style(key, heading_level(key))
        name = value_of(element, "name") or key
        above = value_of(element, "basedOn")
        base = self._style(above, depth + 1) if above and above != key and depth < _DEEPEST else PLAIN
        numbering = element.find(f"{W}pPr/{W}numPr")
        level = heading_level(name) if heading_level(name) is not None else heading_level(key)
        return Style(
            name=name,
            level=level if level is not None else base.level,
            align=value_of(element, "pPr", "jc") or base.align,
            numbering=numbering if numbering is not None else base.numbering,
        )


def heading_level(name: str) -> int | None:
    """The level that a style's name says: Title is 1, Heading 2 and 标题 2 are 2; 0 opens an attachment."""
    plain = name.lower().replace(" ", "")
    if plain == ATTACHMENT.lower().replace(" ", ""):
        return 0
    if plain == "title":
        return 1
    for prefix in ("heading", "标题"):
        if plain.startswith(prefix) and plain[len(prefix) :].isdecimal():
            return int(plain[len(prefix) :])
    return None


def value_of(element: Any, *path: str) -> str | None:
    """The w:val of the element at `path` below `element`."""
    found = element.find("/".join(f"{W}{name}" for name in path))
    value = found.get(f"{W}val") if found is not None else None
    return str(value) if value is not None else None


def _is_default(style: Any) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")
