"""Expiry: what a text prints of its end, and what renewals have made of it."""

from __future__ import annotations

import datetime as dt

from gazette.record.reading import get_document
from gazette.renditions.frontmatter import describe
from gazette.store import Store
from gazette.validity.expiry import find_expiry
from tests.gazette.builders import a_draft, take_in

RULES = "江城市停车管理办法"
LONGER = (f"《{RULES}》有效期延长至2029年12月31日。",)


def measures(store: Store, *text: str) -> str:
    return take_in(store, a_draft(RULES, published="2019-12-01", text=text)).document or ""


def expiry_of(store: Store, document: str):
    with store.read() as session:
        record = get_document(session, document, as_of=dt.date(2026, 1, 1))
    return find_expiry(record, record.current), record


def test_a_term_ends_as_printed_where_nothing_renewed_it(store: Store) -> None:
    found, _ = expiry_of(store, measures(store, "本办法自2020年1月1日起施行，有效期5年。"))
    assert (found.printed, found.until, found.renewals) == (dt.date(2024, 12, 31), dt.date(2024, 12, 31), ())


def test_a_renewal_is_told_beside_what_is_printed_with_its_evidence(store: Store) -> None:
    held = measures(store, "本办法自2020年1月1日起施行，有效期5年。")
    take_in(store, a_draft(f"关于延长《{RULES}》有效期的通知", published="2024-12-01", text=LONGER, place="b.html"))
    found, record = expiry_of(store, held)
    assert (found.printed, found.until) == (dt.date(2024, 12, 31), dt.date(2029, 12, 31))
    assert [event.quote for event in found.renewals] == list(LONGER)
    facts = dict(describe(record, record.current).facts)
    assert facts["失效日期"] == "2024年12月31日，已延长至2029年12月31日"


def test_a_text_without_a_term_has_no_expiry(store: Store) -> None:
    found, _ = expiry_of(store, measures(store, "本办法自2020年1月1日起施行。"))
    assert found is None
