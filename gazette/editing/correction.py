"""Correction (更正): an editor sets any field of a document or version by hand.

What was there before stays in the trail, so a correction can be undone; what an editor has set, no later copy
overwrites.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gazette.audit import audit
from gazette.citations.cited import cite_body, save_citations
from gazette.citations.links import link_citations
from gazette.citations.numbers import parse_doc_number
from gazette.draft import Node
from gazette.editing.publication import settle_anew, state_effects
from gazette.editing.scans import changes_of, read_scan, read_texts, write_scan, write_texts
from gazette.errors import BadInput, Conflict, NotFound
from gazette.record.accession import add_name, list_issuers, set_issuers, touch
from gazette.record.documents import DocumentRow, DocumentState, IdentifierKind, IdentifierRow, VersionRow, VersionState
from gazette.record.likeness import text_hash, title_key
from gazette.store import Store, now

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: how what was typed is read, and whether it may be emptied."""

    read: Callable[[Any], Any]
    required: bool = False


def _line(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else dt.date.fromisoformat(_line(value)).isoformat()


def _lines(value: Any) -> list[str]:
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise ValueError
    return [each.strip() for each in value if each.strip()]


def _body(value: Any) -> list[dict[str, Any]]:
    return [(node if isinstance(node, Node) else Node.from_json(node)).to_json() for node in value]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


#: Values are kept in the trail as JSON, so fields are read into JSON values.
DOCUMENT_FIELDS: Mapping[str, _Field] = {
    "title": _Field(_line, required=True),
    "issuers": _Field(_lines, required=True),
    "kind": _Field(lambda value: _line(value)[:40]),
    "theme": _Field(_line),
    "keywords": _Field(_lines, required=True),
    "disclosure": _Field(_line),
    "registry_number": _Field(_line),
    "index_number": _Field(_line),
}
VERSION_FIELDS: Mapping[str, _Field] = {
    "title": _Field(_line, required=True),
    "doc_number": _Field(_line),
    "version_date": _Field(_day),
    "signed_date": _Field(_day),
    "published_date": _Field(_day),
    "effective_date": _Field(_day),
    "expiry_date": _Field(_day),
    "language": _Field(_line, required=True),
    "is_translation": _Field(_flag, required=True),
    "recipients": _Field(_lines, required=True),
    "notes": _Field(_lines, required=True),
    "body": _Field(_body, required=True),
    "scan_lines": _Field(dict, required=True),
    "history": _Field(list, required=True),
    "findings": _Field(list, required=True),
    "scan": _Field(dict, required=True),
}
#: Fields on which the effects of a text rest.
_STATES = frozenset({"title", "doc_number", "signed_date", "published_date", "expiry_date", "is_translation", "body"})
_NUMBERS = {"registry_number": IdentifierKind.REGISTRY_NUMBER, "index_number": IdentifierKind.INDEX_NUMBER}


def correct(
    store: Store,
    document: str,
    fields: Values,
    *,
    actor: str,
    version: str | None = None,
    reason: str | None = None,
) -> int:
    """Set `fields` of a document, or of one of its versions; None empties a field. Returns the audit id.

    Days are dates or ISO strings. Raises BadInput for an unknown field or a value that does not fit, NotFound, and
    Conflict when nothing would change.
    """
    known = VERSION_FIELDS if version else DOCUMENT_FIELDS
    values = {name: _read(known, name, value) for name, value in fields.items()}
    with store.write() as session:
        row = _document(session, document)
        held = read_fields(session, row.id, version, values)
        changed = {name: value for name, value in values.items() if held[name] != value}
        if not changed:
            raise Conflict(why="更正的内容与现有内容相同")
        write_fields(session, row.id, version, changed)
        return audit(
            session,
            actor=actor,
            action="correct",
            topic="version" if version else "document",
            subject=version or row.id,
            before={name: held[name] for name in changed},
            after=changed,
            reason=reason,
        )


def correct_lines(store: Store, document: str, version: str, texts: Mapping[str, str], *, actor: str) -> int:
    """Set lines of a scan (`copy:position` → text), and the text of the version where they stand in it.

    One entry of the trail, which is returned. Raises what `correct` raises.
    """
    with store.read() as session:
        fields = changes_of(session, version, texts)
    if not fields:
        raise Conflict(why="更正的内容与现有内容相同")
    return correct(store, document, fields, actor=actor, version=version)


def read_fields(session: Session, document: str, version: str | None, names: Values) -> dict[str, Any]:
    """The present values of the fields `names`, as JSON values."""
    row: Any = _version(session, document, version) if version else session.get_one(DocumentRow, document)
    present: dict[str, Any] = {}
    for name in names:
        if name == "issuers":
            present[name] = list_issuers(session, document)
        elif name in _NUMBERS:
            present[name] = session.scalar(_number_query(document, _NUMBERS[name]))
        elif name == "scan_lines":
            present[name] = read_texts(session, version or "", names[name])
        elif name == "scan":
            present[name] = read_scan(session, names[name]["copy"])
        else:
            value = getattr(row, name)
            present[name] = value.isoformat() if isinstance(value, dt.date) else value
    return present


def write_fields(session: Session, document: str, version: str | None, values: Values) -> None:
    """Put JSON values into the rows, and derive anew what rests on them."""
    row = session.get_one(DocumentRow, document)
    if version:
        corrected = _version(session, document, version)
        _write_version(session, row, corrected, values)
        session.flush()
        if corrected.state == VersionState.PUBLISHED and not _STATES.isdisjoint(values):
            state_effects(session, corrected)
    else:
        _write_document(session, row, values)
    touch(row)
    session.flush()
    settle_anew(session, {document})


def _write_document(session: Session, row: DocumentRow, values: Values) -> None:
    for name, value in values.items():
        if name == "issuers":
            set_issuers(session, row.id, value)
        elif name in _NUMBERS:
            session.execute(
                delete(IdentifierRow).where(IdentifierRow.document_id == row.id, IdentifierRow.kind == _NUMBERS[name])
            )
            if value:
                add_name(session, row.id, _NUMBERS[name], value, value)
        else:
            setattr(row, name, value)
            if name == "title":
                add_name(session, row.id, IdentifierKind.TITLE, title_key(value), value)


def _write_version(session: Session, document: DocumentRow, row: VersionRow, values: Values) -> None:
    for name, value in values.items():
        if name == "doc_number":
            _write_number(session, document, row, value)
        elif name == "scan_lines":
            write_texts(session, row.id, value)
        elif name == "scan":
            write_scan(session, value)
        elif name.endswith("_date"):
            setattr(row, name, dt.date.fromisoformat(value) if value else None)
        else:
            setattr(row, name, value)
        if name == "title":
            add_name(session, document.id, IdentifierKind.TITLE, title_key(value), value)
        if name == "body":
            body = tuple(Node.from_json(node) for node in value)
            row.letters_sha256 = text_hash(body)
            save_citations(session, row.id, cite_body(body, language=row.language))
            link_citations(session, row.id)
    row.updated_at = now()


def _write_number(session: Session, document: DocumentRow, row: VersionRow, value: str | None) -> None:
    number = parse_doc_number(value) if value else None
    normalized = number.normalized if number else value
    row.doc_number, row.doc_number_raw = normalized, value
    if value and normalized:
        add_name(session, document.id, IdentifierKind.DOC_NUMBER, normalized, value)


def _read(known: Mapping[str, _Field], name: str, value: Any) -> Any:
    field = known.get(name)
    if field is None:
        raise BadInput(why=f"没有名为 {name} 的字段")
    if value is None or value == "":
        if field.required:
            raise BadInput(why=f"{name} 不能为空")
        return None
    try:
        return field.read(value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(why=f"{name} 的值无效") from error


def _document(session: Session, document: str) -> DocumentRow:
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFound(what=f"文件 {document}")
    if row.state in (DocumentState.MERGED, DocumentState.PURGED):
        raise Conflict(why="已并入他件或已清除的文件不能更正")
    return row


def _version(session: Session, document: str, version: str | None) -> VersionRow:
    row = session.get(VersionRow, version)
    if row is None or row.document_id != document:
        raise NotFound(what=f"版本 {version}")
    return row


def _number_query(document: str, kind: IdentifierKind) -> Any:
    return select(IdentifierRow.value).filter_by(document_id=document, kind=kind.value).order_by(IdentifierRow.id)
