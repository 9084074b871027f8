"""What is new in a saved search, made into deliveries.

New is a document first published after the search was saved, that the index finds by it now, and that the subscriber
has not been told of. What was told, and how far the outbox was read, are written with the delivery: a killed process
tells nothing twice and leaves nothing out.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from gazette.outbox import iter_changes
from gazette.record.reading import iter_documents
from gazette.store import Store, in_batches
from indexer.generations import IndexAway
from indexer.search import Index
from portal.pages.search import SearchForm
from portal.subscriptions.book import Channel, DeliveryKind, DeliveryRow, SubscriptionRow, ToldRow

log = logging.getLogger("portal.collect")

#: Changes looked at in one go.
_CHANGES = 5000


def collect(store: Store, index: Index, channel: Channel, today: date) -> int:
    """Write the deliveries of a channel: a letter a day, a notice at once. Returns how many were written.

    A search that fails is logged and tried again with the next change; the others do not wait for it.
    """
    upto = index.reader().last_change()
    with store.read() as session:
        due = select(SubscriptionRow.id).where(
            SubscriptionRow.channel == channel.value,
            SubscriptionRow.confirmed_at.is_not(None),
            SubscriptionRow.derived < upto,
        )
        if channel is Channel.EMAIL:
            due = due.where(or_(SubscriptionRow.collected_on.is_(None), SubscriptionRow.collected_on < today))
        ids = list(session.scalars(due.order_by(SubscriptionRow.id)))
    written = 0
    for each in ids:
        try:
            written += _collect_one(store, index, each, upto, today)
        except IndexAway:
            raise
        except Exception:
            log.exception("collect.failed", extra={"subscription": each})
    return written


def _collect_one(store: Store, index: Index, subscription: str, upto: int, today: date) -> bool:
    """Searching is done before the writer's lock is taken; a search forgotten or collected meanwhile is left alone."""
    with store.read() as session:
        row = session.get(SubscriptionRow, subscription)
        if row is None:
            return False
        derived = row.derived
        changes = [each for each in iter_changes(session, derived, _CHANGES) if each.id <= upto]
        reached = changes[-1].id if len(changes) == _CHANGES else upto
        changed = list(dict.fromkeys(each.subject for each in changes if each.topic == "document"))
        published = [
            each.id
            for each in iter_documents(session, changed, as_of=today)
            if each.first_published_at and row.confirmed_at and each.first_published_at >= row.confirmed_at
        ]
        search = row.search
    found = _found(index, search, published, today)
    with store.write() as session:
        row = session.get(SubscriptionRow, subscription)
        if row is None or row.derived != derived:
            return False
        row.derived = reached
        if reached == upto:
            row.collected_on = today
        return _write(session, row, found)


def _found(index: Index, search: str, documents: Sequence[str], today: date) -> list[str]:
    """Those of the documents that the search finds, in the order of their ids."""
    request = SearchForm.from_args(MultiDict(parse_qsl(search))).request(limit=0, offset=0)
    found: set[str] = set()
    for batch in in_batches(documents):
        filters = {**request.filters, "document": tuple(batch)}
        asked = replace(request, filters=filters, limit=len(batch), facets=(), relax=False)
        found |= {hit.document for hit in index.search(asked, today).hits}
    return sorted(found)


def _write(session: Session, row: SubscriptionRow, found: Sequence[str]) -> bool:
    told = set(session.scalars(select(ToldRow.document_id).where(ToldRow.subscription_id == row.id)))
    fresh = [each for each in found if each not in told]
    if not fresh:
        return False
    delivery = DeliveryRow(subscription_id=row.id, kind=DeliveryKind.NEWS.value)
    session.add(delivery)
    session.flush()
    session.add_all(ToldRow(subscription_id=row.id, document_id=each, delivery_id=delivery.id) for each in fresh)
    return True
