"""JSON: the version whole, with the document it belongs to. Keys are in a fixed order and absent knowledge is null."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.validity.expiry import find_expiry
from gazette.validity.status import Standing


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    data = {**document_json(document, site=site), "version": version_json(version)}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def document_json(document: DocumentRecord, *, site: str = "") -> dict[str, Any]:
    """Everything of a document but its texts; `versions` lists them by id and date."""
    return {
        "id": document.id,
        "url": f"{site}/documents/{document.id}",
        "state": document.state.value,
        "title": document.title,
        "doc_number": document.doc_number,
        "registry_number": document.registry_number,
        "index_number": document.index_number,
        "issuers": list(document.issuers),
        "kind": document.kind,
        "theme": document.theme,
        "keywords": list(document.keywords),
        "disclosure": document.disclosure,
        "identifiers": [asdict(identifier) for identifier in document.identifiers],
        "standing": standing_json(document.standing),
        "expiry": _expiry_json(document),
        "origin": document.current.origin.value,
        "events": [event.to_json() for event in document.events],
        "gazetted": [asdict(place) | {"cover_date": _iso(place.cover_date)} for place in document.gazetted],
        "related": [asdict(each) for each in document.related],
        "sources": list(document.sources),
        "versions": [
            {
                "id": version.id,
                "title": version.title,
                "version_date": _iso(version.version_date),
                "origin": version.origin.value,
            }
            for version in document.versions
        ],
        "first_published_at": _iso(document.first_published_at),
        "updated_at": _iso(document.updated_at),
    }


def version_json(version: VersionRecord) -> dict[str, Any]:
    """One version with its body, copies, attachments and intervals; findings are notes between editors."""
    return {
        "id": version.id,
        "title": version.title,
        "doc_number": version.doc_number,
        "version_date": _iso(version.version_date),
        "signed_date": _iso(version.signed_date),
        "published_date": _iso(version.published_date),
        "effective_date": _iso(version.effective_date),
        "expiry_date": _iso(version.expiry_date),
        "language": version.language,
        "is_translation": version.is_translation,
        "origin": version.origin.value,
        "provenance": asdict(version.provenance) if version.provenance else None,
        "recipients": list(version.recipients),
        "history": list(version.history),
        "body": [node.to_json() for node in version.body],
        "notes": list(version.notes),
        "attachments": [asdict(attachment) for attachment in version.attachments],
        "copies": [asdict(copy) | {"fetched_at": _iso(copy.fetched_at)} for copy in version.copies],
        "intervals": [interval.to_json() for interval in version.intervals],
        "standing": standing_json(version.standing),
    }


def _expiry_json(document: DocumentRecord) -> dict[str, Any] | None:
    """The last day as the text prints it, and as it stands after renewals, by the ids of their events."""
    found = find_expiry(document, document.current)
    if found is None:
        return None
    return {
        "printed": _iso(found.printed),
        "until": _iso(found.until),
        "renewals": [event.id for event in found.renewals],
    }


def standing_json(standing: Standing) -> dict[str, Any]:
    """Status, day, basis and the events that decide, by id."""
    return {
        "status": standing.status.value,
        "as_of": _iso(standing.as_of),
        "known_at": _iso(standing.known_at),
        "basis": standing.basis,
        "note": standing.note,
        "events": [event.id for event in standing.events],
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
