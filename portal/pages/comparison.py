"""新旧对照: two versions of a document side by side, as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from gazette.comparison import Change, Compared, Comparison, compare
from gazette.errors import BadInput, NotFound
from gazette.record import DocumentRecord, VersionRecord
from portal import words

#: Rows on one page; a code of a thousand articles in full would be heavy.
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Everything the template shows. `rows` are those of this page, `only_changed` those that differ."""

    document: DocumentRecord
    old: VersionRecord
    new: VersionRecord
    versions: tuple[tuple[str, str], ...]
    comparison: Comparison
    rows: tuple[Compared, ...]
    total: int
    page: int
    pages: int
    only_changed: bool

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
            **{"from": self.old.id, "to": self.new.id},
            show=None if (self.only_changed if only_changed is None else only_changed) else "all",
            page=page if page > 1 else None,
        )


def authentic(document: DocumentRecord) -> tuple[VersionRecord, ...]:
    """The versions that can be compared, oldest first: translations are none."""
    return tuple(version for version in document.versions if not version.is_translation)


def choose(document: DocumentRecord, old_id: str | None, new_id: str | None) -> tuple[VersionRecord, VersionRecord]:
    """The two versions asked for; without a word the current one and the one before it. The older comes first.

    Raises NotFound for a version of another document, BadInput where there are no two to compare.
    """
    versions = authentic(document)
    if len(versions) < 2:
        raise BadInput(why=_("本文件只收录了一个版本，没有可以对照的"))
    new = _named(versions, new_id) or (document.current if document.current in versions else versions[-1])
    at = versions.index(new)
    old = _named(versions, old_id) or versions[at - 1 if at else 1]
    if old is new:
        raise BadInput(why=_("请选择两个不同的版本"))
    if not new_id and versions.index(old) > at:
        old, new = new, old
    return old, new


def _named(versions: Sequence[VersionRecord], version_id: str | None) -> VersionRecord | None:
    if not version_id:
        return None
    for version in versions:
        if version.id == version_id:
            return version
    raise NotFound(what=version_id)


def build(
    document: DocumentRecord,
    old: VersionRecord,
    new: VersionRecord,
    *,
    only_changed: bool,
    page: int,
    whole: bool = False,
) -> ComparisonPage:
    """The page of a comparison; `whole` shows all its rows at once."""
    comparison = compare(old.body, new.body)
    rows = comparison.changed() if only_changed else comparison.rows
    pages = 1 if whole else max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    shown = rows if whole else rows[(page - 1) * PAGE : page * PAGE]
    return ComparisonPage(
        document=document,
        old=old,
        new=new,
        versions=tuple((version.id, version_label(version)) for version in authentic(document)),
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
