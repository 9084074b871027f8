"""A run: from the fixture site into the record, twice, and after changes."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gazette.errors import Conflict
from gazette.record.reading import count_documents, get_document, iter_documents
from gazette.validity.events import EventKind, Origin
from harvest.items import HarvestItemRow, known_items
from harvest.reports import HarvestRunRow, Outcome, RunState, find_health
from harvest.run import check, run
from harvest.settings import HarvestSettings

ORIGIN = "https://scjgj.jiangcheng.example"
WORKSHOPS = f"{ORIGIN}/gkml/202404/t20240419_1008.html"
REPEALS = f"{ORIGIN}/gkml/202601/t20260115_1015.html"


@pytest.fixture
def again(served, harvested_store):
    """Another run over the fixture site, into a store that holds it already."""

    def go(**options):
        return run(harvested_store, served.source, at=served.at, settings=HarvestSettings(retries=0), **options)

    return go


def state_of(store):
    with store.read() as session:
        return [(document.id, document.updated_at) for document in iter_documents(session)]


def by_url(report):
    return {item.url: item for item in report.items}


def test_a_first_run_stores_every_document(first_run, harvested_store):
    assert first_run.report.counts == {"created": 15, "updated": 0, "unchanged": 0, "skipped": 2, "failed": 1}
    assert first_run.report.state is RunState.DONE
    with harvested_store.read() as session:
        # Five of the notices carry measures, which are documents of their own.
        assert count_documents(session) == 20


def test_a_second_run_fetches_little_and_changes_nothing(again, first_run, harvested_store):
    before = state_of(harvested_store)
    second = again()
    assert second.counts == {"created": 0, "updated": 0, "unchanged": 15, "skipped": 2, "failed": 1}
    assert second.traffic.not_modified == 22
    assert second.traffic.bytes < first_run.report.traffic.bytes / 20
    assert state_of(harvested_store) == before


def test_the_metadata_of_a_page_becomes_the_document_s(first_run, harvested_store):
    with harvested_store.read() as session:
        document = get_document(session, by_url(first_run.report)[REPEALS].document)
    assert document.doc_number == "江市监规〔2026〕1号"
    assert document.index_number == "JC009-2026-01015"
    assert document.issuers == ("江城市市场监督管理局",)
    assert document.current.signed_date.isoformat() == "2026-01-08"
    assert document.current.published_date.isoformat() == "2026-01-15"
    assert document.current.copies[0].place == REPEALS
    assert document.sources == ("jiangcheng-market",)


def test_the_label_a_page_prints_is_kept_as_an_official_one(first_run, harvested_store):
    with harvested_store.read() as session:
        events = get_document(session, by_url(first_run.report)[REPEALS].document).events
    labels = [event for event in events if event.origin is Origin.OFFICIAL_LABEL]
    assert [(event.kind, event.label) for event in labels] == [(EventKind.ATTESTED, "有效")]


def test_an_annex_is_kept_with_its_bytes(first_run, harvested_store):
    with harvested_store.read() as session:
        annexes = get_document(session, by_url(first_run.report)[REPEALS].document).current.attachments
    assert [annex.title for annex in annexes] == ["废止文件说明"]
    assert harvested_store.blobs.get(annexes[0].sha256).startswith(b"%PDF")


def test_what_the_documents_of_the_site_do_to_each_other_is_derived(first_run, harvested_store):
    with harvested_store.read() as session:
        events = {
            (event.kind, document.doc_number)
            for document in iter_documents(session)
            for event in document.events
            if event.origin is Origin.TEXT
        }
    assert (EventKind.REPEALED, "江市监规〔2019〕2号") in events
    assert (EventKind.REPEALED, "江市监规〔2022〕4号") in events
    assert (EventKind.REPEALED, "江市监规〔2023〕1号") in events
    assert (EventKind.AMENDED, "江市监规〔2020〕1号") in events
    assert (EventKind.RENEWED, "江市监规〔2022〕1号") in events
    assert (EventKind.ATTESTED, "江市监规〔2021〕3号") in events


def test_a_changed_text_is_a_new_version_of_the_same_document(again, first_run, served):
    served.change("gkml/202404/t20240419_1008.html", "有效期为五年，不收取任何费用", "有效期为三年，不收取任何费用")
    report = again()
    after = by_url(report)[WORKSHOPS]
    assert (report.counts["updated"], report.counts["unchanged"]) == (1, 14)
    assert after.outcome is Outcome.UPDATED
    assert after.document == by_url(first_run.report)[WORKSHOPS].document


def test_a_changed_frame_is_no_change(again, served):
    served.change("gkml/202404/t20240419_1008.html", "阅读次数：", "阅读次数：1024 ")
    assert again().counts["unchanged"] == 15


def test_everything_is_read_again_when_asked_afresh(again, harvested_store):
    report = again(fresh=True)
    assert report.traffic.not_modified == 0
    assert report.counts["created"] == 0
    with harvested_store.read() as session:
        assert count_documents(session) == 20


def test_an_item_that_left_the_list_is_marked_and_its_document_stays(again, first_run, served, harvested_store):
    served.change("gkml/index.html", "./202601/t20260115_1015.html", "./202505/t20250509_1013.html")
    assert again().missing == (REPEALS,)
    with harvested_store.read() as session:
        assert get_document(session, by_url(first_run.report)[REPEALS].document).withdrawn_at is None
        assert session.scalar(select(HarvestItemRow).filter_by(url=REPEALS)).missing_since is not None


def test_a_list_that_suddenly_misses_much_is_held_by_the_brake(again, served, harvested_store):
    served.change("gkml/index.html", "index_1.html", "index.html")
    report = again()
    assert report.state is RunState.FAILED
    assert [finding.code for finding in report.findings] == ["harvest.brake"]
    assert report.missing == ()
    with harvested_store.read() as session:
        assert session.scalar(select(HarvestItemRow).where(HarvestItemRow.missing_since.is_not(None))) is None


def test_a_list_that_cannot_be_fetched_marks_nothing_as_missing(again, served):
    served.running.broken.add("/gkml/index_2.html")
    report = again()
    assert report.state is RunState.FAILED
    assert report.missing == ()


def test_a_redirect_off_the_site_is_not_followed(again, served):
    served.running.moved["/gkml/202601/t20260115_1015.html"] = "http://169.254.169.254/latest/meta-data/"
    item = by_url(again())[REPEALS]
    assert (item.outcome, item.reason) == (Outcome.SKIPPED, "站外链接")


def test_an_empty_list_is_an_error_and_not_a_quiet_success(again, served):
    for name in ("index.html", "index_1.html", "index_2.html"):
        served.change(f"gkml/{name}", 'class="gk-list"', 'class="new-layout"')
    report = again()
    assert report.failed
    assert "harvest.list_empty" in [finding.code for finding in report.findings]


def test_the_address_of_a_page_leads_to_its_document(first_run, harvested_store):
    with harvested_store.read() as session:
        item = known_items(session, "jiangcheng-market")[REPEALS]
    assert item.document == by_url(first_run.report)[REPEALS].document


def test_two_runs_of_one_source_do_not_meet(again, harvested_store):
    with (harvested_store.settings.home / "harvest" / "jiangcheng-market" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict):
            again()


def test_a_run_leaves_no_spool_behind(first_run):
    assert [path.name for path in (first_run.home / "harvest" / "jiangcheng-market").iterdir()] == ["lock"]


KILLED = """
import os, signal, sys
from pathlib import Path
import harvest.run
from gazette.settings import RecordSettings
from gazette.store import Store
from harvest.sources import get_source

calls, remember = [], harvest.run.remember

def dying(*arguments, **named):
    calls.append(1)
    if len(calls) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    remember(*arguments, **named)

harvest.run.remember = dying
harvest.run.run(Store(RecordSettings(home=Path(sys.argv[1]))), get_source("jiangcheng-market"), at=sys.argv[2])
"""


def test_kill_9_between_two_transactions_loses_and_doubles_nothing(served, store):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(store.settings.home), served.at],
        cwd=Path(__file__).parents[2],
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    report = run(store, served.source, at=served.at, settings=HarvestSettings(retries=0))
    # Four were remembered; the fifth was stored, forgotten, and found again by ingest.
    assert (report.counts["created"], report.counts["unchanged"], report.counts["failed"]) == (10, 5, 1)
    with store.read() as session:
        assert count_documents(session) == 20
        states = session.scalars(select(HarvestRunRow.state).order_by(HarvestRunRow.started_at)).all()
    assert states == [RunState.ABORTED.value, RunState.DONE.value]


def test_health_tells_the_last_success_and_the_days_overdue(harvested_store):
    with harvested_store.read() as session:
        health = find_health(session, "jiangcheng-market", at=datetime.now(UTC) + timedelta(days=10, hours=1))
    assert (health.new, health.failed, health.documents, health.days_overdue) == (15, 1, 15, 9)


def test_a_check_says_what_is_found(served):
    found = check(served.source, at=served.at)
    assert found.ok
    assert found.listed == 6
    assert found.fields["doc_number"] == "江市监规〔2026〕1号"


def test_a_check_of_a_site_that_is_away_says_so(served):
    found = check(served.source, at="http://127.0.0.1:9", settings=HarvestSettings(retries=0))
    assert not found.ok
    assert found.findings[0].code == "harvest.fetch_failed"
