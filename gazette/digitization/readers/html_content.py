"""Which element of a page holds its text: what is never text is taken out, then the place is told by its name, by
where the sentences stand, or by the general extractor."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.digitization.readers.extraction import extract_main
from gazette.digitization.readers.html_tables import data_rows

BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "div", "fieldset", "figure", "footer", "form"),
        *("header", "hr", "main", "p", "pre", "section", "ucapcontent", "ucaptitle", "dd", "dl", "dt", "li", "ol"),
        *("ul", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
FILE_LINK = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|ofd|pptx?|csv|txt|7z)(?:[?#]|$)", re.I)
SENTENCE = re.compile("[，。；！？]")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0\s*(?:;|$)"
    r"|text-indent\s*:\s*-\d{3,}",
    re.I,
)
#: Rules of a page's own style sheet; those for paper or narrow screens hide what a reader sees.
_STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA_RULE = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
_SIMPLE_SELECTOR = re.compile(r"[.#]([\w-]+)")
#: Less text than this under a container means that the container is not the one (characters).
_LEAST_TEXT = 40
#: Nor is it the one with less than this share of the page's sentences.
_LEAST_SENTENCES = 0.4
#: An element with this share of the sentences of the one around it holds the text.
_NEARLY_ALL = 0.85
#: With this share of its text in links a page is more than its text.
_MANY_LINKS = 0.25
#: A menu is at least so many links of at most so many letters each, and next to nothing else.
_MENU_LINKS, _MENU_WORD, _MENU_SHARE = 5, 12, 0.95
_MENU_TAGS = frozenset({"ul", "ol", "dl", "div", "table", "td", "tr", "p", "section", "aside"})


@dataclass(frozen=True, slots=True)
class _Containers:
    names: tuple[str, ...]
    chrome_tags: frozenset[str]
    chrome_names: frozenset[str]


@dataclass(slots=True)
class Mass:
    """What stands under an element, in characters: all text, that of its links, that of its sentences; and how many
    links there are."""

    text: int = 0
    linked: int = 0
    sentences: int = 0
    links: int = 0

    def add(self, piece: str | None) -> None:
        stripped = piece.strip() if piece else ""
        if stripped:
            self.text += len(stripped)
            self.sentences += len(stripped) if SENTENCE.search(stripped) else 0

    @property
    def plain(self) -> int:
        return self.text - self.linked


@cache
def _containers() -> _Containers:
    table = tomllib.loads(files("gazette").joinpath("data/containers.toml").read_text("utf-8"))
    return _Containers(
        names=tuple(dict.fromkeys(name.lower() for name in (*table["ids"], *table["classes"]))),
        chrome_tags=frozenset(table["chrome_tags"]),
        chrome_names=frozenset(table["chrome_names"]),
    )


def drop_chrome(root: Any) -> None:
    """Take out what is never text: scripts, forms, hidden elements, share bars, menus."""
    known = _containers()
    hidden = _hidden_names(root)
    doomed = [
        element
        for element in root.iter()
        if isinstance(element.tag, str)
        and (_is_chrome(element, known) or (hidden and not hidden.isdisjoint(_names(element))))
    ]
    _drop(doomed)
    _drop([element for element, mass in weigh(root).items() if element.tag in _MENU_TAGS and _is_menu(element, mass)])


def find_content(root: Any) -> Any:
    """The element around the text: a known container, else where the sentences stand, else the body."""
    body = root.find(".//body")
    body = root if body is None else body
    masses = weigh(body)
    by_name: dict[str, Any] = {}
    for element in masses:
        for name in _names(element):
            if name not in by_name or masses[element].plain > masses[by_name[name]].plain:
                by_name[name] = element
    named = [
        by_name[name] for name in _containers().names if name in by_name and masses[by_name[name]].plain >= _LEAST_TEXT
    ]
    enough = _LEAST_SENTENCES * masses[body].sentences
    chosen = next((element for element in named if masses[element].sentences >= enough), None)
    if chosen is None:
        chosen = named[0] if named and not masses[body].sentences else _densest(body, masses)
    return chosen


def without_surroundings(content: Any, root: Any) -> Any:
    """`content`, unless neither a name nor the structure told it from the page around it and much of that is links:
    then what the general extractor takes for the text."""
    if content.tag not in ("body", "html"):
        return content
    mass = weigh(content)[content]
    if mass.linked < _MANY_LINKS * mass.text:
        return content
    extracted = extract_main(root)
    return content if extracted is None else extracted


def weigh(root: Any) -> Mapping[Any, Mass]:
    """The mass of every element under `root`, in document order."""
    masses = {element: Mass() for element in root.iter() if isinstance(element.tag, str)}
    for element in reversed(masses):
        mass = masses[element]
        mass.add(element.text)
        if element.tag == "a":
            mass.linked, mass.sentences, mass.links = mass.text, 0, mass.links + 1
        above = masses.get(element.getparent())
        if above is not None:
            above.text += mass.text
            above.linked += mass.linked
            above.sentences += mass.sentences
            above.links += mass.links
            above.add(element.tail)
    return masses


def _names(element: Any) -> list[str]:
    return f"{element.tag} {element.get('id') or ''} {element.get('class') or ''}".lower().split()


def _drop(elements: list[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _hidden_names(root: Any) -> frozenset[str]:
    """The classes and ids that the page's own style sheet hides."""
    hidden: set[str] = set()
    for sheet in root.iter("style"):
        for selectors, rules in _STYLE_RULE.findall(_MEDIA_RULE.sub("", sheet.text or "")):
            if _HIDDEN.search(rules):
                simple = (_SIMPLE_SELECTOR.fullmatch(each.strip()) for each in selectors.split(","))
                hidden |= {match[1].lower() for match in simple if match}
    return frozenset(hidden)


def _is_chrome(element: Any, known: _Containers) -> bool:
    if element.tag in ("html", "head", "body", "title"):
        return False
    if element.tag in known.chrome_tags or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(element.get("style") or "")) or not known.chrome_names.isdisjoint(_names(element)[1:])


def _is_menu(element: Any, mass: Mass) -> bool:
    """Many links of a word or two each and nothing beside them; links to files are a document's own."""
    return (
        mass.links >= _MENU_LINKS
        and mass.linked >= _MENU_SHARE * mass.text
        and mass.linked <= _MENU_WORD * mass.links
        and not any(FILE_LINK.search(link.get("href") or "") for link in element.iter("a"))
    )


def _densest(body: Any, masses: Mapping[Any, Mass]) -> Any:
    """Descend while one child holds nearly all the sentences that its parent holds."""
    has_sentences = masses[body].sentences > 0

    def held(element: Any) -> int:
        return masses[element].sentences if has_sentences else masses[element].plain

    element = body
    while True:
        children = [child for child in element if child in masses and child.tag in BLOCK_TAGS]
        if not children:
            return element
        best = max(children, key=held)
        if held(best) < _NEARLY_ALL * max(1, held(element)) or _is_paragraph(best):
            return element
        element = best


def _is_paragraph(element: Any) -> bool:
    """Whether an element is one paragraph or table of the text, rather than what holds them."""
    if element.tag == "table":
        return data_rows(element) is not None
    inner = (each.tag for each in element.iter() if each is not element)
    return element.tag in ("p", "li") or not any(tag == "br" or tag in BLOCK_TAGS for tag in inner)
