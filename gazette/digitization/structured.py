"""Structured sources: files whose records say themselves what each document is. One file yields many drafts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from gazette.citations.numbers import parse_doc_number
from gazette.dates import make_date
from gazette.digitization.media import xml_root
from gazette.digitization.readers import ey_gazette
from gazette.digitization.structure import build_body
from gazette.draft import TRADITIONAL, Digitized, DocNumber, Draft, SourceFile, SourceInfo
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.issues.imprint import Imprint, Printed

#: 094-01-24.xml is the issue of 24 January of the 94th year of the Republic.
_ISSUE_DAY = re.compile(r"(?:^|/)(\d{2,3})-(\d{2})-(\d{2})\.xml(?:\.gz)?$")
#: A title that names some articles: the gap between them is no doubt.
_PART = re.compile(r"部分條文|第[^」]{1,12}條")
_MINGUO_OFFSET = 1911


def digitize_records(source: SourceFile, info: SourceInfo) -> Digitized:
    """The drafts of a structured source, by its root element. Raises CopyUnreadable for one that is not known."""
    if xml_root(source.data) != ey_gazette.ROOT:
        raise CopyUnreadable(name=source.name, why="不是已知的结构化公报 XML")
    try:
        records = ey_gazette.read_issue(source.data)
    except CopyUnreadable as error:
        raise CopyUnreadable(name=source.name, why=error.facts["why"]) from error
    published = _issue_day(source.name)
    findings: tuple[Finding, ...] = ()
    if not records:
        findings = (Finding(level=Level.ERROR, code="source.no_text", message="文件中没有记录"),)
    drafts = tuple(
        replace(describe_record(record, info, published), printed=Printed(position=position, column=record.theme))
        for position, record in enumerate(records, 1)
    )
    imprint = Imprint(cover_date=published) if records else None
    return Digitized(drafts=drafts, source=info, findings=findings, imprint=imprint)


def describe_record(record: ey_gazette.Record, info: SourceInfo, published: dt.date | None) -> Draft:
    """A record as a draft. Effects are not read: their vocabulary is that of texts in simplified characters."""
    body, doubts = build_body(record.blocks, amends=False)
    numbers = re.split("[;；、]", record.number or "")
    findings = list(record.findings)
    if not _PART.search(record.title):
        findings += doubts
    if len(numbers) > 1:
        message = f"联合发文，另有文号 {'、'.join(numbers[1:])}"
        findings.append(Finding(level=Level.INFO, code="number.joint", message=message))
    if published:
        message = "公布日期取自文件名，正文未载明"
        findings.append(Finding(level=Level.INFO, code="date.from_name", message=message))
    if not body:
        findings.append(Finding(level=Level.WARNING, code="body.empty", message="没有找到正文"))
    return Draft(
        title=record.title or None,
        source=info,
        doc_number=_number(numbers[0]),
        issuers=record.issuers,
        kind=record.kind,
        theme=record.theme,
        keywords=record.keywords,
        signed_date=record.day,
        published_date=published,
        language=TRADITIONAL,
        body=body,
        findings=tuple(findings),
    )


def _number(printed: str) -> DocNumber | None:
    """A number of no known form stays as it is printed."""
    if not any(each.isdigit() for each in printed):
        return None
    return parse_doc_number(printed) or DocNumber(raw=printed, normalized=printed)


def _issue_day(name: str) -> dt.date | None:
    match = _ISSUE_DAY.search(name)
    return make_date(int(match[1]) + _MINGUO_OFFSET, int(match[2]), int(match[3])) if match else None
