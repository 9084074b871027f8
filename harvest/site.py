"""A site as a source: crawled by its profile, its pages digitized, its metadata laid over what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from gazette.dates import parse_date
from gazette.draft import Attachment, SourceFile, SourceInfo
from gazette.errors import Finding, Level, Locator
from gazette.store import today
from harvest.crawl import CrawlEnd, CrawlJob, Entry, EntryState, Mirror, crawl, iter_entries
from harvest.items import KnownItem, Role
from harvest.mapping import PageFacts, annex_title, map_page
from harvest.profile import Profile
from harvest.reports import Outcome, Traffic
from harvest.source import Checked, Found, Gathered, Gathering, Loaded, describe


@dataclass(frozen=True, slots=True)
class Site:
    """A source of kind site; all it knows is in its profile."""

    profile: Profile

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def title(self) -> str:
        return self.profile.title

    @property
    def agency(self) -> str:
        return self.profile.agency

    @property
    def kind(self) -> str:
        return "site"

    @property
    def every_days(self) -> int:
        return self.profile.every_days

    def missing_part(self) -> str | None:
        return None

    def to_json(self) -> dict[str, object]:
        return {**describe(self), "start_urls": list(self.profile.start_urls), "pause_s": self.profile.pause_s}

    def gather(self, gathering: Gathering) -> Gathered:
        """Crawl, then offer what the spool holds."""
        end = self._crawl(gathering, self.profile)
        entries = {entry.url: entry for entry in iter_entries(gathering.spool)}
        lists = [entry for entry in entries.values() if entry.role is Role.LIST]
        return Gathered(
            found=self._offer(gathering, entries),
            pages=tuple(_item(entry) for entry in entries.values() if _is_page(entry)),
            traffic=Traffic(requests=end.requests, not_modified=end.not_modified, bytes=end.bytes)
            if end
            else Traffic(),
            whole=end is not None and end.whole and all(_is_read(entry) for entry in lists),
            findings=_list_findings(lists, end),
        )

    def check(self, gathering: Gathering) -> Checked:
        """Fetch the first list page and one document of it; say what was found."""
        self._crawl(gathering, replace(self.profile, list_pages=1, attachments="skip"))
        entries = tuple(iter_entries(gathering.spool))
        lists = [entry for entry in entries if entry.role is Role.LIST and _is_read(entry)]
        samples = [entry for entry in entries if entry.role is Role.DOCUMENT and _is_read(entry)]
        sample = samples[0] if samples else None
        failures = [entry for entry in entries if entry.state is EntryState.FAILED]
        fields = {"title": sample.title or "", **sample.fields} if sample else {}
        return Checked(
            source=self.name,
            reachable=bool(lists),
            listed=sum(link.role is Role.DOCUMENT for entry in lists for link in entry.links),
            sample_url=sample.url if sample else None,
            fields={name: value for name, value in fields.items() if value},
            findings=(*_list_findings([e for e in entries if e.role is Role.LIST], None), *map(_failure, failures)),
        )

    def _crawl(self, gathering: Gathering, profile: Profile) -> CrawlEnd | None:
        return crawl(
            CrawlJob(
                profile=profile,
                mirror=Mirror.of(profile, gathering.at),
                known=gathering.known,
                settings=gathering.settings,
                spool=gathering.spool,
                documents=gathering.limit,
            )
        )

    def _offer(self, gathering: Gathering, entries: Mapping[str, Entry]) -> Iterator[Found]:
        for entry in entries.values():
            if entry.role is not Role.DOCUMENT and not (entry.state is EntryState.SKIPPED and entry.role is Role.LIST):
                continue
            item = _item(entry)
            if not _is_read(entry):
                lost = Outcome.FAILED if entry.state is EntryState.FAILED else Outcome.SKIPPED
                yield Found(item=item, reason=entry.reason, lost=lost, title=entry.title)
                continue
            annexes = tuple(entries[link.url] for link in entry.links if link.url in entries)
            if entry.state is EntryState.NOT_MODIFIED:
                yield Found(item=item, title=entry.title, reason=_annex_failures(annexes))
                continue
            item = replace(item, content_sha256=_with_annexes(item.content_sha256, annexes))
            load = partial(self._load, gathering, entry, annexes)
            yield Found(item=item, load=load, title=entry.title, reason=_annex_failures(annexes))

    def _load(self, gathering: Gathering, entry: Entry, annexes: tuple[Entry, ...]) -> Loaded:
        from gazette.digitization.digitize import digitize

        data = (gathering.spool / str(entry.sha256)).read_bytes()
        name = entry.url.rsplit("/", 1)[-1] or "index.html"
        read = SourceFile(
            name=name,
            data=(gathering.spool / str(entry.article)).read_bytes(),
            media_type=entry.media_type,
            url=entry.url,
        )
        digitized = digitize(read, settings=gathering.record)
        source = SourceInfo(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=digitized.source.media_type,
            charset=digitized.source.charset,
            url=entry.url,
        )
        held = tuple(annex for annex in annexes if _is_read(annex))
        facts = PageFacts(
            fields=entry.fields,
            title=entry.title,
            source=source,
            listed=parse_date(entry.date),
            agency=self.profile.agency,
            language=self.profile.language,
            attachments=tuple(_attachment(entry, annex) for annex in held),
        )
        fresh = [annex for annex in held if annex.state is EntryState.FETCHED]
        return Loaded(
            digitized=replace(digitized, drafts=map_page(digitized.drafts, facts), source=source),
            data=data,
            label_date=today(),
            annexes=tuple((gathering.spool / str(annex.sha256)).read_bytes() for annex in fresh),
        )


def _item(entry: Entry) -> KnownItem:
    return KnownItem(
        url=entry.url,
        role=entry.role,
        etag=entry.etag,
        last_modified=entry.last_modified,
        fetched_sha256=entry.sha256,
        content_sha256=entry.content_sha256,
        media_type=entry.media_type,
        links=tuple(link.to_json() for link in entry.links),
    )


def _is_read(entry: Entry) -> bool:
    return entry.state in (EntryState.FETCHED, EntryState.NOT_MODIFIED)


def _is_page(entry: Entry) -> bool:
    return entry.role is not Role.DOCUMENT and _is_read(entry)


def _with_annexes(content_sha256: str | None, annexes: tuple[Entry, ...]) -> str:
    """A document's content is its page and its annexes together."""
    parts = [content_sha256 or "", *sorted(f"{annex.url} {annex.sha256}" for annex in annexes if _is_read(annex))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _attachment(page: Entry, annex: Entry) -> Attachment:
    title = next((link.title for link in page.links if link.url == annex.url), "")
    return Attachment(
        title=annex_title(title or annex.url.rsplit("/", 1)[-1]),
        url=annex.url,
        media_type=annex.media_type,
        sha256=annex.sha256,
    )


def _annex_failures(annexes: tuple[Entry, ...]) -> str | None:
    lost = [f"{annex.url.rsplit('/', 1)[-1]}（{annex.reason}）" for annex in annexes if not _is_read(annex)]
    return f"附件未取得：{'；'.join(lost)}" if lost else None


def _list_findings(lists: list[Entry], end: CrawlEnd | None) -> tuple[Finding, ...]:
    found = [_failure(entry) for entry in lists if not _is_read(entry)]
    if not any(link.role is Role.DOCUMENT for entry in lists for link in entry.links) and any(map(_is_read, lists)):
        found.append(Finding(level=Level.ERROR, code="harvest.list_empty", message="列表页没有条目，网站可能已改版"))
    if end is not None and not end.whole:
        found.append(Finding(level=Level.WARNING, code="harvest.cut_short", message="已到限额，本次未采完"))
    return tuple(found)


def _failure(entry: Entry) -> Finding:
    return Finding(
        level=Level.ERROR,
        code="harvest.fetch_failed",
        message=f"{entry.url}：{entry.reason}",
        locator=Locator(quote=entry.url),
    )
