"""Pages: what a profile reads from one HTML page. Pure: text and address in, values out; no network, no store.

This runs in the crawler's process, for the pages are strangers' bytes. Of a detail page only the heading, the
declared metadata and the content region go on to digitization, so that navigation, hit counters and today's weather
make no new version of a regulation.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from gazette.digitization.labels import label_of_element
from harvest.items import Role
from harvest.profile import Profile, bare

if TYPE_CHECKING:
    from parsel import Selector, SelectorList

#: Content shorter than this is no document: a layout that changed, or an empty page.
LEAST_CONTENT = 20
#: Most links taken from one page.
MOST_LINKS = 2000
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_BREAK = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")
_CELLS = "th, td, dt, dd, li, p, span, div"
_DROPPED = "script, style, noscript, iframe, object, embed, form, button, input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link worth following. `date` is the day the list prints beside it, as printed."""

    url: str
    role: Role
    title: str = ""
    date: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"url": self.url, "role": self.role.value, "title": self.title, "date": self.date}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Link:
        return cls(url=data["url"], role=Role(data["role"]), title=data.get("title") or "", date=data.get("date"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailPage:
    """A detail page read. `fields` are the metadata by our field names, as printed; `html` is the content region."""

    title: str | None
    fields: dict[str, str]
    html: str
    attachments: tuple[Link, ...]

    @property
    def content_sha256(self) -> str:
        """Hash of what the page says, whatever its frame looks like today."""
        said = [self.title, sorted(self.fields.items()), re.sub(r"\s+", "", _text_of(self.html))]
        said.append([link.url for link in self.attachments])
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def to_html(self) -> bytes:
        """The page as handed to digitization, in UTF-8: heading, metadata under their usual labels, content."""
        title = escape(self.title or "")
        rows = ((label_of_element(name), value) for name, value in self.fields.items())
        table = "".join(f"<tr><td>{label}：</td><td>{escape(value)}</td></tr>" for label, value in rows if label)
        # The tag of the government site standard tells digitization the title, so that no first line is taken for one.
        told = f'<meta name="ArticleTitle" content="{title}">' if title else ""
        head = f'<!DOCTYPE html><html><head><meta charset="utf-8">{told}<title>{title}</title></head>'
        body = f'<body><h1>{title}</h1><table>{table}</table><div id="zoom">{self.html}</div></body>'
        return f"{head}{body}</html>".encode()


def read_list(profile: Profile, html: str, url: str) -> tuple[Link, ...]:
    """The documents a list page links to, in its order, and its next page last."""
    page = _selector(html)
    found: dict[str, Link] = {}
    for entry in page.css(profile.list_item):
        for href in entry.css(profile.list_link).getall():
            target = _absolute(url, href)
            if target and target not in found and _wanted(profile, target):
                found[target] = Link(
                    url=target, role=Role.DOCUMENT, title=_link_title(entry, href), date=_day(profile, entry)
                )
    following = _next_page(profile, page, url)
    documents = [link for link in found.values() if following is None or link.url != following.url]
    return (*documents[:MOST_LINKS], *([following] if following else []))


def read_detail(profile: Profile, html: str, url: str) -> DetailPage:
    """What a detail page says. `html` of the result is empty where no content region was found."""
    page = _selector(html)
    content = _first_filled(page, profile.content)
    if content is not None:
        for dropped in content.css(_DROPPED):
            dropped.drop()
    return DetailPage(
        title=_title(profile, page),
        fields=_metadata(profile, page),
        html=content.get() if content is not None else "",
        attachments=_attachments(profile, page, url),
    )


def _selector(html: str) -> Selector:
    from parsel import Selector

    # NUL and its like make lxml refuse a page that every browser shows.
    return Selector(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", html) or "<html></html>", type="html", huge_tree=False)


def _absolute(base: str, href: str) -> str | None:
    """The address a link leads to, without its fragment; None for what is no web address."""
    try:
        target = urldefrag(urljoin(base, href.strip())).url
        return target if urlsplit(target).scheme in ("http", "https") and target != urldefrag(base).url else None
    except ValueError:
        return None


def _wanted(profile: Profile, url: str) -> bool:
    return profile.detail_url is None or re.search(profile.detail_url, url) is not None


def _link_title(entry: Selector, href: str) -> str:
    for anchor in entry.css("a"):
        if anchor.attrib.get("href") == href:
            return anchor.attrib.get("title", "").strip() or _squeezed(anchor)
    return ""


def _day(profile: Profile, entry: Selector) -> str | None:
    for each in entry.css(profile.list_date):
        if match := _DATE.search(_squeezed(each)):
            year, month, day = (int(part) for part in match.groups())
            return f"{year:04}-{month:02}-{day:02}"
    return None


def _next_page(profile: Profile, page: Selector, url: str) -> Link | None:
    words = {bare(word) for word in profile.next_words}
    for anchor in page.css(profile.next_page):
        if bare(_squeezed(anchor)).rstrip(">»›") in words and (target := _absolute(url, anchor.attrib.get("href", ""))):
            return Link(url=target, role=Role.LIST)
    return None


def _title(profile: Profile, page: Selector) -> str | None:
    for named in ("ArticleTitle", "articletitle"):
        if printed := page.css(f'meta[name="{named}"]::attr(content)').get():
            return printed.strip()
    heading = _first_filled(page, profile.title_selector)
    # A break in a Chinese heading is the layout's, not the title's.
    return _BREAK.sub("", _squeezed(heading)) if heading is not None else None


def _metadata(profile: Profile, page: Selector) -> dict[str, str]:
    """Values by the field their label names: in the next cell, or after a colon. The first of a field wins."""
    fields: dict[str, str] = {}
    for region in page.css(profile.metadata):
        cells = [_squeezed(cell) for cell in region.css(_CELLS) if not cell.css(_CELLS)[1:]]
        for name, value in _pairs(profile, cells):
            if value and value not in ("无", "-", "—", "/"):
                fields.setdefault(name, value)
    return fields


def _pairs(profile: Profile, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, cell in enumerate(cells):
        label, colon, rest = cell.replace("：", ":", 1).partition(":")
        name = profile.field_of(label)
        if name is None:
            continue
        if colon and rest.strip():
            yield name, rest.strip()
        elif place + 1 < len(cells) and not profile.field_of(cells[place + 1].rstrip(":：")):
            yield name, cells[place + 1]


def _attachments(profile: Profile, page: Selector, url: str) -> tuple[Link, ...]:
    if profile.attachments == "skip":
        return ()
    ending = re.compile(rf"\.({'|'.join(map(re.escape, profile.attachment_types))})$", re.IGNORECASE)
    found: dict[str, Link] = {}
    for anchor in page.css("a"):
        target = _absolute(url, anchor.attrib.get("href", ""))
        if target and ending.search(urlsplit(target).path) and target not in found:
            found[target] = Link(url=target, role=Role.ATTACHMENT, title=_squeezed(anchor))
    return tuple(found.values())[:100]


def _first_filled(page: Selector, css: str) -> Selector | None:
    """The first element with text, the selectors tried in the order declared."""
    for each in css.split(","):
        hits: SelectorList[Selector] = page.css(each.strip())
        for hit in hits:
            if len(_squeezed(hit)) > 0:
                return hit
    return None


def _squeezed(element: Selector) -> str:
    return re.sub(
        r"\s+", " ", "".join(element.xpath(".//text()").getall()).replace("\xa0", " ").replace("　", " ")
    ).strip()


def _text_of(html: str) -> str:
    return "".join(_selector(html).xpath("//text()").getall()) if html else ""
