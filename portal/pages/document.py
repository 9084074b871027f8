"""The page of a document: status before text, the sentence that decides it, four dates in four fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from gazette.citations.links import Cited, Name
from gazette.draft import BodyType, walk
from gazette.errors import Finding
from gazette.record.documents import VersionOrigin
from gazette.record.reading import CopyRecord, DocumentRecord, Gazetted, Related, VersionRecord
from gazette.renditions.frontmatter import caption
from gazette.validity.events import Event, EventKind, EventState
from gazette.validity.expiry import Expiry, find_expiry
from gazette.validity.status import Standing, Status
from gazette.validity.timeline import timeline
from portal import words
from portal.language import language
from portal.pages.evidence import DoubtLine, EvidenceLine, doubt_line, evidence_line, place_of
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

_MENTIONS = ("cites", "cited_by")


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
    doubts: tuple[DoubtLine, ...]
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

    @property
    def is_unwritten(self) -> bool:
        """Whether the text shown is younger than the day asked about: there was none yet."""
        return self.day is not None and self.version.version_date is not None and self.day < self.version.version_date

    def tied(self, relation: str) -> tuple[Related, ...]:
        """The documents of one relation."""
        return tuple(each for each in self.document.related if each.relation == relation)

    def pieces(self, text: str, line: Line) -> Iterator[tuple[str, str | None]]:
        """The text of a line, or of a cell of it, what it cites with its address."""
        return self.mentions.pieces(text, line.eid)

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
    doubts: Iterable[tuple[Event, Finding]] = (),
) -> DocumentPage:
    """The page of `document` as `version` (the one that stands, by default) reads on `day`; `cited` is what its
    citations lead to, `doubts` what is stated of it and does not count."""
    shown = version or document.current
    standing = document.standing if shown is document.current else shown.standing
    text = lay_out(shown.body, at=at, part=part, full=full, ended=dict(_ended(shown, standing.as_of)))
    address = url_for("documents.show", document_id=document.id, _external=True)
    expiry = find_expiry(document, shown)
    printed = {node.eid: node.num for node in walk(shown.body) if node.num and node.type is BodyType.ARTICLE}
    return DocumentPage(
        document=document,
        version=shown,
        standing=standing,
        note=words.note_in_words(standing.note),
        day=day,
        known=known,
        deciding=tuple(evidence_line(event, document.id, printed) for event in _deciding(standing, expiry)),
        evidence=tuple(_evidence(document, printed)),
        doubts=tuple(doubt_line(event, doubt, document.id, printed) for event, doubt in doubts),
        caption=caption(shown, language=language()),
        facts=tuple(_facts(document, shown, expiry, printed)),
        versions=tuple(_version_line(document, each, shown) for each in document.versions),
        timeline=tuple(_timeline(document, standing.as_of, known, printed)),
        text=text,
        mentions=mentions_of(shown.title, shown.body, cited or {}, document.related, paged=text.part is not None),
        related=tuple(_related(document)),
        copies=tuple(copy for each in document.versions for copy in each.copies),
        citation=_citation(document, shown, text.found, address),
        address=address,
    )


def _deciding(standing: Standing, expiry: Expiry | None) -> tuple[Event, ...]:
    """The events shown beside the label: the first that decide, and the renewal by which a term runs on."""
    renewal = expiry.renewals[-1:] if expiry else ()
    first = tuple(event for event in standing.events if event not in renewal)[:2]
    return (*first, *renewal)


def _evidence(document: DocumentRecord, printed: Mapping[str, str]) -> Iterator[EvidenceLine]:
    """全部依据: what was accepted (clues that wait are for editors) and official labels that nobody can read yet, each
    once though two versions state it."""
    lines = (
        evidence_line(event, document.id, printed)
        for event in document.events
        if event.state is EventState.ACCEPTED or event.is_unread
    )
    return iter(dict.fromkeys(lines))


def _ended(version: VersionRecord, day: dt.date) -> Iterator[tuple[str, str]]:
    """Provisions that no longer apply on `day` though the version stands."""
    for each in version.intervals:
        begun = each.valid_from is None or each.valid_from <= day
        over = each.valid_to is not None and each.valid_to <= day
        if each.eid and each.status in ENDED and begun and not over:
            yield each.eid, str(words.STATUS[each.status])


def _last_days(expiry: Expiry, document_id: str, printed: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """The day on which the term ends, each with where it is said; before a renewal's, the one that the text prints."""
    stated = words.day_in_words(expiry.printed)
    if not expiry.renewals:
        yield stated, None
        return
    until = words.day_in_words(expiry.until)
    yield _("%(day)s（已延长）", day=until), place_of(expiry.renewals[-1], document_id, printed)[1]
    said_at = place_of(expiry.lapse, document_id, printed)[1] if expiry.lapse else None
    yield _("原载明%(day)s", day=stated), said_at


def _facts(
    document: DocumentRecord, version: VersionRecord, expiry: Expiry | None, printed: Mapping[str, str]
) -> Iterator[Fact]:
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
    if expiry:
        yield Fact(label=_("有效期至"), values=tuple(_last_days(expiry, document.id, printed)))
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
            evidence=_telling(each.events, document.id, printed),
            is_shown=each.first <= day and (each.until is None or day < each.until),
        )


def _telling(events: Sequence[Event], document_id: str, printed: Mapping[str, str]) -> EvidenceLine | None:
    """The evidence of a stretch: what decides it, or for an end put off the last act that did."""
    renewals = [event for event in events if event.kind is EventKind.RENEWED]
    deciding = next(iter([*reversed(renewals), *events]), None)
    return evidence_line(deciding, document_id, printed) if deciding else None


def _related(document: DocumentRecord) -> Iterator[RelatedGroup]:
    """Every relation by its name; what is tied more closely is not named again among the citations."""
    closer = {each.document for each in document.related if each.relation not in _MENTIONS}
    for relation, label in words.RELATION.items():
        items = tuple(
            each
            for each in document.related
            if each.relation == relation and (relation not in _MENTIONS or each.document not in closer - {None})
        )
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
