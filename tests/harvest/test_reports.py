"""The brake, the days overdue, and what a report prints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gazette.errors import NotFound
from harvest.reports import (
    ITEMS_KEPT,
    ItemReport,
    Outcome,
    RunReport,
    RunState,
    begin_run,
    brake,
    days_overdue,
    find_health,
    finish_run,
    get_health,
)

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def a_report(**changed) -> RunReport:
    values = {"id": "r", "source": "s", "state": RunState.DONE, "started_at": DAY, "finished_at": DAY}
    return RunReport(**{**values, **changed})


@pytest.mark.parametrize(("known", "vanished"), [(0, 0), (10, 0), (10, 2), (100, 20)])
def test_a_few_absent_items_do_not_brake(known, vanished):
    assert brake(known, vanished, 20) is None


@pytest.mark.parametrize(("known", "vanished"), [(10, 3), (100, 21), (1, 1)])
def test_many_absent_items_brake(known, vanished):
    assert brake(known, vanished, 20).code == "harvest.brake"


def test_a_source_is_overdue_from_the_day_after_it_was_due():
    assert days_overdue(DAY, 7, DAY + timedelta(days=7)) == 0
    assert days_overdue(DAY, 7, DAY + timedelta(days=9)) == 2


def test_every_outcome_is_counted_and_unchanged_items_are_not_listed():
    items = tuple(ItemReport(url=str(n), outcome=Outcome.UNCHANGED) for n in range(3))
    told = a_report(items=(*items, ItemReport(url="x", outcome=Outcome.FAILED, reason="HTTP 404"))).to_json()
    assert told["counts"] == {"created": 0, "updated": 0, "unchanged": 3, "skipped": 0, "failed": 1}
    assert [item["url"] for item in told["items"]] == ["x"]


def test_a_long_report_says_how_many_items_it_leaves_out():
    items = tuple(ItemReport(url=str(n), outcome=Outcome.CREATED) for n in range(ITEMS_KEPT + 7))
    told = a_report(items=items).to_json()
    assert len(told["items"]) == ITEMS_KEPT
    assert told["items_left_out"] == 7
    assert told["counts"]["created"] == ITEMS_KEPT + 7


def test_a_source_that_never_ran_has_no_health(store):
    with store.read() as session:
        assert find_health(session, "none") is None
        with pytest.raises(NotFound):
            get_health(session, "none")


def test_old_reports_go_and_a_run_left_open_is_aborted(store):
    about = {"name": "s", "title": "来源", "agency": "机关", "kind": "site", "every_days": 1}
    with store.write() as session:
        begin_run(session, **about)
    for _ in range(4):
        with store.write() as session:
            opened = begin_run(session, **about)
        with store.write() as session:
            finish_run(session, a_report(id=opened), keep=3)
    with store.read() as session:
        health = find_health(session, "s")
    assert len(health.runs) == 3
    assert health.last_state is RunState.DONE
