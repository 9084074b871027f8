"""The page of a document: status before text, the sentence that decides it, four dates in four fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _

from gazette.documents import VersionOrigin
from gazette.draft import BodyType, walk
from gazette.events import Event, EventState, Origin
from gazette.links import Cited, Name
from gazette.record import CopyRecord, DocumentRecord, Gazetted, Related, VersionRecord
from gazette.renditions.frontmatter import caption
from gazette.status import Standing, Status
from gazette.timeline import timeline
from portal import words
from portal.language import language
from portal.pages.mentions import Mentions, mentions_of
from portal.pages.text import Line, Text, lay_out

ENDED = frozenset({Status.REPEALED, Status.LAPSED, Status.SUSPENDED, Status.AMENDED})

#: Suffix and name of every form offered for download.
FORMS = (
    ("docx", "DOCX"),
    ("pdf", "PDF"),
    ("txt", "TXT"),
    ("html", "HTML"),
    ("xml", "Akoma Ntoso XML"),
    ("json", "JSON"),
)

_STEP = re.compile(r"(?:^|__)(art|para|item|subitem)_(\d+(?:-\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """证据行: what is said, where, and on whose word. `url` leads to the place; `what` names the event.

    `quote` is the sentence, or an official label as its source printed it. `day` is when the event holds, `labelled`
    the day on which a source gave its label, which need not be the day of the event.
    """

    quote: str | None
    place: str | None
    url: str | None
    basis: str | None
    what: str
    day: dt.date | None
    labelled: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row of the table of facts: its values, each with an address if it leads somewhere."""

    label: str
    values: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version in the list of 历次版本."""

    label: str
    url: str
    status: Status
    shown: bool
    is_translation: bool
    origin: VersionOrigin
    #: The comparison with the version before it; None for the first.
    compare_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One stretch of one status; `url` is the page as of its first day, `is_shown` says that this is what is shown."""

    first: dt.date
    until: dt.date | None
    status: Status
    url: str
    evidence: EvidenceLine | None
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedGroup:
    label: str
    items: tuple[Related, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """Everything the template shows. `day` is set when another day than today was asked for, `known` when what this
    site said on an earlier day was.

    `mentions` lead to what the text cites.
    """

    document: DocumentRecord
    version: VersionRecord
    standing: Standing
    note: str | None
    day: dt.date | None
    known: dt.date | None
    deciding: tuple[EvidenceLine, ...]
    evidence: tuple[EvidenceLine, ...]
    caption: str | None
    facts: tuple[Fact, ...]
    versions: tuple[VersionLine, ...]
    timeline: tuple[TimelineLine, ...]
    text: Text
    mentions: Mentions
    related: tuple[RelatedGroup, ...]
    copies: tuple[CopyRecord, ...]
    citation: str
    address: str

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def was_unknown(self) -> bool:
        """Whether this site did not show the document yet when it is asked what it said."""
        first = self.document.first_published_at
        return self.known is not None and first is not None and first > self.standing.known_at

    def pieces(self, line: Line) -> Iterator[tuple[str, str | None]]:
        """A line of the text, what it cites with its address."""
        return self.mentions.pieces(line.text, line.eid)

    @property
    def downloads(self) -> Iterator[tuple[str, str]]:
        """(address, name) of every form of the version shown."""
        wanted = {} if self.version is self.document.current and not self.day else {"version": self.version.id}
        if self.day:
            wanted["as_of"] = self.day.isoformat()
        for suffix, name in FORMS:
            yield url_for("documents.download", document_id=self.id, suffix=suffix, **wanted), name


def build(
    document: DocumentRecord,
    *,
    version: VersionRecord | None = None,
    day: dt.date | None = None,
    known: dt.date | None = None,
    at: str | None = None,
    part: int | None = None,
    full: bool = False,
    cited: Mapping[Name, Cited] | None = None,
) -> DocumentPage:
    """The page of `document` as `version` (the one that stands, by default) reads on `day`; `cited` is what its
    citations lead to."""
    shown = version or document.current
    standing = document.standing if shown is document.current else shown.standing
    text = lay_out(shown.body, at=at, part=part, full=full, ended=dict(_ended(shown, standing.as_of)))
    address = url_for("documents.show", document_id=document.id, _external=True)
    printed = {node.eid: node.num for node in walk(shown.body) if node.num and node.type is BodyType.ARTICLE}
    return DocumentPage(
        document=document,
        version=shown,
        standing=standing,
        note=words.note_in_words(standing.note),
        day=day,
        known=known,
        deciding=tuple(evidence_line(event, document.id, printed) for event in standing.events)[:2],
        evidence=tuple(_evidence(document, printed)),
        caption=caption(shown, language=language()),
        facts=tuple(_facts(document, shown)),
        versions=tuple(_version_line(document, each, shown) for each in document.versions),
        timeline=tuple(_timeline(document, standing.as_of, known, printed)),
        text=text,
        mentions=mentions_of(shown.title, shown.body, cited or {}, document.related, paged=text.part is not None),
        related=tuple(_related(document)),
        copies=tuple(copy for each in document.versions for copy in each.copies),
        citation=_citation(document, shown, text.found, address),
        address=address,
    )


def _evidence(document: DocumentRecord, printed: Mapping[str, str]) -> Iterator[EvidenceLine]:
    """全部依据: what was accepted (clues that wait are for editors), each once though two versions state it."""
    lines = (
        evidence_line(event, document.id, printed) for event in document.events if event.state is EventState.ACCEPTED
    )
    return iter(dict.fromkeys(lines))


def evidence_line(event: Event, document_id: str, printed: Mapping[str, str]) -> EvidenceLine:
    """One event as evidence, seen from the page of `document_id`, whose articles bear the `printed` numbers."""
    place, url = _place(event, document_id, printed)
    is_label = event.origin is Origin.OFFICIAL_LABEL
    return EvidenceLine(
        quote=event.quote or event.label,
        place=place,
        url=url,
        basis=str(words.BASIS[event.origin]),
        what=str(words.EVENT[event.kind]),
        day=None if is_label else event.date,
        labelled=event.date if is_label else None,
    )


def provision_label(eid: str, printed: Mapping[str, str] | None = None) -> str:
    """art_30__para_2 in words: 第30条第2款. `printed` holds the numbers as the text prints them, by eid."""
    units = {"art": _("第%(n)s条"), "para": _("第%(n)s款"), "item": _("第%(n)s项"), "subitem": _("第%(n)s目")}
    label = ""
    for step in _STEP.finditer(eid):
        number, _dash, inserted = step[2].partition("-")
        label += (printed or {}).get(eid[: step.end()]) or (
            units[step[1]].replace("%(n)s", number) + (f"之{inserted}" if inserted else "")
        )
    return label.strip()


def safe_url(url: str | None) -> str | None:
    """An address from outside, if it is one a reader may be sent to."""
    return url if url and urlsplit(url).scheme in {"http", "https"} else None


def _place(event: Event, document_id: str, printed: Mapping[str, str]) -> tuple[str | None, str | None]:
    eid = event.locator.eid
    where = provision_label(eid, printed if event.act_document == document_id else None) if eid else ""
    if event.locator.line:
        where += _("清单第%(number)s行", number=event.locator.line)
    act = event.act_document
    if act and act != document_id:
        return f"《{event.act_title}》{where}", url_for("documents.show", document_id=act, at=eid, _anchor=eid)
    if act == document_id or (act is None and eid and event.source_url is None):
        if eid:
            return where or _("正文"), url_for("documents.show", document_id=document_id, at=eid, _anchor=eid)
        return _("本文件"), None
    if event.act_title:
        return f"《{event.act_title}》{where}", safe_url(event.source_url)
    outside = safe_url(event.source_url)
    return event.source or (urlsplit(outside).netloc if outside else None), outside


def _ended(version: VersionRecord, day: dt.date) -> Iterator[tuple[str, str]]:
    """Provisions that no longer apply on `day` though the version stands."""
    for each in version.intervals:
        begun = each.valid_from is None or each.valid_from <= day
        over = each.valid_to is not None and each.valid_to <= day
        if each.eid and each.status in ENDED and begun and not over:
            yield each.eid, str(words.STATUS[each.status])


def _facts(document: DocumentRecord, version: VersionRecord) -> Iterator[Fact]:
    yield _fact(_("索引号"), document.index_number)
    yield Fact(
        label=_("发文机关"),
        values=tuple((name, url_for("search.show", issuer=name)) for name in document.issuers) or _unstated(),
    )
    yield _fact(_("发文字号"), version.doc_number or document.doc_number)
    yield _fact(_("成文日期"), words.day_in_words(version.signed_date))
    yield _fact(_("发布日期"), words.day_in_words(version.published_date))
    yield Fact(label=_("刊登期号"), values=tuple(map(_printed, document.gazetted)) or _unstated())
    yield _fact(_("施行日期"), words.day_in_words(version.effective_date))
    if version.expiry_date:
        yield _fact(_("失效日期"), words.day_in_words(version.expiry_date))
    if document.registry_number:
        yield _fact(_("统一登记号"), document.registry_number)
    if document.kind:
        yield _fact(_("公文种类"), document.kind, url_for("search.show", kind=document.kind))
    if document.theme:
        yield _fact(_("主题分类"), document.theme, url_for("search.show", theme=document.theme))
    if document.keywords:
        yield _fact(_("主题词"), _("、").join(document.keywords))
    if version.recipients:
        yield _fact(_("主送机关"), _("、").join(version.recipients))
    if document.disclosure:
        yield _fact(_("公开属性"), document.disclosure)


def _fact(label: str, value: str | None, url: str | None = None) -> Fact:
    return Fact(label=label, values=((value, url),) if value else _unstated())


def _unstated() -> tuple[tuple[str, None], ...]:
    return ((_("未载明"), None),)


def _printed(place: Gazetted) -> tuple[str, str]:
    """《江城市人民政府公报》2023年第6号第6页（2023年12月29日）, and the address of the issue."""
    page = _("第%(number)s页", number=place.page_from) if place.page_from else ""
    issue = _(
        "《%(gazette)s》%(year)s年第%(number)s号", gazette=place.gazette_name, year=place.year, number=place.number
    )
    day = _("（%(day)s）", day=words.day_in_words(place.cover_date)) if place.cover_date else ""
    url = url_for("gazettes.show_issue", gazette=place.gazette, year=place.year, number=place.number)
    return " ".join(filter(None, (issue, page, day))) if language() == "en" else issue + page + day, url


def _version_line(document: DocumentRecord, version: VersionRecord, shown: VersionRecord) -> VersionLine:
    day = version.version_date or version.published_date
    label = words.day_in_words(day) if day else version.title
    plain = version is document.current
    return VersionLine(
        label=label,
        url=url_for("documents.show", document_id=document.id)
        if plain
        else url_for("documents.show_version", document_id=document.id, version_id=version.id),
        status=version.standing.status,
        shown=version.id == shown.id,
        is_translation=version.is_translation,
        origin=version.origin,
        compare_url=_comparison(document, version),
    )


def _comparison(document: DocumentRecord, version: VersionRecord) -> str | None:
    """The address at which `version` is compared with the one before it."""
    own = [each for each in document.versions if not each.is_translation]
    at = own.index(version) if version in own else 0
    if at == 0:
        return None
    return url_for("comparison.show", document_id=document.id, **{"from": own[at - 1].id, "to": version.id})


def _timeline(
    document: DocumentRecord, day: dt.date, known: dt.date | None, printed: Mapping[str, str]
) -> Iterator[TimelineLine]:
    """效力沿革, the latest stretch first."""
    for each in reversed(timeline(document)):
        yield TimelineLine(
            first=each.first,
            until=each.until,
            status=each.status,
            url=url_for("documents.show_as_of", document_id=document.id, day=each.first.isoformat(), known_at=known),
            evidence=evidence_line(each.events[0], document.id, printed) if each.events else None,
            is_shown=each.first <= day and (each.until is None or day < each.until),
        )


def _related(document: DocumentRecord) -> Iterator[RelatedGroup]:
    for relation, label in words.RELATION.items():
        items = tuple(each for each in document.related if each.relation == relation)
        if items:
            yield RelatedGroup(label=str(label), items=items)


def _citation(document: DocumentRecord, version: VersionRecord, found: Line | None, address: str) -> str:
    """《题》（文号）第十条，2018年9月1日施行版本，address."""
    number = version.doc_number or document.doc_number
    title = f"《{version.title}》" + (f"（{number}）" if number else "")
    if found is not None and found.num and not found.heading:
        title += found.num
        address += f"#{found.eid}"
    if version.effective_date:
        title += _("，%(day)s施行版本", day=words.day_in_words(version.effective_date))
    return f"{title}，{address}"
