"""The crawl over loopback: what it asks, what it does not, and what it says of each address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harvest.crawl import CrawlEnd, CrawlJob, Entry, EntryState, Mirror, crawl, iter_entries
from harvest.items import KnownItem, Role
from harvest.settings import HarvestSettings

Crawl = Callable[..., tuple[dict[str, Entry], CrawlEnd]]
ORIGIN = "https://scjgj.jiangcheng.example"


@pytest.fixture
def crawled(served, tmp_path: Path) -> Crawl:
    """Crawl the fixture site; keyword arguments change the profile, the settings or what is known."""

    def go(*, known: Mapping[str, KnownItem] | None = None, documents: int | None = None, settings=None, **changes):
        profile = replace(served.source.profile, **changes)
        spool = tmp_path / f"spool{len(list(tmp_path.glob('spool*')))}"
        job = CrawlJob(
            profile=profile,
            mirror=Mirror.of(profile, served.at),
            known=known or {},
            settings=settings or HarvestSettings(retries=0),
            spool=spool,
            documents=documents,
        )
        end = crawl(job)
        return {entry.url.removeprefix(ORIGIN): entry for entry in iter_entries(spool)}, end

    return go


def known_from(entries: Mapping[str, Entry]) -> dict[str, KnownItem]:
    return {
        entry.url: KnownItem(
            url=entry.url,
            role=entry.role,
            etag=entry.etag,
            last_modified=entry.last_modified,
            fetched_sha256=entry.sha256,
            content_sha256=entry.content_sha256,
            links=tuple(link.to_json() for link in entry.links),
        )
        for entry in entries.values()
    }


def test_lists_lead_to_documents_and_these_to_annexes(crawled):
    entries, end = crawled()
    fetched = [entry for entry in entries.values() if entry.state is EntryState.FETCHED]
    assert sum(entry.role is Role.LIST for entry in fetched) == 3
    assert sum(entry.role is Role.DOCUMENT for entry in fetched) == 15
    assert sum(entry.role is Role.ATTACHMENT for entry in fetched) == 4
    assert end.whole


def test_the_crawler_tells_its_name_and_asks_for_robots_first(crawled, served):
    crawled()
    assert served.paths[0] == "/robots.txt"
    assert all(request.user_agent.startswith("GongbaoBot/0.1 (+http") for request in served.running.requests)


def test_what_robots_txt_forbids_is_not_fetched(crawled, served):
    entries, _ = crawled()
    forbidden = entries["/internal/2024/t20240601_9.html"]
    assert (forbidden.state, forbidden.reason) == (EntryState.SKIPPED, "robots.txt 不允许")
    assert not any(path.startswith("/internal/") for path in served.paths)


def test_a_link_off_the_site_is_not_followed(crawled):
    entries, _ = crawled()
    off = entries["https://www.jiangcheng-gov.example/zwgk/202503/t20250301_88.html"]
    assert (off.state, off.reason) == (EntryState.SKIPPED, "站外链接")


def test_a_broken_link_is_one_failure(crawled):
    entries, _ = crawled()
    failed = [entry for entry in entries.values() if entry.state is EntryState.FAILED]
    assert [(entry.url[-20:], entry.reason) for entry in failed] == [("2/t20231229_0999.html"[-20:], "HTTP 404")]


def test_a_second_crawl_asks_conditionally_and_gets_no_bodies(crawled, served):
    entries, first = crawled()
    again, second = crawled(known=known_from(entries))
    assert second.not_modified == 22
    assert second.bytes < first.bytes / 20
    assert {entry.state for entry in again.values() if entry.role is Role.LIST} == {EntryState.NOT_MODIFIED}
    assert again.keys() == entries.keys()


def test_a_changed_annex_brings_its_page_again(crawled, served):
    entries, _ = crawled()
    annex = served.folder / "gkml/202601/P020260115001.pdf"
    annex.write_bytes(annex.read_bytes() + b"\n%")
    again, _ = crawled(known=known_from(entries))
    assert again["/gkml/202601/t20260115_1015.html"].state is EntryState.FETCHED
    assert sum(entry.state is EntryState.FETCHED for entry in again.values()) == 2


def test_a_page_without_validators_is_told_by_its_content(crawled, served):
    entries, _ = crawled()
    served.change("gkml/202601/t20260115_1015.html", "阅读次数：", "阅读次数：18 ")
    again, _ = crawled(known=known_from(entries))
    page, before = (each["/gkml/202601/t20260115_1015.html"] for each in (again, entries))
    assert page.sha256 != before.sha256
    assert page.content_sha256 == before.content_sha256


def test_a_limit_cuts_the_crawl_and_says_so(crawled):
    entries, end = crawled(documents=3)
    assert sum(entry.role is Role.DOCUMENT and entry.state is EntryState.FETCHED for entry in entries.values()) <= 3
    assert not end.whole


def test_a_page_larger_than_the_limit_fails(crawled, served):
    page = served.folder / "gkml/202601/t20260115_1015.html"
    page.write_text(page.read_text("utf-8") + " " * 300_000, "utf-8")
    entries, _ = crawled(settings=HarvestSettings(retries=0, max_page_bytes=200_000))
    assert entries["/gkml/202601/t20260115_1015.html"].state is EntryState.FAILED


def test_a_page_without_content_fails(crawled, served):
    served.change("gkml/202601/t20260115_1015.html", 'id="zoom"', 'id="elsewhere"')
    entries, _ = crawled()
    assert entries["/gkml/202601/t20260115_1015.html"].reason == "页面中没有找到正文"


def test_a_source_that_is_not_local_cannot_reach_this_machine(crawled, served):
    entries, _ = crawled(local=False)
    assert served.paths == []
    assert not any(entry.state is EntryState.FETCHED for entry in entries.values())


def test_a_site_whose_robots_txt_fails_is_not_crawled(crawled, served):
    served.running.broken.add("/robots.txt")
    entries, _ = crawled()
    assert set(served.paths) == {"/robots.txt"}
    assert entries["/gkml/index.html"].state is EntryState.SKIPPED
