"""Resolution: from what a citation prints to the document and version that is held.

A number is shared by a notice and the measures it carries, and a title by its successors, so resolution knows
three answers: the one document, none held, or several candidates; it never picks one of several by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette.citations.numbers import parse_doc_number
from gazette.citations.prefixes import ORDER_KINDS
from gazette.citations.provisions import complete_address, nearest_address
from gazette.citations.registers import find_index_numbers
from gazette.citations.titles import TitleParts, find_titles, split_title
from gazette.draft import Citation, DocNumber, Node, Provision, walk
from gazette.errors import Conflict, NotFound
from gazette.record.documents import (
    NUMBER_KINDS,
    TITLE_KINDS,
    DocumentRow,
    DocumentState,
    IdentifierKind,
    IdentifierRow,
    VersionRow,
    VersionState,
)
from gazette.store import now
from gazette.validity.events import list_events
from gazette.validity.status import VersionDates, find_version_standing

_STATE = "中华人民共和国"
#: A title without its issuer is no shorter than this (letters): 暂行规定 names nothing.
_SHORTEST_NAME = 6
#: So much of a citation is repeated in an error (characters).
_QUOTED = 80
#: Where the subject of a title begins; the issuer before it may be left out or stand before the 《.
SUBJECT = "关于"
#: Who may stand before the subject of a title that is cited without its issuer.
ISSUERS = (
    "国务院",
    "国务院办公厅",
    "最高人民法院",
    "最高人民检察院",
    "最高人民法院、最高人民检察院",
    "全国人民代表大会常务委员会",
)
#: Prefixes that name one series of numbers.
_SAME_PREFIX = (("国务院令", "国令"), ("主席令", "国家主席令"))
#: 台財稅字 and 臺財稅字 are one series, as one prints it or the other.
_TAIWAN = (str.maketrans("台", "臺"), str.maketrans("臺", "台"))
_KEY_LENGTH = 400


class AmbiguousCitation(Conflict):
    code = "citation.ambiguous"
    zh, en = "“{what}”对应多个文件：{ids}", "“{what}” names several documents: {ids}"


def resolve(session: Session, citation: Citation, as_of: date | None = None) -> Citation:
    """The citation with `document` and, where a version is named or `as_of` picks one, `version` filled in.

    A provision cited without its 款 takes the address it has in the text, where that can be only one.
    """
    parts = split_title(citation.title) if citation.title else None
    provision = citation.provision.eid if citation.provision else None
    documents = _documents(session, parts, citation.doc_number, provision)
    if len(documents) != 1:
        return citation
    found = replace(citation, document=documents[0], version=_version(session, documents[0], parts, as_of))
    return replace(found, provision=_completed(session, found))


def find_version(session: Session, document: str, title: str | None, as_of: date | None) -> str | None:
    """The version that a cited title names by its year, else the one that stood on the day `as_of`."""
    return _version(session, document, split_title(title) if title else None, as_of)


def find_place(session: Session, citation: Citation) -> str | None:
    """Where in the held text a resolved citation leads: its provision, else the article or chapter it lies in."""
    if citation.provision is None or citation.document is None:
        return None
    return nearest_address(citation.provision.eid.split("->")[0], _addresses(session, citation))


def find_documents(session: Session, text: str) -> tuple[str, ...]:
    """Documents that `text` may mean: an id, a number, or a title with or without 《》; best candidates only."""
    document = _document_of_id(session, text.strip())
    if document:
        return (document,)
    parts, number = _read(text)
    return _documents(session, parts, number)


def find_by_key(
    session: Session, title: str | None, number: DocNumber | None, *, provision: str | None = None
) -> tuple[str, ...]:
    """Documents known under a printed title and number, merged ones followed; empty where none is held."""
    return _documents(session, split_title(title) if title else None, number, provision)


def number_spellings(number: DocNumber) -> tuple[str, ...]:
    """Every normalised spelling under which a number may be held, its own first: 国令 is 国务院令, and the state's name
    may stand before it."""
    if not number.prefix:
        return (number.normalized,)
    if number.normalized.endswith("號"):
        return tuple(dict.fromkeys((number.normalized, *(number.normalized.translate(each) for each in _TAIWAN))))
    rest = number.normalized.removeprefix(number.prefix)
    rests = (rest, *(_year_otherwise(number, rest) if number.year else ()))
    prefix = number.prefix.removeprefix(_STATE)
    same = next((group for group in _SAME_PREFIX if prefix in group), (prefix, *_unjoined(prefix)))
    spellings = (f"{state}{each}{tail}" for each in same for state in ("", _STATE) for tail in rests)
    return tuple(dict.fromkeys((number.normalized, *spellings)))


def _year_otherwise(number: DocNumber, rest: str) -> tuple[str, ...]:
    """令〔2020〕5号 is 令2020年第5号, and the other way round."""
    if not (number.prefix or "").endswith(ORDER_KINDS):
        return ()
    if rest.startswith("〔"):
        return (rest.replace("〔", "").replace("〕", "年第"),)
    return (f"〔{rest.replace('年第', '〕')}",)


def _unjoined(prefix: str) -> tuple[str, ...]:
    """财政部、税务总局公告 as it was kept while the blank between the two was taken out."""
    return (prefix.replace("、", ""),) if "、" in prefix else ()


def get_cited(session: Session, text: str) -> tuple[str, str | None]:
    """The one document (and the version, if named) that `text` cites; raises NotFound or AmbiguousCitation."""
    what = text.strip()
    called = what[:_QUOTED]
    of_version = _document_of_version(session, what)
    if of_version:
        return _follow(session, of_version), what
    documents = find_documents(session, what)
    if not documents:
        raise NotFound(what=called)
    if len(documents) > 1:
        raise AmbiguousCitation(what=called, ids="、".join(documents))
    parts, _ = _read(what)
    named = _version(session, documents[0], parts, None) if parts else None
    if parts and parts.year and named is None:
        raise NotFound(what=called)
    return documents[0], named


def _completed(session: Session, citation: Citation) -> Provision | None:
    provision = citation.provision
    if provision is None or "__" not in provision.eid or "->" in provision.eid:
        return provision
    return replace(provision, eid=complete_address(provision.eid, _addresses(session, citation)) or provision.eid)


def _addresses(session: Session, citation: Citation) -> frozenset[str]:
    return _addresses_in(session, citation.document or "", citation.version)


def _addresses_in(session: Session, document: str, named: str | None) -> frozenset[str]:
    """Every address in the version cited, or in the newest one where none is named."""
    versions = [each.id for each in _versions(session, document)]
    version = named if named in versions else next(reversed(versions), None)
    body = session.scalar(select(VersionRow.body).where(VersionRow.id == version)) or ()
    return frozenset(node.eid for node in walk(tuple(Node.from_json(each) for each in body)) if node.eid)


def _read(text: str) -> tuple[TitleParts | None, DocNumber | None]:
    """A typed citation as title parts and number; 《X》（国办发〔2018〕23号） is both."""
    number = parse_doc_number(text) or _index_number(text.strip())
    if number:
        return None, number
    titles = find_titles(text)
    if titles and titles[0][1][0] == 0:
        inside, (_, end) = titles[0]
        rest = text[end:].strip()
        number = parse_doc_number(rest)
        return split_title(inside if number else f"{inside}{rest}"), number
    return split_title(text), None


def _index_number(text: str) -> DocNumber | None:
    found = find_index_numbers(text)
    return DocNumber(raw=text, normalized=found[0][0]) if found and found[0][1] == (0, len(text)) else None


def _documents(
    session: Session, parts: TitleParts | None, number: DocNumber | None, provision: str | None = None
) -> tuple[str, ...]:
    """Candidates by title and number together; the number decides among namesakes, never against the title."""
    by_title = _by_title(session, parts.name) if parts and parts.name else ()
    if number is None:
        return by_title
    by_number = _by_number(session, number)
    both = tuple(each for each in by_title if each in by_number)
    if both:
        return both
    if parts is not None:
        if named := tuple(each for each in by_number if _is_called(session, each, parts.name)):
            return named
        # A namesake with another number of its own is another document (an older text of the same title), unless
        # it is the only one of that title and has no number that could contradict.
        return tuple(each for each in by_title if not _has_number(session, each))
    return _of_family(session, by_number, provision) if len(by_number) > 1 else by_number


def _of_family(session: Session, documents: tuple[str, ...], provision: str | None) -> tuple[str, ...]:
    """A notice and the texts it prints and distributes share the number that was given to the notice: the number alone
    means the notice; with a provision, the one of them that has it."""
    rows = [session.get_one(DocumentRow, each) for each in documents]
    carriers = {row.carried_by_id or row.id for row in rows}
    if len(carriers) != 1 or not carriers <= set(documents):
        return documents
    if provision is None:
        return tuple(carriers)
    article = provision.split("->")[0].split("__")[0]
    bearers = tuple(each for each in documents if nearest_address(article, _addresses_in(session, each, None)))
    return bearers or tuple(carriers)


def _is_called(session: Session, document: str, name: str) -> bool:
    """Whether a document bears this title but for the issuer before it: lists leave out what stands in the number."""
    statement = select(IdentifierRow.value).where(
        IdentifierRow.document_id == document, IdentifierRow.kind.in_(TITLE_KINDS)
    )
    key = name[:_KEY_LENGTH]
    return len(key) >= _SHORTEST_NAME and any(
        held.endswith(key) or (len(held) >= _SHORTEST_NAME and key.endswith(held))
        for held in session.scalars(statement)
    )


def _by_title(session: Session, name: str) -> tuple[str, ...]:
    """Documents of a title; 最高人民法院《关于…的规定》 and 《最高人民法院关于…的规定》 are one title."""
    found = _identified(session, TITLE_KINDS, name)
    if found or SUBJECT not in name:
        return found
    tail = name[name.index(SUBJECT) :]
    spellings = {f"{issuer}{tail}" for issuer in ISSUERS} if tail == name else {tail}
    return _identified(session, TITLE_KINDS, *sorted(spellings))


def _by_number(session: Session, number: DocNumber) -> tuple[str, ...]:
    """Documents of a number; a spelling with 国令 for 国务院令 or with the state's name counts too."""
    found = _identified(session, NUMBER_KINDS, number.normalized)
    return found or _identified(session, NUMBER_KINDS, *number_spellings(number))


def _identified(session: Session, kinds: tuple[str, ...], *values: str) -> tuple[str, ...]:
    statement = select(IdentifierRow.document_id).where(
        IdentifierRow.kind.in_(kinds), IdentifierRow.value.in_([value[:_KEY_LENGTH] for value in values])
    )
    return _standing(session, session.scalars(statement).all())


def _has_number(session: Session, document: str) -> bool:
    statement = select(IdentifierRow.id).where(
        IdentifierRow.document_id == document, IdentifierRow.kind == IdentifierKind.DOC_NUMBER.value
    )
    return session.scalar(statement.limit(1)) is not None


def _standing(session: Session, documents: Iterable[str]) -> tuple[str, ...]:
    """The documents, merged ones replaced by what they were merged into, each once, in a stable order."""
    followed = {_follow(session, each) for each in documents}
    return tuple(sorted(followed))


def _follow(session: Session, document: str) -> str:
    """The document that a chain of merges ends in."""
    seen = set()
    while document not in seen:
        seen.add(document)
        row = session.get(DocumentRow, document)
        if row is None or row.state != DocumentState.MERGED or not row.merged_into_id:
            break
        document = row.merged_into_id
    return document


def _document_of_id(session: Session, text: str) -> str | None:
    if _may_be_id(text) and session.get(DocumentRow, text) is not None:
        return _follow(session, text)
    of_version = _document_of_version(session, text)
    return _follow(session, of_version) if of_version else None


def _document_of_version(session: Session, text: str) -> str | None:
    if not _may_be_id(text):
        return None
    return session.scalar(select(VersionRow.document_id).where(VersionRow.id == text))


def _may_be_id(text: str) -> bool:
    """Ids are letters and digits of ASCII; what people type in Chinese needs no look-up."""
    return text.isascii() and text.isalnum()


def _version(session: Session, document: str, parts: TitleParts | None, as_of: date | None) -> str | None:
    """The version a title names by date or year, else the one that stood on the day `as_of`."""
    if as_of is None and not (parts and parts.year):
        return None
    versions = _versions(session, document)
    if parts and parts.year:
        for each in reversed(versions):
            days = {each.version_date, each.published_date, each.effective_date}
            titled = split_title(each.title).year
            if parts.date in days if parts.date else each.is_of_year(parts.year) or titled == parts.year:
                return each.id
        return None
    return _standing_version(session, document, versions, as_of) if as_of else None


def _standing_version(session: Session, document: str, versions: Sequence[_Version], as_of: date) -> str | None:
    """The version that stood on a day, or that was to come into force; None before there was any.

    The closing article of an amended text still states the first commencement, so events decide here as they decide
    the status.
    """
    public = [
        VersionDates(version=each.id, version_date=each.version_date, effective_date=each.effective_date)
        for each in versions
        if each.state == VersionState.PUBLISHED
    ]
    issued = [day for each in public if (day := each.version_date or each.effective_date)]
    if not issued or min(issued) > as_of:
        return None
    if len(public) == 1:
        return public[0].version
    return find_version_standing(public, list_events(session, document), as_of=as_of, known_at=now())


class _Version(NamedTuple):
    """What tells the versions of a document apart; their texts are not loaded for it."""

    id: str
    title: str
    version_date: date | None
    published_date: date | None
    effective_date: date | None
    state: str

    def is_of_year(self, year: int) -> bool:
        return self.version_date is not None and self.version_date.year == year


def _versions(session: Session, document: str) -> list[_Version]:
    """The versions of a document, the newest last; translations are none of them."""
    columns = (getattr(VersionRow, name) for name in _Version._fields)
    statement = select(*columns).where(VersionRow.document_id == document, VersionRow.is_translation.is_(False))
    found = [_Version(*row) for row in session.execute(statement)]
    return sorted(found, key=lambda each: each.version_date or date.min)
