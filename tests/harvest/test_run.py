"""A run: from the fixture site into the record, twice, and after changes."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from gazette.errors import Conflict
from gazette.record import count_documents, get_document
from harvest.items import HarvestItemRow, find_document_of
from harvest.reports import Outcome, RunState, find_health
from harvest.run import check, run
from harvest.settings import HarvestSettings

ORIGIN = "https://scjgj.jiangcheng.example"
WORKSHOPS = f"{ORIGIN}/gkml/202404/t20240419_1008.html"
REPEALS = f"{ORIGIN}/gkml/202601/t20260115_1015.html"


@pytest.fixture
def harvested(served, store):
    """The fixture site harvested once; call it again for another run."""

    def again(**options):
        return run(store, served.source, at=served.at, settings=HarvestSettings(retries=0), **options)

    return again


def by_url(report):
    return {item.url: item for item in report.items}


def test_a_first_run_stores_every_document(harvested, store):
    report = harvested()
    assert report.counts == {"created": 15, "updated": 0, "unchanged": 0, "skipped": 2, "failed": 1}
    assert report.state is RunState.DONE
    with store.read() as session:
        # Four of the notices carry measures that are documents of their own, and one carries rules of operation.
        assert count_documents(session) == 20


def test_a_second_run_fetches_little_and_changes_nothing(harvested, store):
    first = harvested()
    with store.read() as session:
        before = (
            count_documents(session),
            [get_document(session, i.document).updated_at for i in first.items if i.document],
        )
    second = harvested()
    with store.read() as session:
        after = (
            count_documents(session),
            [get_document(session, i.document).updated_at for i in first.items if i.document],
        )
    assert second.counts == {"created": 0, "updated": 0, "unchanged": 15, "skipped": 2, "failed": 1}
    assert second.traffic.not_modified == 22
    assert second.traffic.bytes < first.traffic.bytes / 20
    assert after == before


def test_the_metadata_of_a_page_becomes_the_document_s(harvested, store):
    item = by_url(harvested())[REPEALS]
    with store.read() as session:
        document = get_document(session, item.document)
    assert document.doc_number == "江市监规〔2026〕1号"
    assert document.index_number == "JC009-2026-01015"
    assert document.issuers == ("江城市市场监督管理局",)
    assert document.current.signed_date.isoformat() == "2026-01-08"
    assert document.current.published_date.isoformat() == "2026-01-15"
    assert document.current.copies[0].place == REPEALS
    assert document.sources == ("jiangcheng-market",)


def test_an_annex_is_kept_with_its_bytes(harvested, store):
    item = by_url(harvested())[REPEALS]
    with store.read() as session:
        annexes = get_document(session, item.document).current.attachments
    assert [annex.title for annex in annexes] == ["废止文件说明"]
    assert store.blobs.get(annexes[0].sha256).startswith(b"%PDF")


def test_a_changed_text_is_a_new_version_of_the_same_document(harvested, served, store):
    before = by_url(harvested())[WORKSHOPS]
    served.change("gkml/202404/t20240419_1008.html", "有效期为五年，不收取任何费用", "有效期为三年，不收取任何费用")
    report = harvested()
    after = by_url(report)[WORKSHOPS]
    assert report.counts["updated"] == 1
    assert report.counts["unchanged"] == 14
    assert after.outcome is Outcome.UPDATED
    assert after.document == before.document


def test_a_changed_frame_is_no_change(harvested, served):
    harvested()
    served.change("gkml/202404/t20240419_1008.html", "阅读次数：", "阅读次数：1024 ")
    assert harvested().counts["unchanged"] == 15


def test_everything_is_read_again_when_asked_afresh(harvested, store):
    harvested()
    report = harvested(fresh=True)
    assert report.traffic.not_modified == 0
    assert report.counts["created"] == 0
    with store.read() as session:
        assert count_documents(session) == 20


def test_an_item_that_left_the_list_is_marked_and_its_document_stays(harvested, served, store):
    before = by_url(harvested())[REPEALS]
    served.change("gkml/index.html", "./202601/t20260115_1015.html", "./202505/t20250509_1013.html")
    report = harvested()
    assert report.missing == (REPEALS,)
    with store.read() as session:
        assert get_document(session, before.document).title == before.title
        row = session.scalar(select(HarvestItemRow).filter_by(url=REPEALS))
        assert row.missing_since is not None


def test_a_list_that_suddenly_misses_much_is_held_by_the_brake(harvested, served, store):
    harvested()
    served.change("gkml/index.html", "index_1.html", "index.html")
    report = harvested()
    assert report.state is RunState.FAILED
    assert [finding.code for finding in report.findings] == ["harvest.brake"]
    assert report.missing == ()
    with store.read() as session:
        assert session.scalar(select(HarvestItemRow).where(HarvestItemRow.missing_since.is_not(None))) is None


def test_a_list_that_cannot_be_fetched_marks_nothing_as_missing(harvested, served):
    harvested()
    served.running.broken.add("/gkml/index_2.html")
    report = harvested()
    assert report.state is RunState.FAILED
    assert report.missing == ()


def test_a_redirect_off_the_site_is_not_followed(harvested, served):
    served.running.moved["/gkml/202601/t20260115_1015.html"] = "http://169.254.169.254/latest/meta-data/"
    item = by_url(harvested())[REPEALS]
    assert item.outcome in (Outcome.SKIPPED, Outcome.FAILED)
    assert item.reason == "站外链接"


def test_an_empty_list_is_an_error_and_not_a_quiet_success(harvested, served):
    for name in ("index.html", "index_1.html", "index_2.html"):
        served.change(f"gkml/{name}", 'class="gk-list"', 'class="new-layout"')
    report = harvested()
    assert report.failed
    assert "harvest.list_empty" in [finding.code for finding in report.findings]


def test_the_address_of_a_page_leads_to_its_document(harvested, store):
    item = by_url(harvested())[REPEALS]
    with store.read() as session:
        assert find_document_of(session, REPEALS) == item.document


def test_two_runs_of_one_source_do_not_meet(harvested, store):
    folder = store.settings.home / "harvest" / "jiangcheng-market"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict):
            harvested()


def test_a_run_leaves_no_spool_behind(harvested, store):
    harvested()
    assert [path.name for path in (store.settings.home / "harvest" / "jiangcheng-market").iterdir()] == ["lock"]


def test_a_killed_run_is_told_as_aborted_and_the_next_goes_on(harvested, served, store, monkeypatch):
    def killed(*_arguments, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("harvest.run.finish_run", killed)
        with pytest.raises(KeyboardInterrupt):
            harvested()
    report = harvested()
    assert report.counts["unchanged"] == 15
    with store.read() as session:
        health = find_health(session, "jiangcheng-market")
    assert health.last_state is RunState.DONE


def test_a_document_stored_by_a_run_killed_before_it_remembered_is_not_doubled(harvested, store):
    harvested()
    with store.write() as session:
        for row in session.scalars(select(HarvestItemRow)):
            session.delete(row)
    report = harvested()
    assert report.counts["created"] == 0
    with store.read() as session:
        assert count_documents(session) == 20


def test_health_tells_the_last_success_and_the_days_overdue(harvested, store):
    harvested()
    with store.read() as session:
        health = find_health(session, "jiangcheng-market", at=datetime.now(UTC) + timedelta(days=10, hours=1))
    assert (health.new, health.failed, health.documents, health.days_overdue) == (15, 1, 15, 9)


def test_a_check_says_what_is_found_and_stores_nothing(served, store):
    found = check(served.source, at=served.at)
    assert found.ok
    assert found.listed == 6
    assert found.fields["doc_number"] == "江市监规〔2026〕1号"
    with store.read() as session:
        assert count_documents(session) == 0


def test_a_check_of_a_site_that_is_away_says_so(served):
    source = replace(served.source, profile=replace(served.source.profile))
    found = check(source, at="http://127.0.0.1:9", settings=HarvestSettings(retries=0))
    assert not found.ok
    assert found.findings[0].code == "harvest.fetch_failed"
