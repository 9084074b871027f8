"""The sheets of an export: which facts of the record stand in which column.

One row of the tables below is one column of a file, with its Table Schema type and its Chinese title; adding a fact
to the exports is adding a line here. Statuses are exported as dated intervals, never as "now", so that a file is right
on any day it is read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gazette.draft import walk
from gazette.issues.gazettes import Issue
from gazette.record.reading import DocumentRecord
from gazette.record.tombstones import Tombstone

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One CSV file. `columns` are (name, type, Chinese title); `key` names its primary key."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]
    key: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self.columns)

    def schema(self) -> dict[str, Any]:
        fields = [{"name": name, "type": kind, "title": title} for name, kind, title in self.columns]
        return {"fields": fields, "missingValues": [""]} | ({"primaryKey": list(self.key)} if self.key else {})


DOCUMENTS = Sheet(
    name="documents",
    title="文件",
    key=("id",),
    columns=(
        ("id", "string", "文件标识"),
        ("title", "string", "标题"),
        ("doc_number", "string", "发文字号"),
        ("registry_number", "string", "登记号"),
        ("index_number", "string", "索引号"),
        ("issuers", "string", "发文机关"),
        ("kind", "string", "文种"),
        ("theme", "string", "主题分类"),
        ("keywords", "string", "关键词"),
        ("current_version", "string", "现行版本"),
        ("first_published_at", "datetime", "首次收录时间"),
        ("updated_at", "datetime", "更新时间"),
    ),
)
VERSIONS = Sheet(
    name="versions",
    title="文件版本",
    key=("id",),
    columns=(
        ("id", "string", "版本标识"),
        ("document", "string", "文件标识"),
        ("title", "string", "标题"),
        ("doc_number", "string", "发文字号"),
        ("version_date", "date", "版本日期"),
        ("signed_date", "date", "成文日期"),
        ("published_date", "date", "公布日期"),
        ("effective_date", "date", "施行日期"),
        ("expiry_date", "date", "失效日期"),
        ("language", "string", "语言"),
        ("is_translation", "boolean", "是否译本"),
    ),
)
EVENTS = Sheet(
    name="events",
    title="效力事件",
    columns=(
        ("id", "string", "事件标识"),
        ("kind", "string", "事件类型"),
        ("date", "date", "生效日期"),
        ("date_rule", "string", "日期依据"),
        ("document", "string", "对象文件"),
        ("version", "string", "对象版本"),
        ("target_title", "string", "对象标题"),
        ("target_number", "string", "对象文号"),
        ("scope", "string", "范围"),
        ("provisions", "string", "条款"),
        ("act_document", "string", "依据文件"),
        ("act_version", "string", "依据版本"),
        ("act_title", "string", "依据标题"),
        ("quote", "string", "原文"),
        ("source_url", "string", "来源网址"),
        ("origin", "string", "来源类别"),
        ("label", "string", "官方标注"),
        ("state", "string", "审核状态"),
        ("confidence", "number", "置信度"),
        ("known_from", "datetime", "记录起"),
        ("known_to", "datetime", "记录止"),
    ),
)
INTERVALS = Sheet(
    name="intervals",
    title="效力区间",
    columns=(
        ("document", "string", "文件标识"),
        ("version", "string", "版本标识"),
        ("eid", "string", "条款地址"),
        ("status", "string", "效力状态"),
        ("valid_from", "date", "起始日（含）"),
        ("valid_to", "date", "终止日（不含）"),
        ("basis", "string", "依据类别"),
    ),
)
IDENTIFIERS = Sheet(
    name="identifiers",
    title="文件名称与编号",
    columns=(
        ("document", "string", "文件标识"),
        ("kind", "string", "类别"),
        ("value", "string", "规范形式"),
        ("raw", "string", "原文形式"),
    ),
)
COPIES = Sheet(
    name="copies",
    title="文件副本",
    columns=(
        ("version", "string", "版本标识"),
        ("sha256", "string", "校验值"),
        ("place", "string", "来源地址"),
        ("name", "string", "文件名"),
        ("media_type", "string", "媒体类型"),
        ("bytes", "integer", "字节数"),
        ("source", "string", "采集来源"),
        ("fetched_at", "datetime", "取得时间"),
    ),
)
RELATIONS = Sheet(
    name="relations",
    title="文件关系",
    columns=(
        ("document", "string", "文件标识"),
        ("relation", "string", "关系"),
        ("other", "string", "相关文件标识"),
        ("title", "string", "相关文件标题"),
        ("doc_number", "string", "相关文件文号"),
        ("quote", "string", "原文"),
    ),
)
ISSUES = Sheet(
    name="issues",
    title="公报期次",
    key=("id",),
    columns=(
        ("id", "string", "期次标识"),
        ("gazette", "string", "公报标识"),
        ("gazette_name", "string", "公报名称"),
        ("year", "integer", "年份"),
        ("number", "integer", "期号"),
        ("running_number", "integer", "总期号"),
        ("cover_date", "date", "出版日期"),
        ("pages", "integer", "页数"),
        ("sha256", "string", "整期PDF校验值"),
        ("published_at", "datetime", "发布时间"),
    ),
)
ENTRIES = Sheet(
    name="entries",
    title="公报目录",
    columns=(
        ("issue", "string", "期次标识"),
        ("position", "integer", "序号"),
        ("column", "string", "栏目"),
        ("title", "string", "标题"),
        ("document", "string", "文件标识"),
        ("version", "string", "版本标识"),
        ("page_from", "integer", "起始页"),
        ("page_to", "integer", "终止页"),
    ),
)
TOMBSTONES = Sheet(
    name="tombstones",
    title="撤下与合并的文件",
    key=("document",),
    columns=(
        ("document", "string", "文件标识"),
        ("title", "string", "标题"),
        ("state", "string", "状态"),
        ("withdrawn_at", "datetime", "撤下时间"),
        ("reason", "string", "理由"),
        ("merged_into", "string", "并入文件"),
    ),
)


def _documents(record: DocumentRecord) -> Iterator[Row]:
    yield (
        record.id,
        record.title,
        record.doc_number,
        record.registry_number,
        record.index_number,
        record.issuers,
        record.kind,
        record.theme,
        record.keywords,
        record.current.id,
        record.first_published_at,
        record.updated_at,
    )


def _versions(record: DocumentRecord) -> Iterator[Row]:
    for version in record.versions:
        yield (
            version.id,
            record.id,
            version.title,
            version.doc_number,
            version.version_date,
            version.signed_date,
            version.published_date,
            version.effective_date,
            version.expiry_date,
            version.language,
            version.is_translation,
        )


def _events(record: DocumentRecord) -> Iterator[Row]:
    for event in record.events:
        yield (
            event.id,
            event.kind.value,
            event.date,
            event.date_rule,
            event.document,
            event.version,
            event.target_title,
            event.target_number,
            event.scope,
            event.provisions,
            event.act_document,
            event.act_version,
            event.act_title,
            event.quote,
            event.source_url,
            event.origin.value,
            event.label,
            event.state.value,
            event.confidence,
            event.known_from,
            event.known_to,
        )


def _intervals(record: DocumentRecord) -> Iterator[Row]:
    for version in record.versions:
        for each in version.intervals:
            yield record.id, version.id, each.eid, each.status.value, each.valid_from, each.valid_to, each.basis


def _identifiers(record: DocumentRecord) -> Iterator[Row]:
    for each in record.identifiers:
        yield record.id, each.kind, each.value, each.raw


def _copies(record: DocumentRecord) -> Iterator[Row]:
    for version in record.versions:
        for copy in version.copies:
            yield (
                version.id,
                copy.sha256,
                copy.place,
                copy.name,
                copy.media_type,
                copy.bytes,
                copy.source,
                copy.fetched_at,
            )


def _relations(record: DocumentRecord) -> Iterator[Row]:
    for each in record.related:
        yield record.id, each.relation, each.document, each.title, each.doc_number, each.quote


#: What one document contributes to each sheet.
OF_DOCUMENT: Mapping[str, tuple[Sheet, Callable[[DocumentRecord], Iterable[Row]]]] = {
    sheet.name: (sheet, rows)
    for sheet, rows in (
        (DOCUMENTS, _documents),
        (VERSIONS, _versions),
        (EVENTS, _events),
        (INTERVALS, _intervals),
        (IDENTIFIERS, _identifiers),
        (COPIES, _copies),
        (RELATIONS, _relations),
    )
}
SHEETS = (*(sheet for sheet, _ in OF_DOCUMENT.values()), ISSUES, ENTRIES, TOMBSTONES)


def text_lines(record: DocumentRecord) -> Iterator[str]:
    """The texts of a document's versions as JSON lines: plain text, and the structured body with its addresses."""
    for version in record.versions:
        value = {
            "version": version.id,
            "document": record.id,
            "title": version.title,
            "text": "\n".join(node.full_text() for node in version.body),
            "articles": sum(node.type.value == "article" for node in walk(version.body)),
            "body": [node.to_json() for node in version.body],
            "notes": list(version.notes),
        }
        yield json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"


def issue_row(issue: Issue) -> Row:
    return (
        issue.id,
        issue.gazette,
        issue.gazette_name,
        issue.year,
        issue.number,
        issue.running_number,
        issue.cover_date,
        issue.pages,
        issue.sha256,
        issue.published_at,
    )


def entry_rows(issue: Issue) -> Iterator[Row]:
    for entry in issue.entries:
        yield (
            issue.id,
            entry.position,
            entry.column,
            entry.title,
            entry.document,
            entry.version,
            entry.page_from,
            entry.page_to,
        )


def tombstone_row(stone: Tombstone) -> Row:
    return stone.document, stone.title, stone.state.value, stone.withdrawn_at, stone.reason, stone.merged_into


def printed(value: Any) -> str:
    """A value as it stands in a CSV cell: ISO dates in UTC, true and false, lists joined by 「；」."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "；".join(map(str, value))
    return str(value)
