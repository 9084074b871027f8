"""Citations in running text as links: 《…》 leads to the document it names, where that document is held.

Only what the record has resolved is linked; a title is compared as resolution compares it, without 中华人民共和国 and
without the year of a version behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from flask import url_for

from gazette.record import Related
from gazette.titles import normal_title

_TITLE = re.compile(r"《[^《》]{2,120}》")


def held_titles(related: Sequence[Related]) -> dict[str, str]:
    """Address of each held document among the related ones, by its title; a title that two bear leads nowhere."""
    found: dict[str, set[str]] = {}
    for each in related:
        if each.document and each.title:
            found.setdefault(normal_title(each.title), set()).add(each.document)
    return {
        title: url_for("documents.show", document_id=next(iter(documents)))
        for title, documents in found.items()
        if len(documents) == 1
    }


def pieces(text: str, addresses: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """`text` cut into (text, address) pieces that add up to it."""
    last = 0
    for match in _TITLE.finditer(text) if addresses else ():
        if url := addresses.get(normal_title(match[0])):
            if match.start() > last:
                yield text[last : match.start()], None
            yield match[0], url
            last = match.end()
    if last < len(text):
        yield text[last:], None
