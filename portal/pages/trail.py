"""The audit trail as editors read it: who did what to which document, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from sqlalchemy.orm import Session

from gazette.cleanups.cleanup import name_cleanups
from gazette.editing.undoing import UNDOABLE
from gazette.editing.workflow import AuditEntry
from gazette.record.library import name_subjects
from gazette.validity.events import EventKind, Origin
from portal import words

_LONGEST = 60

#: What the trail keeps of an act, by the name it has there; what is not listed is of no use to a reader.
FIELDS = {
    "title": _l("标题"),
    "doc_number": _l("发文字号"),
    "issuers": _l("发文机关"),
    "kind": _l("公文种类"),
    "theme": _l("主题分类"),
    "keywords": _l("主题词"),
    "disclosure": _l("公开属性"),
    "registry_number": _l("统一登记号"),
    "index_number": _l("索引号"),
    "version_date": _l("版本日期"),
    "signed_date": _l("成文日期"),
    "published_date": _l("发布日期"),
    "effective_date": _l("施行日期"),
    "expiry_date": _l("失效日期"),
    "language": _l("语种"),
    "is_translation": _l("译文"),
    "recipients": _l("主送机关"),
    "notes": _l("附注"),
    "body": _l("正文"),
    "scan_lines": _l("扫描行"),
    "scan": _l("扫描行"),
    "state": _l("状态"),
    "status": _l("效力"),
    "role": _l("角色"),
    "action": _l("结果"),
    "place": _l("来自"),
    "merged": _l("并入的文件"),
    "document": _l("文件"),
    "moved": _l("移动的版本"),
    "pages": _l("页数"),
    "column": _l("栏目"),
    "name": _l("名称"),
    "rules": _l("规则"),
    "lines": _l("行数"),
}
#: How a value of the trail is called; others stand as they are.
_VALUES = {
    "state": {**words.STATE, **words.EVENT_STATE},
    "status": words.STATUS,
    "action": words.INGESTED,
    "role": {"editor": _l("编辑"), "administrator": _l("管理员")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of an act; `before` is None where there was nothing to replace."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One act. `undo_url` takes it back, where that can be done."""

    id: int
    at: datetime
    actor: str
    what: str
    subject: str
    url: str | None
    changes: tuple[Change, ...]
    reason: str | None
    is_undone: bool
    undo_url: str | None


def trail_lines(session: Session, entries: Sequence[AuditEntry]) -> tuple[TrailLine, ...]:
    """The entries in words, their subjects called by their titles."""
    ids = {entry.subject for entry in entries}
    ids |= {str(entry.after[name]) for entry in entries for name in ("merged", "document") if name in entry.after}
    names = name_subjects(session, ids)
    lists = name_cleanups(session, {entry.subject for entry in entries if entry.topic == "cleanup"})
    return tuple(_line(entry, names, lists) for entry in entries)


def _line(entry: AuditEntry, names: dict[str, tuple[str, str]], lists: dict[str, str]) -> TrailLine:
    document, title = names.get(entry.subject, (None, lists.get(entry.subject, entry.subject)))
    url = url_for("review.show", document_id=document) if document else None
    if entry.subject in lists:
        url = url_for("cleanups.show", cleanup_id=entry.subject)
    may_undo = entry.action in UNDOABLE and entry.undone_by is None
    may_undo &= entry.topic != "policy" or current_user.has_role("administrator")
    return TrailLine(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        what=str(words.ACTION.get(entry.action, entry.action)),
        subject=title,
        url=url,
        changes=tuple(_changes(entry, names)),
        reason=entry.reason,
        is_undone=entry.undone_by is not None,
        undo_url=url_for("desk.take_back", audit_id=entry.id) if may_undo else None,
    )


def _changes(entry: AuditEntry, names: dict[str, tuple[str, str]]) -> Iterator[Change]:
    for name, after in entry.after.items():
        if name not in FIELDS or after is None:
            continue
        label = str(FIELDS[name])
        if name in {"body", "scan"}:
            yield Change(label=label, before=None, after=_("已更正"))
        elif name == "scan_lines":
            for key, text in after.items():
                yield Change(label=label, before=entry.before.get(name, {}).get(key), after=text)
        elif name in {"merged", "document"}:
            yield Change(label=label, before=None, after=names.get(str(after), ("", str(after)))[1])
        else:
            held = name in entry.before and name != "action"
            before = _value(name, entry.before[name]) if held else None
            yield Change(label=label, before=before, after=_value(name, after))


def _rule(rule: tuple[str, float | None]) -> str:
    """条文载明·废止 95%."""
    (origin, kind), least = rule[0].split(":"), rule[1]
    said = f"{words.BASIS[Origin(origin)]}·{words.EVENT[EventKind(kind)]}"
    return f"{said} {_('等编辑决定') if least is None else f'{least:.0%}'}"


def _value(name: str, value: Any) -> str:
    if name == "moved":
        return _("%(n)s个", n=len(value))
    if name == "rules":
        return _("、").join(map(_rule, value.items())) or _("按设置")
    if name == "lines":
        return str(len(value) if isinstance(value, list) else value)
    if isinstance(value, list):
        value = _("、").join(map(str, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = str(_VALUES.get(name, {}).get(value, value)) if value not in (None, "") else _("未载明")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
