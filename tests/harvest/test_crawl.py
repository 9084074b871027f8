"""The crawl over loopback: what it asks, what it does not, and what it says of each address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harvest.crawl import CrawlEnd, CrawlJob, Entry, EntryState, Mirror, crawl, iter_entries
from harvest.items import KnownItem, Role
from harvest.settings import HarvestSettings
from harvest.sources import get_source
from portal.demo.fixture_site import Request, serve_site

Crawl = Callable[..., tuple[dict[str, Entry], CrawlEnd]]
ORIGIN = "https://scjgj.jiangcheng.example"


@dataclass(frozen=True)
class FirstCrawl:
    """A whole crawl of the fixture site, made once for the tests that only look at it."""

    entries: dict[str, Entry]
    end: CrawlEnd
    requests: tuple[Request, ...]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> FirstCrawl:
    source = get_source("jiangcheng-market")
    spool = tmp_path_factory.mktemp("first") / "spool"
    with serve_site() as running:
        job = CrawlJob(
            profile=source.profile,
            mirror=Mirror.of(source.profile, running.url),
            known={},
            settings=HarvestSettings(retries=0),
            spool=spool,
        )
        end = crawl(job)
    return FirstCrawl(entries=by_path(spool), end=end, requests=tuple(running.requests))


def by_path(spool: Path) -> dict[str, Entry]:
    return {entry.url.removeprefix(ORIGIN): entry for entry in iter_entries(spool)}


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
        return by_path(spool), end

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


def test_lists_lead_to_documents_and_these_to_annexes(first):
    fetched = [entry for entry in first.entries.values() if entry.state is EntryState.FETCHED]
    assert sum(entry.role is Role.LIST for entry in fetched) == 3
    assert sum(entry.role is Role.DOCUMENT for entry in fetched) == 15
    assert sum(entry.role is Role.ATTACHMENT for entry in fetched) == 4
    assert first.end.whole


def test_the_crawler_tells_its_name_and_asks_for_robots_first(first):
    assert first.requests[0].path == "/robots.txt"
    assert all(request.user_agent.startswith("GongbaoBot/0.1 (+http") for request in first.requests)


def test_what_robots_txt_forbids_is_not_fetched(first):
    forbidden = first.entries["/internal/2024/t20240601_9.html"]
    assert (forbidden.state, forbidden.reason) == (EntryState.SKIPPED, "robots.txt 不允许")
    assert not any(request.path.startswith("/internal/") for request in first.requests)


def test_a_link_off_the_site_is_not_followed(first):
    off = first.entries["https://www.jiangcheng-gov.example/zwgk/202503/t20250301_88.html"]
    assert (off.state, off.reason) == (EntryState.SKIPPED, "站外链接")


def test_a_broken_link_is_one_failure(first):
    failed = [entry for entry in first.entries.values() if entry.state is EntryState.FAILED]
    assert [(entry.url.rsplit("/", 1)[1], entry.reason) for entry in failed] == [("t20231229_0999.html", "HTTP 404")]


def test_a_second_crawl_asks_conditionally_and_gets_no_bodies(crawled, first):
    again, second = crawled(known=known_from(first.entries))
    assert second.not_modified == 22
    assert second.bytes < first.end.bytes / 20
    assert {entry.state for entry in again.values() if entry.role is Role.LIST} == {EntryState.NOT_MODIFIED}
    assert again.keys() == first.entries.keys()


def test_a_changed_annex_brings_its_page_again(crawled, first, served):
    annex = served.folder / "gkml/202601/P020260115001.pdf"
    annex.write_bytes(annex.read_bytes() + b"\n%")
    again, _ = crawled(known=known_from(first.entries))
    assert again["/gkml/202601/t20260115_1015.html"].state is EntryState.FETCHED
    assert sum(entry.state is EntryState.FETCHED for entry in again.values()) == 2


def test_a_page_without_validators_is_told_by_its_content(crawled, first, served):
    served.change("gkml/202601/t20260115_1015.html", "阅读次数：", "阅读次数：18 ")
    again, _ = crawled(known=known_from(first.entries))
    page, before = (each["/gkml/202601/t20260115_1015.html"] for each in (again, first.entries))
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
