"""Digitization: bytes in, structured draft documents out.

`digitize` asks a limited subprocess (gazette.digitization.sandbox); there the pipeline below runs: source → media
type → blocks → documents → elements, structure, dates, effects and citations → drafts with their findings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gazette.blobs import sha256_of
from gazette.citations.cited import cite_body
from gazette.citations.grammar import find_citations
from gazette.citations.numbers import parse_doc_number, part_title
from gazette.citations.titles import find_titles
from gazette.dates import find_date, parse_date
from gazette.digitization import media
from gazette.digitization.archives import SourceTooLarge
from gazette.digitization.archives import iter_sources as iter_sources
from gazette.digitization.blocks import Block, Reading
from gazette.digitization.draft_checks import check_draft
from gazette.digitization.elements import Elements, read_elements
from gazette.digitization.excerpts import find_excerpt, is_code
from gazette.digitization.genre import find_kind
from gazette.digitization.history import PRESIDENT_SINCE, Caption, read_caption
from gazette.digitization.outline import drop_contents
from gazette.digitization.readers import read
from gazette.digitization.secrecy import spread_mark
from gazette.digitization.segment import Part, segment
from gazette.digitization.signature import issuer_of_number, issuers_of_title, split_agencies
from gazette.digitization.standards import Cover, find_cover
from gazette.digitization.structure import build_body
from gazette.digitization.structured import describe_record, digitize_records
from gazette.draft import (
    Attachment,
    BodyType,
    Digitized,
    DocNumber,
    Draft,
    SourceFile,
    SourceInfo,
)
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.issues.division import Division, divide, without_front
from gazette.issues.entries import read_entry
from gazette.issues.errata import find_about
from gazette.issues.imprint import Printed
from gazette.settings import RecordSettings
from gazette.validity.effects import find_effects
from gazette.validity.lifespan import commencement, expiry
from gazette.versions.translations import describe_translation, is_english, is_translation

#: A file name that ends with a day names the version it holds: 条例(2018-04-27).md, 条例_20180427.txt.
_NAME_DAY = re.compile(r"[(（_](\d{4}-\d{2}-\d{2}|\d{8})[)）]?$")
_MARKED_INVALID = re.compile(r"^[【\[（(]?(已失效|已废止|失效|废止)[】\])）]\s*")
_ORDER_HEAD = re.compile(r"^[\u4e00-\u9fff、\s]{2,60}(?:令|公告)(?:[（(]?第?.{1,8}号[）)]?)?$")
#: What an order says that makes its text public (规章制定程序条例 第三十一条: the order of publication).
_PUBLISHES = re.compile(r"(?:现予|予以|现将[^。]{0,80}|现)(?:公布|发布|颁布)")


def digitize(
    source: SourceFile, *, settings: RecordSettings, progress: Callable[[int, int], None] | None = None
) -> Digitized:
    """Read one source in the sandbox, old office formats as DOCX by LibreOffice where it is installed.

    `progress` hears of each page of a scan. Raises SourceTooLarge, CopyUnreadable or ReadTimeout; doubts are findings.
    """
    from gazette.digitization.conversion import as_converted, converted
    from gazette.digitization.sandbox import POOL

    if len(source.data) > settings.max_file_bytes:
        raise SourceTooLarge(name=source.name, limit=settings.max_file_bytes)
    if not source.data.strip():
        raise CopyUnreadable(name=source.name, why="文件是空的")
    as_docx = converted(source, settings)
    if as_docx is not None:
        return as_converted(POOL.read(as_docx, settings), source)
    return POOL.read(source, settings, progress)


def digitize_here(source: SourceFile) -> Digitized:
    """The pipeline itself, in the calling process; the sandbox's worker runs it."""
    media_type = media.detect_media_type(source.data, source.name)
    if media_type == media.XML:
        return digitize_records(source, _info(source, media_type, None))
    reading = read(source.data, media_type, name=source.name)
    info = replace(_info(source, media_type, reading.charset), url=source.url or reading.labels.get("url"))
    findings = (*media.check_name(source.name, media_type), *reading.findings)
    if not reading.blocks:
        if not any(finding.level is Level.ERROR for finding in findings):
            findings = (*findings, Finding(level=Level.ERROR, code="source.no_text", message="文件中没有文字"))
        return Digitized(drafts=(), source=info, findings=findings)
    if is_translation(reading.blocks):
        return Digitized(drafts=(describe_translation(reading, info),), source=info, findings=findings)
    if (division := divide(reading, own_columns=source.columns)) is not None:
        return _describe_issue(division, reading, info, findings)
    return Digitized(drafts=tuple(_describe_all(reading, info)), source=info, findings=findings)


def _describe_issue(division: Division, reading: Reading, info: SourceInfo, findings: tuple[Finding, ...]) -> Digitized:
    """Every entry of a whole issue, in order; what a letter carries stands with the letter's entry."""
    drafts: list[Draft] = []
    for position, section in enumerate(division.sections, 1):
        printed = Printed(
            position=position,
            column=section.column,
            page_from=section.page_from,
            page_to=section.page_to,
            listed=section.listed.title if section.listed else None,
            issue=division.imprint,
            about=find_about(section.title, section.blocks),
        )
        if section.kind_first:
            found = [describe_record(read_entry(section), info, division.imprint.cover_date)]
        else:
            found = _describe_all(without_front(reading, section), info)
        if printed.about:
            # The title names what is corrected or explained, and so leads there.
            found[0] = replace(found[0], citations=(*find_citations(section.title or ""), *found[0].citations))
        first = len(drafts)
        drafts += [
            replace(draft, printed=printed, carried_by=None if draft.carried_by is None else first) for draft in found
        ]
    return Digitized(
        drafts=tuple(drafts),
        source=info,
        findings=(*findings, *division.findings),
        imprint=division.imprint,
        reading=reading,
        starts=tuple(section.start for section in division.sections),
    )


def divide_again(
    reading: Reading, info: SourceInfo, *, columns: tuple[str, ...], starts: Sequence[int]
) -> Digitized | None:
    """A whole issue that was read before, divided where an editor wants it."""
    division = divide(reading, own_columns=columns, starts=starts)
    return _describe_issue(division, reading, info, reading.findings) if division else None


def _describe_all(reading: Reading, info: SourceInfo) -> list[Draft]:
    """The document of a file, and what it carries after it."""
    parts = segment(reading.blocks, _known_title(reading.labels)[0])
    drafts = [describe(parts[0], reading, info)]
    drafts += [describe_carried(part, drafts[0], reading) for part in parts[1:]]
    return spread_mark(drafts, (*reading.running, reading.labels.get("secrecy", "")), reading.blocks)


def _info(source: SourceFile, media_type: str, charset: str | None) -> SourceInfo:
    return SourceInfo(
        name=source.name, sha256=sha256_of(source.data), media_type=media_type, charset=charset, url=source.url
    )


def describe(part: Part, reading: Reading, info: SourceInfo) -> Draft:
    """One document with everything its page says about it."""
    known_title, titled = _known_title(reading.labels)
    cover = find_cover(part.blocks, reading.running)
    if cover is not None:
        return _describe_standard(cover, part, reading, info)
    excerpt = find_excerpt(part.blocks, known_title, info.name)
    found = read_elements(excerpt.blocks if excerpt else part.blocks, known_title)
    order = read_elements(part.order) if part.order else None
    labels = {**found.labels, **reading.labels}
    caption = read_caption(found.caption or tuple(filter(None, [labels.get("caption")])))
    own_title = found.title or (order.title if order else None)
    title, label = _title(known_title or own_title or labels.get("page_title"))
    number = parse_doc_number(labels.get("doc_number")) or found.doc_number or (order.doc_number if order else None)
    number = number or titled or _number_of(caption)
    body, doubts = build_body(found.body, amends=_amends(title))
    if title is None and body and body[0].type is BodyType.ATTACHMENT:
        # A file that is an annex by itself goes by the annex's title.
        title = body[0].heading
    if excerpt and title and is_code(title):
        doubts = (*doubts, excerpt.finding(title))
        title = excerpt.title_within(title)
    published, why = _published(labels, caption, info)
    published = published or _ordered(part.order, order)
    draft = Draft(
        title=title,
        source=info,
        doc_number=number,
        registry_number=labels.get("registry_number"),
        index_number=labels.get("index_number"),
        issuers=_issuers(labels, found, order, title, number, caption),
        kind=find_kind(title),
        theme=labels.get("theme"),
        keywords=tuple(labels.get("keywords", "").replace("\u3000", " ").split()),
        recipients=found.recipients,
        signed_date=_day(labels, "signed_date") or (order.signed if order else None) or found.signed,
        published_date=published,
        effective_date=_day(labels, "effective_date") or caption.effective,
        expiry_date=_day(labels, "expiry_date"),
        disclosure=found.disclosure or (order.disclosure if order else None) or labels.get("disclosure"),
        validity_label=labels.get("validity_label") or label,
        language="en" if is_english(part.blocks) else "zh",
        history=caption.entries,
        body=body,
        notes=(*(_order_text(part.order)), *found.notes, *reading.notes),
        attachments=_attachments(found, reading.links),
        findings=(*doubts, *why),
    )
    return _finish(draft, part.blocks)


def _describe_standard(cover: Cover, part: Part, reading: Reading, info: SourceInfo) -> Draft:
    """A standard: its cover says what it is, the text follows."""
    body, doubts = build_body(drop_contents(part.blocks[cover.end :]), amends=False)
    draft = Draft(
        title=cover.title,
        source=info,
        doc_number=cover.number,
        issuers=cover.issuers,
        kind="标准",
        signed_date=cover.issued,
        published_date=cover.issued,
        effective_date=cover.effective,
        body=body,
        notes=reading.notes,
        attachments=_attachments(Elements(), reading.links),
        findings=doubts,
    )
    finished = _finish(draft, part.blocks)
    return replace(finished, effects=(*cover.effects(), *finished.effects))


def describe_carried(part: Part, carrier: Draft, reading: Reading) -> Draft:
    """A document that the first one of the source prints and distributes: they share number, signers and days."""
    found = read_elements(part.blocks)
    caption = read_caption(found.caption)
    body, doubts = build_body(found.body, amends=False)
    draft = Draft(
        title=_title(found.title)[0],
        source=carrier.source,
        doc_number=found.doc_number or carrier.doc_number,
        issuers=carrier.issuers,
        kind=find_kind(found.title),
        theme=carrier.theme,
        signed_date=found.signed or carrier.signed_date,
        published_date=carrier.published_date,
        effective_date=_day(reading.labels, "effective_date") or caption.effective,
        expiry_date=_day(reading.labels, "expiry_date"),
        disclosure=carrier.disclosure,
        history=caption.entries,
        body=body,
        notes=found.notes,
        findings=doubts,
        carried_by=0,
    )
    return _finish(draft, part.blocks)


def _finish(draft: Draft, blocks: Sequence[Block]) -> Draft:
    """Read what the body does and cites; its own words give the days that neither page nor 题注 gave."""
    effects = find_effects(
        draft.body,
        title=draft.title,
        doc_number=draft.doc_number,
        signed=draft.signed_date,
        published=draft.published_date,
        history=draft.history,
    )
    begins, ends = commencement(effects), expiry(effects)
    scan = tuple(line for block in blocks for line in block.scan)
    return replace(
        draft,
        effects=effects,
        citations=cite_body(draft.body, language=draft.language),
        effective_date=draft.effective_date or (begins.date if begins else None),
        expiry_date=draft.expiry_date or (ends.date if ends else None),
        findings=(*draft.findings, *check_draft(draft, blocks, effects)),
        scan=scan,
    )


def _known_title(labels: Mapping[str, str]) -> tuple[str | None, DocNumber | None]:
    """What the page calls its document, and the number printed with that name. The official title stays as it is; from
    a heading the number is taken off."""
    title, number = part_title(labels.get("title") or labels.get("heading") or "")
    return labels.get("title") or title or None, number


def _title(text: str | None) -> tuple[str | None, str | None]:
    """The title without a site's own mark and without 《》 around the whole of it, and that mark (【已失效】)."""
    if text is None:
        return None, None
    match = _MARKED_INVALID.match(text)
    title = text[match.end() :] if match else text
    named = find_titles(title)
    if named and named[0][1] == (0, len(title)):
        title = named[0][0]
    return title, match[1] if match else None


def _amends(title: str | None) -> bool:
    return title is not None and ("修改" in title or "修正案" in title or "决定" in title)


def _day(labels: Mapping[str, str], name: str) -> dt.date | None:
    text = labels.get(name)
    return (parse_date(text) or find_date(text)) if text else None


def _number_of(caption: Caption) -> DocNumber | None:
    """The number of the order that promulgated the text, where its 题注 names one."""
    for entry in reversed(caption.entries):
        if entry.kind == "promulgated" and entry.act and (number := parse_doc_number(entry.act)):
            return number
    return None


def _issuers(
    labels: Mapping[str, str],
    found: Elements,
    order: Elements | None,
    title: str | None,
    number: DocNumber | None,
    caption: Caption,
) -> tuple[str, ...]:
    """Who issued it: the page's 发文机关, the signature, the title, the number's series, the 题注, the publisher."""
    if labelled := labels.get("issuers"):
        return split_agencies(labelled) or (labelled,)
    return (
        found.signers
        or issuers_of_title(title or "")
        or issuers_of_title(found.title or "")
        or (order.signers if order else ())
        or issuer_of_number(number)
        or ((caption.issuer,) if caption.issuer else ())
        or split_agencies(labels.get("publisher", ""))
    )


def _published(
    labels: Mapping[str, str], caption: Caption, info: SourceInfo
) -> tuple[dt.date | None, tuple[Finding, ...]]:
    """The day of 公布 or 发布 of this version: what the page says, else the 题注, else the name of the file."""
    day = _day(labels, "published_date")
    if day is not None:
        return day, ()
    last = caption.last
    named = _NAME_DAY.search(info.name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    name_day = parse_date(named[1]) if named else None
    from_name = Finding(level=Level.INFO, code="date.from_name", message="公布日期取自文件名，正文未载明")
    if name_day is not None and (last is None or last.date is None or name_day > last.date):
        return name_day, (from_name,)
    if last is None or last.date is None:
        return None, ()
    if last.date in caption.ordered or any(e.kind == "promulgated" and e.date == last.date for e in caption.entries):
        return last.date, ()
    if caption.national and last.date >= PRESIDENT_SINCE:
        message = "题注未载公布日期；法律由国家主席于通过当日公布，取通过或修改之日"
        return last.date, (Finding(level=Level.INFO, code="date.promulgated_when_adopted", message=message),)
    return (name_day, (from_name,)) if name_day == last.date else (None, ())


def _ordered(blocks: Sequence[Block], order: Elements | None) -> dt.date | None:
    """The day of an order (令) that publishes the text (现予公布): it publishes by being issued."""
    is_public = order is not None and any(_PUBLISHES.search(block.text) for block in blocks)
    return order.signed if order and is_public else None


def _order_text(order: Sequence[Block]) -> tuple[str, ...]:
    """The order as one note, from its head (…令) on: before it a page may print the title and its own furniture."""
    start = next((at for at, block in enumerate(order) if _ORDER_HEAD.search(block.text)), 0)
    return ("\n".join(block.text for block in order[start:]),) if order else ()


def _attachments(found: Elements, links: Sequence[Block]) -> tuple[Attachment, ...]:
    """Attachments the text names, and the files the page links to."""
    linked = [Attachment(title=link.text or (link.href or "").rsplit("/", 1)[-1], url=link.href) for link in links]
    titles = {attachment.title for attachment in linked}
    named = [Attachment(title=name) for name in found.attached if not any(name in title for title in titles)]
    return (*named, *linked)
