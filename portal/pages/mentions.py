"""Citations in running text as links: 《…》第三条 leads to that article as it read when the text was written, 前款 to
its place in the same text.

Only what the record has resolved is linked; a title is compared as resolution compares it, without 中华人民共和国 and
without the year of a version behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for

from gazette.citations.grammar import find_short_names, find_spans
from gazette.citations.links import Cited, Name
from gazette.citations.provisions import nearest_address
from gazette.citations.relatives import Places, placed
from gazette.citations.titles import normal_title
from gazette.draft import Body, Citation, walk
from gazette.record.reading import Related

#: A decision that amends speaks of the articles of the text it amends.
_AMENDING = ("修改", "修正案", "修订")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What the citations of one text lead to. `titles` are addresses of held documents by title, for what is tied to
    the text otherwise than by a citation; `paged` says that the text is shown in parts, so that an address in it has
    to name the part."""

    cited: Mapping[Name, Cited] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    shorts: Mapping[str, str] = field(default_factory=dict)
    places: Places | None = None
    paged: bool = False

    def pieces(self, text: str, eid: str = "") -> Iterator[tuple[str, str | None]]:
        """`text`, which stands at `eid`, cut into (text, address) pieces that add up to it."""
        last = 0
        for span in find_spans(text, dict(self.shorts)):
            if span.start >= last and (url := self._address(span.citation, eid)):
                if span.start > last:
                    yield text[last : span.start], None
                yield text[span.start : span.end], url
                last = span.end
        if last < len(text):
            yield text[last:], None

    def _address(self, citation: Citation, eid: str) -> str | None:
        if citation.kind == "relative":
            return self._own_place(citation, eid)
        number = str(citation.doc_number) if citation.doc_number else None
        provision = citation.provision.eid if citation.provision else None
        cited = self.cited.get(Name.of(citation.title, number, provision))
        place = provision.split("->")[0] if provision else None
        if cited is None:
            url = self.titles.get(normal_title(citation.title)) if citation.title else None
            return f"{url}?at={place}#{_article(place)}" if url and place else url
        where = {"at": place, "_anchor": _article(place)} if place else {}
        if cited.version:
            return url_for("documents.show_version", document_id=cited.document, version_id=cited.version, **where)
        return url_for("documents.show", document_id=cited.document, **where)

    def _own_place(self, citation: Citation, eid: str) -> str | None:
        if self.places is None:
            return None
        provision = placed(citation, eid, self.places).provision
        place = nearest_address(provision.eid.split("->")[0], self.places.held) if provision else None
        if not place or place == eid:
            return None
        return f"?at={place}#{place}" if self.paged else f"#{place}"


def mentions_of(
    title: str, body: Body, cited: Mapping[Name, Cited], related: Sequence[Related], *, paged: bool
) -> Mentions:
    """The mentions of a text that bears `title`."""
    said = "".join(node.text for node in walk(body) if node.text and "称" in node.text)
    amends = any(word in title for word in _AMENDING)
    return Mentions(
        cited=cited,
        titles=_held_titles(related),
        shorts=find_short_names(said),
        places=None if amends else Places.of(body),
        paged=paged,
    )


def _article(place: str) -> str:
    """The article of a place: the anchor that is there even where the text has no 款 of that number."""
    steps = place.split("__")
    return "__".join(steps[: 2 if steps[0].startswith("att_") else 1])


def _held_titles(related: Sequence[Related]) -> dict[str, str]:
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
