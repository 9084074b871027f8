"""Publication: a version becomes public, and what it says of others takes effect in the record.

A draft touches nothing but itself. On publication its clauses become events, the pending events that name it find
it, the standing of every document concerned is derived anew, and the ledger commits to the text. All of it belongs
to the caller's one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gazette import ledger
from gazette.citations.links import claim_citations
from gazette.citations.numbers import parse_doc_number
from gazette.digitization.labels import label_of_element
from gazette.digitization.secrecy import find_mark
from gazette.draft import Draft, Effect, EffectKind, HistoryEntry, Node, Target
from gazette.errors import NOWHERE, Conflict, Finding, Level, Locator
from gazette.outbox import enqueue
from gazette.record.accession import list_issuers
from gazette.record.carriage import share_fate
from gazette.record.documents import CopyRow, DocumentRow, DocumentState, VersionRow, VersionState
from gazette.store import now, settings_of
from gazette.validity.default_terms import default_expiry, term_policies
from gazette.validity.effects import find_effects
from gazette.validity.evidence import record_effects
from gazette.validity.intervals import refresh_intervals
from gazette.validity.rulings import Settled, settle
from gazette.versions import compilation

#: 附注 that keep a document from the public: 政府信息公开条例 第二十七条 (依申请公开), 党政机关公文格式 7.3.8 (附注).
_NOT_PUBLIC = re.compile(r"不予?公开|依申请公开|不宜公开|内部(?:资料|文件|使用)|(?:此件)?不(?:得|予)外传")


def publication_obstacle(draft: Draft) -> Finding | None:
    """Why a draft must wait for an editor although publication was asked for; None when nothing forbids it."""
    notes = [text for text in (draft.disclosure, *draft.notes) if text]
    for text in notes:
        if found := _NOT_PUBLIC.search(text):
            return Finding(
                level=Level.WARNING,
                code="publication.not_public",
                message=f"附注载明“{found[0]}”，未自动发布，请人工确认。",
                locator=Locator(quote=text[:200]),
            )
    if mark := find_mark(notes, draft.body):
        return Finding(
            level=Level.WARNING,
            code="publication.secret",
            message="文件标有密级，不能发布，请立即核实。",
            locator=Locator(quote=mark),
        )
    if not draft.title:
        return Finding(level=Level.WARNING, code="publication.untitled", message="未识别标题，未自动发布，请补正。")
    return None


def publish_version(
    session: Session,
    document: DocumentRow,
    version: VersionRow,
    *,
    effects: Sequence[Effect] | None = None,
) -> None:
    """Make `version` public and its document with it; a version that is public already stays as it is.

    `effects` are what its text was found to state; None has them looked for. Every way to the public leads through
    here, so a text that bears a mark of secrecy is refused here: Conflict, until an editor has struck the mark out.
    """
    if version.state == VersionState.PUBLISHED and document.state == DocumentState.PUBLISHED:
        return
    if mark := find_mark(version.notes, map(Node.from_json, version.body)):
        raise Conflict(why=f"《{version.title}》标有密级（{mark}），不能发布，确系误标的，请先在附注中删去并写明理由")
    moment = now()
    version.state = VersionState.PUBLISHED.value
    version.updated_at = moment
    document.state = DocumentState.PUBLISHED.value
    document.first_published_at = document.first_published_at or moment
    document.updated_at = moment
    session.flush()
    ledger.append(
        session,
        "document",
        document.id,
        {
            "version": version.id,
            "doc_number": version.doc_number,
            "letters_sha256": version.letters_sha256,
            "copies": sorted(session.scalars(select(CopyRow.sha256).filter_by(version_id=version.id))),
        },
    )
    compilation.settle(session, version)
    state_effects(session, version, effects=effects)
    _compile_amended(session, version)


def _compile_amended(session: Session, act: VersionRow) -> None:
    """Have the texts that `act` amends made as they read now; they wait for an editor unless the operator trusts us."""
    policy = settings_of(session).consolidate
    if policy == "off":
        return
    for made in compilation.propose(session, act):
        if policy == "publish" and made.is_new and not made.doubts:
            row = session.get_one(DocumentRow, made.document)
            publish_version(session, row, session.get_one(VersionRow, made.version))


def preview_effects(session: Session, version_id: str) -> tuple[Effect, ...]:
    """What a version in review would say of itself and others if it were published. A translation says nothing."""
    version = session.get_one(VersionRow, version_id)
    if version.is_translation:
        return ()
    stated = _stated_effects(version)
    return (*stated, *_unstated_effects(session, version, stated))


def state_effects(session: Session, version: VersionRow, *, effects: Sequence[Effect] | None = None) -> None:
    """Let a published version say what it does to itself and others. A translation does nothing."""
    if version.is_translation:
        settle_anew(session, {version.document_id})
        return
    stated = _stated_effects(version) if effects is None else effects
    stated = [*stated, *_unstated_effects(session, version, stated)]
    _record(session, version, stated)


def retract_effects(session: Session, version: VersionRow) -> None:
    """Take back what a version said, since it is public no longer."""
    _record(session, version, ())


def settle_anew(session: Session, documents: Collection[str], *, ended: Iterable[str] = ()) -> None:
    """Let the record follow from what it now holds: `documents` came, are named or dated otherwise, or were taken down.

    What the machine decided of the events that concern them is judged anew (`ended`: see
    `gazette.validity.rulings.settle`), citations that waited for them are tied, and the standing of everything
    touched is derived.
    """
    _follow(session, documents, settle(session, documents, ended=ended))


def _record(session: Session, version: VersionRow, effects: Sequence[Effect]) -> None:
    document = version.document_id
    settled = record_effects(session, document_id=document, version_id=version.id, effects=effects)
    _follow(session, {document}, settled)


def _follow(session: Session, documents: Collection[str], settled: Settled) -> None:
    concerned = {*settled.acts, *(each for document in documents for each in claim_citations(session, document))}
    renewed = renew(session, {*documents, *settled.documents})
    for each in sorted(concerned - renewed):
        enqueue(session, "document", each)


def renew(session: Session, documents: Iterable[str]) -> frozenset[str]:
    """Derive the standing of `documents` anew and say so: something it rests on has changed. Returns them, and those
    that share their fate."""
    concerned = set(documents)
    for document in sorted(concerned):
        concerned.update(share_fate(session, document))
    for document in sorted(concerned):
        if session.get_one(DocumentRow, document).state != DocumentState.MERGED:
            refresh_intervals(session, document)
        enqueue(session, "document", document)
    return frozenset(concerned)


def _stated_effects(version: VersionRow) -> tuple[Effect, ...]:
    return find_effects(
        tuple(Node.from_json(node) for node in version.body),
        title=version.title,
        doc_number=parse_doc_number(version.doc_number),
        signed=version.signed_date,
        published=version.published_date,
        history=tuple(HistoryEntry.from_json(entry) for entry in version.history),
    )


def _unstated_effects(session: Session, version: VersionRow, stated: Sequence[Effect]) -> Iterable[Effect]:
    """An end that stands in the metadata only is stated by no sentence, yet it counts; the metadata prove it.
    Where nothing gives an end, the rule of the place may."""
    day = version.expiry_date
    if day is None:
        file = settings_of(session).term_policies
        number = parse_doc_number(version.doc_number)
        default = default_expiry(
            term_policies(Path(file) if file else None),
            title=version.title,
            issuers=list_issuers(session, version.document_id),
            is_order=number is not None and "令" in (number.prefix or ""),
            stated=stated,
        )
        if default:
            yield default
    elif not any(each.kind is EffectKind.EXPIRES for each in stated):
        yield Effect(
            kind=EffectKind.EXPIRES,
            target=Target(),
            scope="whole",
            date=day,
            quote=f"{label_of_element('expiry_date')}：{day.year}年{day.month}月{day.day}日",
            locator=NOWHERE,
            confidence=1.0,
            rule="metadata.expiry",
        )
