"""The review page: the reading of a document as an editor sees it, field by field, with what the reader doubted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from gazette.dates import parse_date
from gazette.draft import Node
from gazette.editing.publication import preview_effects
from gazette.editing.scans import list_pages
from gazette.editing.workflow import AuditEntry, list_audit
from gazette.errors import Finding
from gazette.record.reading import CopyRecord, DocumentRecord, VersionRecord
from gazette.validity.doubts import doubts_of, find_doubts_about
from gazette.validity.events import Event, list_acts, list_events
from gazette.validity.evidence import EVENT_KINDS, event_date
from gazette.validity.status import Status
from gazette.versions.comparison import Compared, compare
from gazette.versions.compilation import Applicable, find_replaced, list_applicable
from portal import words
from portal.pages.trail import TrailLine, trail_lines

#: Fields of the form in printing order: name, label, where the value lives, how it is typed.
FIELDS = (
    ("title", _l("标题"), "version", "text"),
    ("doc_number", _l("发文字号"), "version", "text"),
    ("issuers", _l("发文机关"), "document", "lines"),
    ("kind", _l("公文种类"), "document", "text"),
    ("theme", _l("主题分类"), "document", "text"),
    ("index_number", _l("索引号"), "document", "text"),
    ("registry_number", _l("统一登记号"), "document", "text"),
    ("disclosure", _l("公开属性"), "document", "text"),
    ("recipients", _l("主送机关"), "version", "lines"),
    ("signed_date", _l("成文日期"), "version", "day"),
    ("published_date", _l("发布日期"), "version", "day"),
    ("effective_date", _l("施行日期"), "version", "day"),
    ("expiry_date", _l("失效日期"), "version", "day"),
)

#: What an editor may attest.
LABELS = (Status.IN_FORCE, Status.AMENDED, Status.PARTIAL, Status.SUSPENDED, Status.REPEALED, Status.LAPSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input of the form: what was typed, or what the record holds; `error` is the problem with it."""

    name: str
    label: Any
    typed: str
    value: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the form would change, by the record it belongs to; `errors` by field."""

    document: Mapping[str, Any]
    version: Mapping[str, Any]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One effect that publication will record; `target` None is the document itself."""

    what: str
    day: dt.date | None
    target: str | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """Everything the template shows. `events` change this document, `acts` are what it does to others.

    `doubts` says, by the id of an act, what stands in its way.

    `scan_pages` are the pages of a scanned copy, each with how many of its lines are doubtful.
    `foreseen` is what a version in review will do once it is published.
    """

    document: DocumentRecord
    version: VersionRecord
    copy: CopyRecord | None
    fields: tuple[Field, ...]
    parts: tuple[Node, ...]
    events: tuple[Event, ...]
    acts: tuple[Event, ...]
    doubts: Mapping[str, Finding]
    foreseen: tuple[Foreseen, ...]
    trail: tuple[TrailLine, ...]
    #: Decisions of which the text as amended is not held.
    applicable: tuple[Applicable, ...]
    #: How a text that we made differs from the one before it, or an official one from ours whose place it took.
    changed: tuple[Compared, ...]
    scan_pages: Mapping[int, int]

    @property
    def seen(self) -> str:
        """The state of the record the form was filled from."""
        return self.document.updated_at.isoformat()

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(field.name, field.error) for field in self.fields if field.error]

    @property
    def waits(self) -> bool:
        """Whether anything of it is in review."""
        return any(version.state == "draft" for version in self.document.versions)


def build(
    session: Session,
    document: DocumentRecord,
    *,
    version_id: str | None = None,
    copy_id: str | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ReviewPage:
    """The page for one version (the newest without `version_id`); `typed` is a form that came back with errors."""
    version = choose_version(document, version_id)
    copies = version.copies
    copy = next((copy for copy in copies if copy.id == copy_id), copies[0] if copies else None)
    held = {name: value_in_words(document, version, name) for name, *_rest in FIELDS}
    acts, about = _current(list_acts(session, document.id)), find_doubts_about(session, document.id)
    # What names it, too, and is not tied to it: one of two namesakes, or one named by a wrong number.
    events = list_events(session, document.id) + tuple(event for event, _doubt in about if event.document is None)
    doubts = {event.id: doubt for event, doubt in about} | doubts_of(session, acts)
    return ReviewPage(
        document=document,
        version=version,
        copy=copy,
        fields=tuple(
            Field(
                name=name,
                label=label,
                typed=kind,
                value=(typed or held).get(name, held[name]),
                error=(errors or {}).get(name),
            )
            for name, label, _owner, kind in FIELDS
        ),
        parts=version.body,
        events=_current(events),
        acts=acts,
        doubts=doubts,
        foreseen=tuple(_foreseen(session, version)) if version.state == "draft" else (),
        trail=trail_lines(session, _trail(session, document)),
        applicable=list_applicable(session, document.id),
        changed=_changed(session, document, version),
        scan_pages=list_pages(session, copy.id) if copy else {},
    )


def _changed(session: Session, document: DocumentRecord, version: VersionRecord) -> tuple[Compared, ...]:
    """What the decision changed in a text that we made; what an official one says otherwise than ours before it."""
    if not version.is_consolidated:
        ours = find_replaced(session, version.id)
        return compare(ours, version.body).changed() if ours else ()
    base = [each for each in document.versions if version.provenance and each.id == version.provenance.base]
    return compare(base[0].body, version.body).changed() if base else ()


def choose_version(document: DocumentRecord, version_id: str | None) -> VersionRecord:
    """The version named, else one in review, else the newest."""
    named = [version for version in document.versions if version.id == version_id]
    waiting = [version for version in document.versions if version.state == "draft"]
    return (named or waiting or list(document.versions))[-1]


def read_form(document: DocumentRecord, version: VersionRecord, form: Mapping[str, str]) -> Changes:
    """What the form asks to change against the record; an unreadable day is an error of its field."""
    changes: dict[str, dict[str, Any]] = {"document": {}, "version": {}}
    errors: dict[str, str] = {}
    for name, _label, owner, kind in FIELDS:
        typed = form.get(name, "").strip()
        if name not in form or typed == value_in_words(document, version, name):
            continue
        if kind == "day" and typed and parse_date(typed) is None:
            errors[name] = _("日期无法识别，请写成2024年5月1日")
        elif name == "title" and not typed:
            errors[name] = _("标题不能为空")
        else:
            changes[owner][name] = _read(typed, kind)
    if "title" in changes["version"] and version.id == document.current.id:
        changes["document"]["title"] = changes["version"]["title"]
    return Changes(document=changes["document"], version=changes["version"], errors=errors)


def value_in_words(document: DocumentRecord, version: VersionRecord, name: str) -> str:
    """A field as the form shows it: days as 2024-05-01, lists one a line, nothing for what is unknown."""
    value = getattr(version if hasattr(version, name) else document, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value or ""


def _read(typed: str, kind: str) -> Any:
    if kind == "lines":
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if kind == "day":
        return parse_date(typed) if typed else None
    return typed or None


def _foreseen(session: Session, version: VersionRecord) -> Iterator[Foreseen]:
    for effect in preview_effects(session, version.id):
        target = effect.target.title or (str(effect.target.doc_number) if effect.target.doc_number else None)
        what = str(words.EVENT[EVENT_KINDS[effect.kind]])
        yield Foreseen(what=what, day=event_date(effect), target=target, quote=effect.quote)


def _current(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(event for event in events if event.known_to is None)


def _trail(session: Session, document: DocumentRecord) -> tuple[AuditEntry, ...]:
    subjects = [document.id, *(version.id for version in document.versions)]
    entries = [entry for subject in subjects for entry in list_audit(session, subject=subject, limit=50)]
    return tuple(sorted(entries, key=lambda entry: -entry.id))
