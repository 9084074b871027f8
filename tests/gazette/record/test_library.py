"""The record counted and listed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gazette.record.agencies import AgencyRow
from gazette.record.documents import DocumentRow, IssuerRow, VersionRow
from gazette.record.library import (
    Count,
    count_agencies,
    count_themes,
    count_updated,
    count_years,
    counts,
    list_after,
    list_latest,
)
from gazette.store import Store
from gazette.validity.calendar import list_calendar
from gazette.validity.events import IntervalRow
from gazette.validity.status import Status


def keep(
    store: Store, id_: str, *, state: str = "published", issuer: str = "教育部", day: date, updated: int = 1
) -> None:
    with store.write() as session:
        agency = session.query(AgencyRow).filter_by(name=issuer).one_or_none() or AgencyRow(name=issuer)
        session.add(agency)
        moment = datetime(2026, 1, updated, tzinfo=UTC)
        session.add(DocumentRow(id=id_, title=f"题{id_}", theme="教育", state=state, updated_at=moment))
        session.flush()
        session.add(IssuerRow(document_id=id_, position=0, agency_id=agency.id))
        session.add(
            VersionRow(
                id=f"v{id_}",
                document_id=id_,
                state="published",
                title=f"题{id_}",
                published_date=day,
                effective_date=day,
                letters_sha256="0" * 64,
            )
        )


def test_counts_are_of_published_documents_only(store):
    keep(store, "a", day=date(2020, 1, 1))
    keep(store, "b", day=date(2020, 5, 1), issuer="水利部")
    keep(store, "c", day=date(2021, 1, 1))
    keep(store, "d", day=date(2021, 1, 1), state="draft")
    with store.read() as session:
        assert count_agencies(session) == (Count("教育部", 2), Count("水利部", 1))
        assert count_themes(session) == (Count("教育", 3),)
        assert count_years(session) == (Count("2021", 1), Count("2020", 2))


def test_the_latest_change_stands_first_and_an_agency_narrows_the_list(store):
    keep(store, "a", day=date(2020, 1, 1), updated=3)
    keep(store, "b", day=date(2020, 1, 1), updated=5, issuer="水利部")
    with store.read() as session:
        assert [each.id for each in list_latest(session, 10)] == ["b", "a"]
        assert [each.id for each in list_latest(session, 10, offset=1)] == ["a"]
        assert [each.id for each in list_latest(session, 10, issuer="教育部")] == ["a"]
        assert [each.id for each in list_latest(session, 10, since=datetime(2026, 1, 4, tzinfo=UTC))] == ["b"]
        assert count_updated(session, datetime(2026, 1, 4, tzinfo=UTC)) == 1


def test_a_cursor_of_ids_reaches_everything(store):
    for id_ in "abc":
        keep(store, id_, day=date(2020, 1, 1))
    with store.read() as session:
        first = list_after(session, "", 2)
        rest = list_after(session, first[-1].id, 2)
    assert [each.id for each in (*first, *rest)] == ["a", "b", "c"]


def test_the_calendar_tells_what_begins_and_what_ends(store):
    keep(store, "a", day=date(2020, 1, 1))
    with store.write() as session:
        session.add(IntervalRow(document_id="a", version_id="va", status="lapsed", valid_from=date(2025, 1, 1)))
    with store.read() as session:
        (begun,) = list_calendar(session, date(2019, 1, 1), date(2024, 1, 1))
        (ended,) = list_calendar(session, date(2025, 1, 1), date(2025, 1, 1))
    assert (begun.day, begun.status, begun.document) == (date(2020, 1, 1), Status.IN_FORCE, "a")
    assert ended.status is Status.LAPSED
    assert not ended.begins


def test_the_holdings_count_what_is_public_and_what_waits(store):
    keep(store, "a", day=date(2020, 1, 1))
    keep(store, "b", day=date(2020, 5, 1), state="draft")
    keep(store, "c", day=date(2020, 5, 1), state="withdrawn")
    with store.read() as session:
        held = counts(session)
    assert (held.documents, held.versions, held.drafts, held.withdrawn, held.agencies) == (1, 1, 1, 1, 1)
