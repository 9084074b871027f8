"""The crawl as its parent sees it: a job goes in, a spool comes out.

The crawler (`harvest.spider`) runs in a process of its own with a bound on time and memory, writes one line an
address into the spool and the bytes beside it by their hash, and ends with a line that says it ended. A spool without
that line was cut short: what it holds is good, but nothing may be concluded from what it lacks.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gazette.errors import GongbaoError
from harvest.items import KnownItem, Role
from harvest.pages import Link
from harvest.profile import Profile
from harvest.settings import HarvestSettings

log = logging.getLogger(__name__)

ENTRIES = "entries.jsonl"


class CrawlFailed(GongbaoError):
    code, status = "harvest.crawl_failed", 502
    zh, en = "采集 {source} 未能完成：{why}", "The crawl of {source} did not end well: {why}"


class EntryState(StrEnum):
    """已取得 未修改 跳过 失败."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the crawl learned of one address. `sha256` is of the bytes, `article` of the part to be digitized."""

    url: str
    role: Role
    state: EntryState
    reason: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    media_type: str | None = None
    sha256: str | None = None
    content_sha256: str | None = None
    article: str | None = None
    title: str | None = None
    date: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "links": [link.to_json() for link in self.links]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        return cls(
            **{
                **data,
                "role": Role(data["role"]),
                "state": EntryState(data["state"]),
                "links": tuple(Link.from_json(link) for link in data["links"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEnd:
    """The last line of a spool. `whole` is False where a limit cut the crawl short."""

    requests: int
    not_modified: int
    bytes: int
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Where a site is really fetched from: the origin its addresses name, and the one that answers for it.

    A fixture site is served on whatever loopback port is free, and its documents keep their addresses all the same.
    """

    origin: str
    at: str

    def fetched(self, url: str) -> str:
        """The address to ask for `url`."""
        return self._moved(url, self.origin, self.at)

    def recorded(self, url: str) -> str:
        """The address to remember for a fetched one."""
        return self._moved(url, self.at, self.origin)

    @staticmethod
    def _moved(url: str, origin: str, to: str) -> str:
        return to + url[len(origin) :] if url == origin or url.startswith(origin + "/") else url

    @classmethod
    def of(cls, profile: Profile, at: str | None) -> Mirror:
        parts = urlsplit(profile.start_urls[0])
        origin = f"{parts.scheme}://{parts.netloc}"
        return cls(origin=origin, at=at.rstrip("/") if at else origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlJob:
    """All the crawler is told. `documents` bounds how many detail pages are fetched; None is no bound."""

    profile: Profile
    mirror: Mirror
    known: Mapping[str, KnownItem]
    settings: HarvestSettings
    spool: Path
    documents: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "profile": self.profile.to_json(),
            "mirror": asdict(self.mirror),
            "known": [{**asdict(item), "role": item.role.value} for item in self.known.values()],
            "settings": asdict(self.settings),
            "spool": str(self.spool),
            "documents": self.documents,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CrawlJob:
        known = (
            KnownItem(**{**item, "role": Role(item["role"]), "links": tuple(item["links"])}) for item in data["known"]
        )
        return cls(
            profile=Profile.from_json(data["profile"]),
            mirror=Mirror(**data["mirror"]),
            known={item.url: item for item in known},
            settings=HarvestSettings(**data["settings"]),
            spool=Path(data["spool"]),
            documents=data["documents"],
        )


def crawl(job: CrawlJob) -> CrawlEnd | None:
    """Run the crawler to its end; None if it was cut short. Raises CrawlFailed when it could not even start."""
    job.spool.mkdir(parents=True)
    order = job.spool / "job.json"
    order.write_text(json.dumps(job.to_json(), ensure_ascii=False), "utf-8")
    with (job.spool / "crawl.log").open("wb") as errors:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "harvest.spider", str(order)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=_environment(),
                cwd=job.spool,
                timeout=job.settings.run_timeout_s + 60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("crawl.timeout", extra={"source": job.profile.name})
            return None
    end = _end(job.spool)
    if end is None and not (job.spool / ENTRIES).exists():
        said = (job.spool / "crawl.log").read_text("utf-8", "replace").strip().splitlines()
        raise CrawlFailed(source=job.profile.name, why=said[-1] if said else f"退出码 {done.returncode}")
    return end


def iter_entries(spool: Path) -> Iterator[Entry]:
    """The entries of a spool, one an address; of one fetched twice, the later. A half line at the end is left."""
    lines: dict[str, int] = {}
    for place, data in _lines(spool):
        if "url" in data:
            lines[data["url"]] = place
    for place, data in _lines(spool):
        if "url" in data and lines[data["url"]] == place:
            yield Entry.from_json(data)


def _end(spool: Path) -> CrawlEnd | None:
    for _, data in _lines(spool):
        if "end" in data:
            return CrawlEnd(**data["end"])
    return None


def _lines(spool: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    path = spool / ENTRIES
    if not path.exists():
        return
    with path.open("rb") as lines:
        for place, line in enumerate(lines):
            if line.endswith(b"\n"):
                yield place, json.loads(line)


def _environment() -> dict[str, str]:
    """Nothing of ours but what Python needs: the crawler holds no secret a page could make it tell."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ}
    here = str(Path(__file__).resolve().parents[1])
    return {**kept, "PYTHONPATH": here, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
