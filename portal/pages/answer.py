"""What a query names outright (a number, a title, a provision), shown on top with its standing and its words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from gazette.draft import walk
from gazette.errors import GongbaoError
from gazette.record.reading import get_document
from indexer.intent import Intent, find_intent
from indexer.records import title_key
from indexer.schema import schema
from indexer.search import Hit
from portal.pages.evidence import EvidenceLine, evidence_line
from portal.pages.search import SearchForm

#: Characters of the provision that are shown; the rest is one press away.
_LONGEST = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The hit that was named, and `why` it is taken for what was meant. `place` and `text` are the provision asked
    for, whole unless `cut`; `evidence` is what says how it stands."""

    hit: Hit
    why: str
    place: str | None = None
    text: str | None = None
    cut: bool = False
    evidence: tuple[EvidenceLine, ...] = ()


def find_answer(session: Session, form: SearchForm, hits: tuple[Hit, ...], today: object) -> Answer | None:
    """The first hit, where the query named it; None where hits are only likely."""
    if not hits or not form.q or form.sort != "relevance" or hits[0].score < schema().ranking.named:
        return None
    hit = hits[0]
    try:
        document = get_document(session, hit.document, as_of=form.day or today)  # type: ignore[arg-type]
    except GongbaoError:
        # Withdrawn since the index last looked.
        return None
    version = next((each for each in document.versions if each.id == hit.version), document.current)
    node = next((each for each in walk(version.body) if each.eid == hit.eid), None) if hit.eid else None
    text = node.full_text() if node else None
    standing = document.standing.events[:1]
    return Answer(
        hit=hit,
        why=_why(find_intent(form.q), hit),
        place=node.num if node else None,
        text=text[:_LONGEST] if text else None,
        cut=bool(text) and len(text or "") > _LONGEST,
        evidence=tuple(evidence_line(event, document.id, {}) for event in standing),
    )


def _why(intent: Intent, hit: Hit) -> str:
    """What of the query the hit was named by."""
    if intent.eid and hit.eid:
        return _("您要找的条文")
    if intent.number:
        return _("文号与您输入的相同")
    if title_key(hit.title) == intent.exact_title:
        return _("标题与您输入的相同")
    return _("您输入的是它的简称")
