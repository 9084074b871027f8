"""What the head of a page says: the official <meta> set, the data set beside it for search engines (JSON-LD), and the
<title> without the name of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gazette.digitization.blocks import fold_spaces
from gazette.digitization.genre import find_kind
from gazette.digitization.labels import element_of_tag, is_stated

#: Keys of JSON-LD (schema.org, 百度搜索资源平台) and the elements they give.
_LINKED_DATA = {
    "datePublished": "published_date",
    "pubDate": "published_date",
    "headline": "page_title",
    "title": "page_title",
}
_LONGEST_DATA = 20_000
#: How names of sites, of their columns and of who keeps them end.
_SITE = re.compile(
    r"(?:网|网站|门户|平台|在线|频道|专栏|公开|首页|政府|人大|政协|法院|检察院|委员会|委|办公厅|办公室|[局厅部院署会府社]"
    r"|文件|公告|动态|政策|法规|规章|解读|要闻|新闻|通知公告|栏目|下载)$"
)
#: Marks between a title, the column and the site's name; a dash or a space may as well stand in the title.
_MARK = re.compile(r"\s*(?:[_|｜]+|[-—–]+)\s*|\s+(?=\S{4,24}(?:网站|门户|网)$)")
_OPENING, _CLOSING = "（(〔[【《〈“", "）)〕]】》〉”"
#: Markup that a content system wrote into a value.
_TAG = re.compile(r"</?[a-z]{1,6}[^<>]{0,40}>", re.I)
_CUT_SHORT = re.compile(r"(?:\.{2,}|…)$")


def official_tags(root: Any) -> dict[str, str]:
    """What the head says, the first of a name first: the <meta> set, the <title> (`page_title`), the JSON-LD."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        element = element_of_tag(tag.get("name") or tag.get("property") or tag.get("itemprop") or "")
        content = fold_spaces(_TAG.sub("", tag.get("content") or ""))
        if element and is_stated(content):
            found.setdefault(element, content)
    if title := _page_title(root):
        found["page_title"] = title
    for name, value in _linked_data(root):
        found.setdefault(name, value)
    return found


def _page_title(root: Any) -> str | None:
    """The <title> without the site's name and column; None where it is empty or cut short."""
    title = root.find(".//title")
    text = fold_spaces("".join(title.itertext())) if title is not None else ""
    return None if not text or _CUT_SHORT.search(text) else without_site(text)


def without_site(text: str) -> str:
    """「关于…的通知_政策文件_江城市人民政府」 as 关于…的通知; dashes inside brackets part nothing."""
    parts = list(_parts(text))
    titled = next((part for part, _mark in parts if speaks_as_title(part)), None)
    if titled is not None and not speaks_as_title(parts[0][0]):
        return titled
    while len(parts) > 1 and (_SITE.search(parts[-1][0]) or parts[-2][1].strip("-—– ")):
        parts.pop()
    return "".join(part + mark for part, mark in parts[:-1]) + parts[-1][0]


def speaks_as_title(text: str) -> bool:
    """Whether a line is worded as documents are titled: 关于…的 and a kind, or a name that ends with a kind."""
    return (
        6 <= len(text) <= 250
        and text[-1] not in "，。；：:"
        and ("关于" in text or len(text) >= 8)
        and find_kind(text) is not None
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a <title> and the mark after each."""
    begin, depth, at = 0, 0, 0
    while at < len(text):
        depth += (text[at] in _OPENING) - (text[at] in _CLOSING)
        match = _MARK.match(text, at) if depth <= 0 and at > begin else None
        if match is None or match.end() == match.start():
            at += 1
            continue
        yield text[begin:at], match.group()
        begin = at = match.end()
    yield text[begin:], ""


def _linked_data(root: Any) -> Iterator[tuple[str, str]]:
    for script in root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or len(script.text or "") > _LONGEST_DATA:
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for each in data if isinstance(data, list) else [data]:
            for key, name in _LINKED_DATA.items() if isinstance(each, Mapping) else ():
                if isinstance(value := each.get(key), str) and is_stated(value):
                    yield name, fold_spaces(value)
