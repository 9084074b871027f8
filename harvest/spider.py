"""The crawler, in a process of its own: `python -m harvest.spider JOB`.

A process, because Scrapy's reactor starts only once, because the pages are strangers' bytes, and because a crawl that
hangs can be killed. It reads one job, fetches, and writes the spool described in `harvest.crawl`. It never sees the
store: whatever it is killed at, nothing was changed.

Polite by construction: robots.txt is obeyed (one that cannot be read forbids all, RFC 9309 2.3.1.4), one request at a
time with a pause, conditional requests where we hold validators, bounded retries, an honest name.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import re
import resource
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse
from scrapy.resolver import CachingHostnameResolver
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from harvest.crawl import ENTRIES, CrawlEnd, CrawlJob, Entry, EntryState
from harvest.items import KnownItem, Role
from harvest.pages import LEAST_CONTENT, Link, read_detail, read_list
from harvest.reach import OutOfReach, Reach, host_of

_PR_SET_PDEATHSIG = 1
_NO_ROBOTS = b"User-agent: *\nDisallow: /\n"


class SiteSpider(scrapy.Spider):
    """List pages lead to detail pages, these to attachments. Addresses in entries are those the site names."""

    name = "gongbao"

    def __init__(self, job: CrawlJob) -> None:
        super().__init__()
        self.job, self.profile, self.mirror = job, job.profile, job.mirror
        self.spool = job.spool
        self.asked: set[str] = set()
        self.documents = self.lists = 0
        self.whole = True
        self.entries = (job.spool / ENTRIES).open("a", encoding="utf-8")

    async def start(self) -> AsyncIterator[Request]:
        for url in self.profile.start_urls:
            for request in self._follow([Link(url=url, role=Role.LIST)]):
                yield request

    def parse_list(self, response: Response, link: Link) -> Iterator[Request]:
        known = self.job.known.get(link.url)
        if response.status == 304 and known:
            links = tuple(Link.from_json(each) for each in known.links)
            self._write(_unmodified(link, known, links))
        elif isinstance(response, TextResponse):
            links = read_list(self.profile, response.text, self.mirror.recorded(response.url))
            digest = hashlib.sha256(json.dumps([each.to_json() for each in links]).encode()).hexdigest()
            self._write(_fetched(link, response, sha256=self._keep(response.body), content_sha256=digest, links=links))
        else:
            self._fail(link, "列表页不是网页")
            return
        yield from self._follow(links)

    def parse_document(self, response: Response, link: Link) -> Iterator[Request]:
        known = self.job.known.get(link.url)
        if response.status == 304 and known:
            links = tuple(Link.from_json(each) for each in known.links)
            self._write(_unmodified(link, known, links))
            yield from self._follow(links, parent=link)
            return
        sha256 = self._keep(response.body)
        if not isinstance(response, TextResponse):
            self._write(_fetched(link, response, sha256=sha256, content_sha256=sha256, article=sha256))
            return
        page = read_detail(self.profile, response.text, self.mirror.recorded(response.url))
        if len(re.sub(r"<[^>]*>|\s", "", page.html)) < LEAST_CONTENT:
            self._fail(link, "页面中没有找到正文")
            return
        links = page.attachments
        self._write(
            _fetched(
                link,
                response,
                sha256=sha256,
                content_sha256=page.content_sha256,
                article=self._keep(page.to_html()),
                title=page.title,
                fields=page.fields,
                links=links,
            )
        )
        yield from self._follow(links)

    def parse_attachment(self, response: Response, link: Link, parent: Link | None = None) -> Iterator[Request]:
        known = self.job.known.get(link.url)
        if response.status == 304 and known:
            self._write(_unmodified(link, known, ()))
            return
        sha256 = self._keep(response.body)
        self._write(_fetched(link, response, sha256=sha256, content_sha256=sha256))
        if parent and (known is None or known.fetched_sha256 != sha256):
            # The page answered 304, its annex did not: the document has changed after all, and is read anew.
            yield self._request(parent, conditional=False)

    def failed(self, failure: Failure) -> None:
        """Why a request led to nothing, in words."""
        link: Link = failure.request.cb_kwargs["link"]
        error = failure.value
        if isinstance(error, HttpError):
            self._fail(link, f"HTTP {error.response.status}")
        elif isinstance(error, IgnoreRequest):
            self._skip(link, str(error).replace("Forbidden by robots.txt", "robots.txt 不允许"))
        elif isinstance(error, DNSLookupError):
            self._fail(link, "域名无法解析，或其地址不允许访问")
        else:
            self._fail(link, f"取不到：{type(error).__name__}")

    def closed(self, reason: str) -> None:
        stats = self.crawler.stats
        end = CrawlEnd(
            requests=stats.get_value("downloader/request_count", 0),
            not_modified=stats.get_value("downloader/response_status_count/304", 0),
            bytes=stats.get_value("downloader/response_bytes", 0),
            whole=self.whole and reason == "finished",
        )
        self._line({"end": {name: getattr(end, name) for name in CrawlEnd.__slots__}})
        self.entries.close()

    def _follow(self, links: list[Link] | tuple[Link, ...], parent: Link | None = None) -> Iterator[Request]:
        for link in links:
            if link.url in self.asked:
                continue
            self.asked.add(link.url)
            try:
                self.profile.reach.check_url(link.url)
            except OutOfReach as error:
                self._skip(link, error.facts["why"])
                continue
            if self._counts(link):
                yield self._request(link, parent=parent)

    def _counts(self, link: Link) -> bool:
        """Whether the limits leave room for one more of its kind."""
        self.documents += link.role is Role.DOCUMENT
        self.lists += link.role is Role.LIST
        within = self.lists <= self.profile.list_pages and (
            self.job.documents is None or link.role is not Role.DOCUMENT or self.documents <= self.job.documents
        )
        self.whole = self.whole and within
        return within

    def _request(self, link: Link, *, parent: Link | None = None, conditional: bool = True) -> Request:
        settings, known = self.job.settings, self.job.known.get(link.url)
        headers = {}
        if conditional and known and known.role is link.role:
            validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
            headers = {name: value for name, value in validators.items() if value}
        roomy = link.role is Role.ATTACHMENT or not re.search(r"(\.html?|/)$", link.url)
        arguments: dict[str, Any] = {"link": link, **({"parent": parent} if link.role is Role.ATTACHMENT else {})}
        return Request(
            self.mirror.fetched(link.url),
            callback=getattr(self, f"parse_{link.role.value}"),
            errback=self.failed,
            headers=headers,
            cb_kwargs=arguments,
            dont_filter=not conditional,
            # Lists first, so that what a limit cuts off is the oldest; then a page with its annexes.
            priority={Role.LIST: 2, Role.ATTACHMENT: 1}.get(link.role, 0),
            meta={
                "handle_httpstatus_list": [304] if headers else [],
                "download_maxsize": settings.max_attachment_bytes if roomy else settings.max_page_bytes,
            },
        )

    def _keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        (self.spool / digest).write_bytes(data)
        return digest

    def _skip(self, link: Link, reason: str) -> None:
        self._write(Entry(url=link.url, role=link.role, title=link.title, state=EntryState.SKIPPED, reason=reason))

    def _fail(self, link: Link, reason: str) -> None:
        self._write(Entry(url=link.url, role=link.role, title=link.title, state=EntryState.FAILED, reason=reason))

    def _write(self, entry: Entry) -> None:
        self._line(entry.to_json())

    def _line(self, data: dict[str, Any]) -> None:
        self.entries.write(json.dumps(data, ensure_ascii=False) + "\n")
        self.entries.flush()


class ReachMiddleware:
    """Asks the policy of every request, robots.txt and redirects included, and closes a site whose robots.txt fails."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReachMiddleware:
        return cls(_reach_of(crawler))

    def process_request(self, request: Request) -> None:
        try:
            self.reach.check_url(request.url)
        except OutOfReach as error:
            raise IgnoreRequest(error.facts["why"]) from error

    def process_response(self, request: Request, response: Response) -> Response:
        return _closed(response.url) if _is_robots(request) and response.status >= 500 else response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        unreachable = _is_robots(request) and not isinstance(exception, IgnoreRequest)
        return _closed(request.url) if unreachable else None


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Lets through only the addresses the policy allows. The socket connects to what passes here and nothing else."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.reach = _reach_of(crawler)
        return resolver

    def resolveHostName(
        self, resolutionReceiver: IResolutionReceiver, *arguments: Any, **named: Any
    ) -> IHostResolution:
        return super().resolveHostName(_AllowedOnly(resolutionReceiver, self.reach), *arguments, **named)


@implementer(IResolutionReceiver)
class _AllowedOnly:
    def __init__(self, receiver: IResolutionReceiver, reach: Reach) -> None:
        self.receiver, self.reach = receiver, reach
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: IAddress) -> None:
        if self.reach.allows_address(address.host):
            self.receiver.addressResolved(address)


def main(order: Path) -> None:
    """Crawl as the job says."""
    _die_with_parent()
    job = CrawlJob.from_json(json.loads(order.read_text("utf-8")))
    resource.setrlimit(resource.RLIMIT_AS, (job.settings.memory_bytes, job.settings.memory_bytes))
    process = CrawlerProcess(_scrapy_settings(job))
    process.crawl(SiteSpider, job=job)
    process.start()


def _scrapy_settings(job: CrawlJob) -> dict[str, Any]:
    pause_s, settings = job.profile.pause_s, job.settings
    return {
        "USER_AGENT": settings.user_agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "GongbaoBot",
        "DOWNLOAD_DELAY": pause_s,
        "AUTOTHROTTLE_ENABLED": pause_s > 0,
        "AUTOTHROTTLE_START_DELAY": pause_s,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_TIMEOUT": settings.fetch_timeout_s,
        "DOWNLOAD_MAXSIZE": settings.max_attachment_bytes,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "RETRY_TIMES": settings.retries,
        "REDIRECT_MAX_TIMES": 5,
        "CLOSESPIDER_TIMEOUT": settings.run_timeout_s,
        "CLOSESPIDER_PAGECOUNT": settings.max_requests,
        "DOWNLOADER_MIDDLEWARES": {"harvest.spider.ReachMiddleware": 90},
        "TWISTED_DNS_RESOLVER": "harvest.spider.GuardedResolver",
        # What we reach is checked at the socket; a proxy would put a socket of its own behind ours.
        "HTTPPROXY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "GONGBAO_REACH": {
            "host": host_of(job.mirror.at),
            "hosts": sorted(job.profile.reach.hosts),
            "local": job.profile.local,
        },
    }


def _reach_of(crawler: Crawler) -> Reach:
    """The policy over the addresses really asked: those of the mirror in place of the site's own."""
    told = crawler.settings.getdict("GONGBAO_REACH")
    return Reach(hosts=frozenset([told["host"], *told["hosts"]]), local=told["local"])


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt")) and request.url.endswith("/robots.txt")


def _closed(url: str) -> Response:
    return TextResponse(url, body=_NO_ROBOTS, encoding="utf-8")


def _fetched(link: Link, response: Response, **read: Any) -> Entry:
    return Entry(
        url=link.url,
        role=link.role,
        state=EntryState.FETCHED,
        date=link.date,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        media_type=(_header(response, "Content-Type") or "").partition(";")[0].strip().lower() or None,
        **{"title": link.title, **read},
    )


def _unmodified(link: Link, known: KnownItem, links: tuple[Link, ...]) -> Entry:
    return Entry(
        url=link.url,
        role=link.role,
        state=EntryState.NOT_MODIFIED,
        title=link.title,
        etag=known.etag,
        last_modified=known.last_modified,
        media_type=known.media_type,
        sha256=known.fetched_sha256,
        content_sha256=known.content_sha256,
        links=links,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def _die_with_parent() -> None:
    """A killed run must not leave a crawler fetching for nobody (Linux; elsewhere the time limit ends it)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
