"""The page of a dataset: what it is, its fields, its table to filter and page through, its problems, its downloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from datasets.dataset import Dataset, Resource
from datasets.query import OPERATORS, Filter, Sort, TablePage

#: Rows of a table on one page.
ROWS = 100

#: Words for the field types of Table Schema.
TYPES = {
    "string": _l("文字"),
    "integer": _l("整数"),
    "number": _l("数值"),
    "date": _l("日期"),
    "datetime": _l("日期和时间"),
    "year": _l("年份"),
    "boolean": _l("是否"),
}

OPERATOR_WORDS = {
    "eq": _l("等于"),
    "ne": _l("不等于"),
    "contains": _l("包含"),
    "starts": _l("开头是"),
    "lt": _l("小于"),
    "le": _l("不大于"),
    "gt": _l("大于"),
    "ge": _l("不小于"),
    "empty": _l("为空"),
    "filled": _l("不为空"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a table: one condition, one order."""

    column: str
    operator: str
    value: str
    sort: str

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Question:
        operator = args.get("op", "contains")
        return cls(
            column=args.get("column", ""),
            operator=operator if operator in OPERATORS else "contains",
            value=args.get("value", "")[:200],
            sort=args.get("sort", ""),
        )

    @property
    def filters(self) -> tuple[Filter, ...]:
        if not self.column or (OPERATORS[self.operator].takes_value and not self.value):
            return ()
        return (Filter(column=self.column, operator=self.operator, value=self.value),)

    @property
    def order(self) -> Sort | None:
        if not self.sort:
            return None
        return Sort(column=self.sort.removeprefix("-"), descending=self.sort.startswith("-"))

    def args(self, **changed: Any) -> dict[str, Any]:
        asked = bool(self.filters)
        args = {
            "column": self.column if asked else None,
            "op": self.operator if asked else None,
            "value": self.value if asked else None,
            "sort": self.sort or None,
        }
        return {name: value for name, value in {**args, **changed}.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCell:
    """One column's head: the address that sorts by it, and how it is sorted now (for aria-sort)."""

    name: str
    title: str
    url: str
    sorted: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One page of a resource's table as shown."""

    resource: Resource
    question: Question
    page: TablePage
    head: tuple[HeadCell, ...]


def view_table(dataset: Dataset, resource: Resource, question: Question, page: TablePage) -> TableView:
    titles = {field["name"]: field.get("title") or field["name"] for field in resource.schema.get("fields", ())}
    return TableView(
        resource=resource,
        question=question,
        page=page,
        head=tuple(_head_cell(dataset, resource, question, name, titles) for name in page.columns),
    )


def problems(resource: Resource) -> tuple[Mapping[str, Any], ...]:
    """What the check found in a resource, the first of it."""
    found: list[Mapping[str, Any]] = list(resource.report.get("problems", ()))
    return tuple(found[:50])


def _head_cell(
    dataset: Dataset, resource: Resource, question: Question, name: str, titles: Mapping[str, str]
) -> HeadCell:
    ascending, descending = question.sort == name, question.sort == f"-{name}"
    args = question.args(sort=f"-{name}" if ascending else name)
    return HeadCell(
        name=name,
        title=titles.get(name, name),
        url=url_for("datasets.show", name=dataset.name, table=resource.name, _anchor="table", **args),
        sorted="ascending" if ascending else "descending" if descending else None,
    )
