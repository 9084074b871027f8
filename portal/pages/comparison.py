"""新旧对照: two versions side by side, of one document or of two, as the page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from gazette.errors import BadInput, NotFound
from gazette.record.reading import DocumentRecord, Related, VersionRecord
from gazette.versions.comparison import Change, Compared, Comparison, compare
from portal import words

#: Rows on one page; a code of a thousand articles in full would be heavy.
PAGE = 200
#: How a document is tied to one that it may be worth comparing with.
_COMPARABLE = ("repeals", "repealed_by", "ends", "ended_by", "renews", "amends", "amended_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two texts; `choices` are the versions that may stand there, by id and label."""

    document: DocumentRecord
    version: VersionRecord

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((version.id, version_label(version)) for version in authentic(self.document))

    @property
    def label(self) -> str:
        return version_label(self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Everything the template shows. `document` is the one the page belongs to, `other` the one it is compared with,
    if that is another. `rows` are those of this page, `only_changed` those that differ."""

    document: DocumentRecord
    other: DocumentRecord | None
    old: Side
    new: Side
    comparison: Comparison
    rows: tuple[Compared, ...]
    total: int
    page: int
    pages: int
    only_changed: bool

    @property
    def chosen(self) -> dict[str, str]:
        """The two texts as an address names them."""
        across = {"with": self.other.id} if self.other else {}
        return {**across, "from": self.old.version.id, "to": self.new.version.id}

    @property
    def counted(self) -> tuple[tuple[str, int], ...]:
        """What changed, in words and numbers; what never happened is left out."""
        counts = [(str(words.CHANGE[change]), self.comparison.counts[change]) for change in Change]
        return tuple((label, n) for label, n in [*counts, (_("移动"), self.comparison.moved)] if n)

    def url(self, *, only_changed: bool | None = None, page: int = 1) -> str:
        """This comparison with another choice of rows."""
        return url_for(
            "comparison.show",
            document_id=self.document.id,
            **self.chosen,
            show=None if (self.only_changed if only_changed is None else only_changed) else "all",
            page=page if page > 1 else None,
        )


def authentic(document: DocumentRecord) -> tuple[VersionRecord, ...]:
    """The versions that can be compared, oldest first: translations are none."""
    return tuple(version for version in document.versions if not version.is_translation)


def choose_sides(
    document: DocumentRecord, other: DocumentRecord | None, old_id: str | None, new_id: str | None
) -> tuple[Side, Side]:
    """Two versions of a document, or of it and another one."""
    return choose_across(document, other, old_id, new_id) if other else choose(document, old_id, new_id)


def choose(document: DocumentRecord, old_id: str | None, new_id: str | None) -> tuple[Side, Side]:
    """The two versions asked for; without a word the current one and the one before it. The older comes first.

    Raises NotFound for a version of another document, BadInput where there are no two to compare.
    """
    versions = authentic(document)
    if len(versions) < 2:
        raise BadInput(why=_("本文件只收录了一个版本，没有可以对照的"))
    new = _named(versions, new_id) or _standing(document)
    at = versions.index(new)
    old = _named(versions, old_id) or versions[at - 1 if at else 1]
    if old is new:
        raise BadInput(why=_("请选择两个不同的版本"))
    if not new_id and versions.index(old) > at:
        old, new = new, old
    return Side(document=document, version=old), Side(document=document, version=new)


def choose_across(
    document: DocumentRecord, other: DocumentRecord, old_id: str | None, new_id: str | None
) -> tuple[Side, Side]:
    """A version of each of two documents: those asked for, else the texts that stand, the older first.

    Raises NotFound for a version of a third document, BadInput where both documents are one.
    """
    if document.id == other.id:
        raise BadInput(why=_("请选择另一件文件"))
    sides = [Side(document=each, version=_standing(each)) for each in (document, other)]
    asked = [_side((document, other), each) for each in (old_id, new_id)]
    for each in filter(None, asked):
        sides = [each if side.document is each.document else side for side in sides]
    if asked[0]:
        is_first = sides[0].document is asked[0].document
    elif asked[1]:
        is_first = sides[0].document is not asked[1].document
    else:
        is_first = _day(sides[0].version) <= _day(sides[1].version)
    return (sides[0], sides[1]) if is_first else (sides[1], sides[0])


def worth_comparing(document: DocumentRecord) -> tuple[tuple[str, Related], ...]:
    """Held documents that this one replaced or was replaced by, each with how it is tied."""
    found = {
        each.document: (str(words.RELATION[relation]), each)
        for relation in reversed(_COMPARABLE)
        for each in document.related
        if each.relation == relation and each.document
    }
    return tuple(reversed(found.values()))


def build(
    document: DocumentRecord,
    old: Side,
    new: Side,
    *,
    only_changed: bool,
    page: int,
    whole: bool = False,
) -> ComparisonPage:
    """The page of a comparison; `whole` shows all its rows at once."""
    comparison = compare(old.version.body, new.version.body)
    rows = comparison.changed() if only_changed else comparison.rows
    pages = 1 if whole else max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    shown = rows if whole else rows[(page - 1) * PAGE : page * PAGE]
    return ComparisonPage(
        document=document,
        other=next((side.document for side in (old, new) if side.document.id != document.id), None),
        old=old,
        new=new,
        comparison=comparison,
        rows=tuple(shown),
        total=len(rows),
        page=page,
        pages=pages,
        only_changed=only_changed,
    )


def version_label(version: VersionRecord) -> str:
    """A version by its day, and whether we made it."""
    day = version.version_date or version.published_date or version.signed_date
    label = words.day_in_words(day) if day else version.title
    return f"{label}{_('（由本平台整理）')}" if version.is_consolidated else str(label)


def _standing(document: DocumentRecord) -> VersionRecord:
    """The text that stands; of a document held as a translation only, that."""
    versions = authentic(document) or document.versions
    return document.current if document.current in versions else versions[-1]


def _side(documents: Sequence[DocumentRecord], version_id: str | None) -> Side | None:
    if not version_id:
        return None
    for document in documents:
        for version in authentic(document):
            if version.id == version_id:
                return Side(document=document, version=version)
    raise NotFound(what=version_id)


def _named(versions: Sequence[VersionRecord], version_id: str | None) -> VersionRecord | None:
    if not version_id:
        return None
    for version in versions:
        if version.id == version_id:
            return version
    raise NotFound(what=version_id)


def _day(version: VersionRecord) -> dt.date:
    return version.version_date or version.effective_date or version.published_date or dt.date.min
