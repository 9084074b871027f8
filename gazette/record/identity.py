"""Identity: which held document a draft is, and which of its versions.

A document is (issuer, number) with its title, else (issuer, title, 成文日期). Numbers are shared: a notice and the
measures it carries (印发) bear one and are two documents, so a number alone proves nothing without the title or the
text. A law, regulation or set of rules keeps its title while date and number change, so there the title is the
document and the date of the latest act is the version. A translation is tied to its original by year, serial and
成文日期, because machines translate the words of a number wrongly and the figures rightly.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from gazette.citations.numbers import parse_doc_number
from gazette.citations.titles import letters, normal_title
from gazette.draft import Body, Draft, EffectKind, Node, walk
from gazette.errors import Finding, Level
from gazette.record.documents import DocumentRow, IdentifierKind, IdentifierRow, VersionRow
from gazette.record.likeness import Held, Likeness, likeness_of, load_held

#: Two texts are one when so much of their longer one's lines stand in both; measured, copies agree above 0.9.
_SAME_TEXT = 0.8
#: Lines shorter than this are headings and greetings, which any two documents share.
_TELLING_LETTERS = 8
_CARRYING = re.compile(r"印发|发布|公布|颁布|颁发|转发|批转|下发")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a draft was found to be: None for a new document, or for a new version of `document`."""

    document: str | None = None
    version: str | None = None
    findings: tuple[Finding, ...] = ()


def match_draft(session: Session, draft: Draft, *, carried_by: str | None = None) -> Match:
    """Find the document and version that `draft` is a copy of.

    `carried_by` is the document of the notice that carries the draft in the same file; of two documents under one
    number it tells which is meant.
    """
    mine = likeness_of(draft)
    candidates = _candidates(session, mine)
    same = [held for held in candidates if _is_same_document(session, draft, mine, held)]
    same.sort(key=lambda held: (_evidence(mine, held), held.carried_by == carried_by, held.document), reverse=True)
    if len(same) == 1 or (same and _evidence(mine, same[0])):
        return Match(document=same[0].document, version=_find_version(session, draft, mine, same[0]))
    namesakes = [held for held in candidates if held.titles & mine.titles]
    if not is_regulation(next(iter(mine.titles), "")):
        return Match()
    return Match(findings=tuple(_same_title_finding(held) for held in namesakes))


def _evidence(mine: Likeness, held: Held) -> int:
    """How many independent marks agree: text, number, day, issuer."""
    texts = {version.letters for version in held.versions.values()}
    return sum(
        (
            mine.letters is not None and mine.letters in texts,
            bool(mine.numbers & held.numbers),
            bool(mine.days & held.days),
            bool(mine.issuers & held.issuers),
        )
    )


def version_date(draft: Draft) -> dt.date | None:
    """The day that orders versions: the latest act of the 题注, else promulgation, else signature.

    A notice is dated by its signature: the day a site put it up differs from copy to copy.
    """
    dated = [entry.date for entry in draft.history if entry.date]
    if dated:
        return max(dated)
    if draft.title and is_regulation(normal_title(draft.title)):
        return draft.published_date or draft.signed_date
    return draft.signed_date or draft.published_date


@cache
def _vocabulary() -> tuple[re.Pattern[str], frozenset[str]]:
    table = tomllib.loads(files("gazette").joinpath("data/regulation_titles.toml").read_text("utf-8"))
    endings = "|".join(sorted(map(re.escape, table["endings"]), key=len, reverse=True))
    return re.compile(rf"(?:{endings})(?:\([^()]{{1,6}}\))*$"), frozenset(table["generic"])


def is_regulation(title: str) -> bool:
    """Whether documents of this (normal) title live on through versions."""
    pattern, generic = _vocabulary()
    folded = unicodedata.normalize("NFKC", title)
    return bool(pattern.search(folded)) and folded not in generic


def _candidates(session: Session, mine: Likeness) -> list[Held]:
    """Held documents that share a number, a title, the text, or (across languages) the day and figures."""
    names = select(IdentifierRow.document_id).where(
        or_(
            and_(IdentifierRow.kind == IdentifierKind.DOC_NUMBER, IdentifierRow.value.in_(mine.numbers)),
            and_(IdentifierRow.kind == IdentifierKind.TITLE, IdentifierRow.value.in_(mine.titles)),
        )
    )
    found = set(session.scalars(names))
    if mine.letters:
        found |= set(session.scalars(select(VersionRow.document_id).where(VersionRow.letters_sha256 == mine.letters)))
    found |= set(_across_languages(session, mine))
    return load_held(session, {_living(session, document) for document in found})


def _across_languages(session: Session, mine: Likeness) -> Iterable[str]:
    """Documents signed the same day under the same year and serial, one of the two texts being a translation."""
    if mine.signed is None or not mine.numbers:
        return
    query = select(VersionRow.document_id, VersionRow.doc_number).where(VersionRow.signed_date == mine.signed)
    if not mine.is_translation:
        query = query.where(VersionRow.is_translation)
    figures = _figures(mine.numbers)
    for document, number in session.execute(query):
        if number and figures & _figures({number}):
            yield document


def _figures(numbers: Iterable[str]) -> frozenset[tuple[int, int]]:
    parsed = (parse_doc_number(number) for number in numbers)
    return frozenset((each.year, each.serial) for each in parsed if each and each.year and each.serial)


def _living(session: Session, document: str) -> str:
    """Where a merged document lives on."""
    row = session.get_one(DocumentRow, document)
    while row.merged_into_id is not None:
        row = session.get_one(DocumentRow, row.merged_into_id)
    return row.id


def _is_same_document(session: Session, draft: Draft, mine: Likeness, held: Held) -> bool:
    if not held.titles:
        # Purged: of its text only the hash is left, by which it is kept from coming back.
        return mine.letters is not None and any(each.letters == mine.letters for each in held.versions.values())
    if mine.is_translation or all(version.is_translation for version in held.versions.values()):
        return _is_translation_of(mine, held)
    if held.titles & mine.titles:
        return _same_under_one_title(session, draft, mine, held)
    if held.numbers & mine.numbers:
        return _same_under_one_number(session, draft, mine, held)
    return False


def _is_translation_of(mine: Likeness, held: Held) -> bool:
    if mine.letters and any(version.letters == mine.letters for version in held.versions.values()):
        return True
    if mine.numbers & held.numbers or mine.titles & held.titles:
        return not (mine.days and held.days) or bool(mine.days & held.days)
    return bool(mine.days & held.days and _figures(mine.numbers) & _figures(held.numbers))


def _same_under_one_title(session: Session, draft: Draft, mine: Likeness, held: Held) -> bool:
    if mine.numbers & held.numbers:
        return True
    if mine.issuers and held.issuers and not mine.issuers & held.issuers:
        return False
    if _repeals_by_number(draft, held):
        return False
    if is_regulation(next(iter(mine.titles))):
        return True
    if mine.numbers and held.numbers:
        return False
    if mine.days and held.days:
        return bool(mine.days & held.days)
    return _share_a_text(session, draft, mine, held)


def _repeals_by_number(draft: Draft, held: Held) -> bool:
    """《X》（旧文号）同时废止, said by a new X: it replaces the old one and is no version of it."""
    return any(
        effect.kind is EffectKind.REPEALS
        and effect.target.doc_number is not None
        and effect.target.doc_number.normalized in held.numbers
        for effect in draft.effects
    )


def _same_under_one_number(session: Session, draft: Draft, mine: Likeness, held: Held) -> bool:
    """One number, two titles: a notice and what it carries are two; a shortened title or a headline is the same."""
    (title,) = mine.titles or {""}
    if any(carries(one, other) for each in held.titles for one, other in ((each, title), (title, each))):
        return False
    if any(_shortens(one, other) for each in held.titles for one, other in ((each, title), (title, each))):
        return True
    return _share_a_text(session, draft, mine, held)


def _shortens(short: str, full: str) -> bool:
    """关于…的通知 is 国务院办公厅关于…的通知 without its issuer."""
    return short.startswith("关于") and full.endswith(short)


def _share_a_text(session: Session, draft: Draft, mine: Likeness, held: Held) -> bool:
    if mine.letters and any(version.letters == mine.letters for version in held.versions.values()):
        return True
    return bool(_most_alike(session, draft, held.versions))


def _find_version(session: Session, draft: Draft, mine: Likeness, held: Held) -> str | None:
    """The version that is this text, else None."""
    same_kind = {
        version: like
        for version, like in held.versions.items()
        if (like.is_translation, like.language) == (mine.is_translation, mine.language)
    }
    for version, like in same_kind.items():
        if mine.letters and like.letters == mine.letters:
            return version
    same_kind = {version: like for version, like in same_kind.items() if not like.is_consolidated}
    if mine.is_translation or not same_kind:
        return None
    if not is_regulation(next(iter(mine.titles), "")) and not (mine.act_days and len(same_kind) > 1):
        # A notice is issued once: another text under its name and number is another copy of it.
        return next(iter(same_kind))
    days = _version_days(mine)
    for version, like in same_kind.items():
        if days & _version_days(like):
            return version
    undated = same_kind if not days else {each: like for each, like in same_kind.items() if not _version_days(like)}
    return _most_alike(session, draft, undated)


def _version_days(like: Likeness) -> frozenset[dt.date]:
    if like.act_days:
        return like.act_days
    return frozenset(day for day in (like.published, like.signed) if day)


def _most_alike(session: Session, draft: Draft, versions: Iterable[str]) -> str | None:
    """The version whose lines agree best with the draft's, if they agree well enough."""
    mine = _telling_lines(draft.body)
    bodies = session.execute(select(VersionRow.id, VersionRow.body).where(VersionRow.id.in_(list(versions))))
    scores = {
        version: _agreement(mine, _telling_lines(tuple(Node.from_json(node) for node in body)))
        for version, body in bodies
    }
    best = max(sorted(scores), key=lambda version: scores[version], default=None)
    return best if best is not None and scores[best] >= _SAME_TEXT else None


def _telling_lines(body: Body) -> frozenset[str]:
    lines = (letters(node.text) for node in walk(body) if node.text)
    return frozenset(line for line in lines if len(line) >= _TELLING_LETTERS)


def _agreement(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


def _same_title_finding(held: Held) -> Finding:
    return Finding(
        level=Level.INFO,
        code="identity.same_title",
        message=f"另有同名文件（{held.document}），发文机关不同，已分别建档；如系同一文件，请合并。",
    )


def carries(notice: str, title: str) -> bool:
    """Whether a notice's title names `title` as what it prints, distributes or publishes (印发《…》)."""
    inner, outer = normal_title(title), normal_title(notice)
    found = _CARRYING.search(outer)
    return bool(inner and found and inner in outer[found.end() :] and not _CARRYING.search(inner))
