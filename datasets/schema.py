"""The schema of a table: the type of each column, and its cells in plain form.

Names made of digits (代码, 电话, 证件号) stay text with their leading zeros; dates, percentages, 是/否 and full-width
figures become what programs read. A column has a type when nearly all of its cells fit; the others are the problems a
check reports, and are kept as printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from datasets import cells
from datasets.tables import Table
from datasets.words import says, vocabulary
from gazette.errors import BadInput

#: From this share of fitting cells on, the others are errors; below, the column is text.
_FITTING_SHARE = 0.9
#: Fewer cells than this must all fit: one of three is no error but another kind of column.
_FEW_CELLS = 10
_SAMPLE = 5000
_KEY_SHARE = 0.95
_LONGEST_INTEGER = 15
_CONSTRAINTS = frozenset({"unique", "required", "minimum", "maximum", "minLength", "maxLength", "enum", "pattern"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way of writing values: its Table Schema type and the reader of a folded cell."""

    type: str
    read: Callable[[str], str | None]


#: In order of preference where two fit the same cells.
FORMS: Mapping[str, Form] = {
    "boolean": Form(type="boolean", read=cells.boolean),
    "year": Form(type="year", read=cells.year),
    "integer": Form(type="integer", read=cells.integer),
    "number": Form(type="number", read=cells.number),
    "percent": Form(type="number", read=cells.percent),
    "date": Form(type="date", read=cells.date),
    "datetime": Form(type="datetime", read=cells.moment),
    "code": Form(type="string", read=lambda text: text),
    "text": Form(type="string", read=lambda text: None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is expected of a column. `missing` are cells that are read as no value besides the empty one."""

    name: str
    form: str
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    description: str | None = None

    @property
    def type(self) -> str:
        return FORMS[self.form].type

    def to_json(self) -> dict[str, Any]:
        """The column as a Table Schema field."""
        data: dict[str, Any] = {"name": self.name, "type": self.type}
        description = self.description or ("单位：%" if self.form == "percent" else None)
        if description:
            data["description"] = description
        if self.form == "boolean":
            data["trueValues"] = sorted(vocabulary("true"))
            data["falseValues"] = sorted(vocabulary("false"))
        if self.missing:
            data["missingValues"] = ["", *self.missing]
        if self.constraints:
            data["constraints"] = dict(self.constraints)
        return data


def infer_columns(table: Table, hints: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[Column, ...]:
    """What each column holds. `hints` by column name say what the publisher declares: `form`, `description`, `missing`
    (words that stand for no value) and constraints (unique, required, minimum, maximum, enum, pattern)."""
    hints = hints or {}
    return tuple(
        _declare(_infer_column(name, [row[position] for row in table.rows]), hints.get(name, {}))
        for position, name in enumerate(table.header)
    )


def schema_json(columns: Sequence[Column]) -> dict[str, Any]:
    """A Table Schema descriptor."""
    return {"fields": [column.to_json() for column in columns], "missingValues": [""]}


def plain_rows(table: Table, columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    """The rows with every cell in plain form; what does not fit its column stays as printed."""
    forms = [column.form for column in columns]
    for row in table.rows:
        yield tuple(plain_cell(text, form) for text, form in zip(row, forms, strict=True))


def plain_cell(text: str, form: str) -> str:
    """One cell: empty where it says "no value" (—, /, 无数据), else its plain form, else as printed."""
    folded = cells.fold(text)
    if form == "text":
        return "" if cells.is_missing(folded) and not any(map(str.isalnum, folded)) else text
    if cells.is_missing(folded):
        return ""
    return FORMS[form].read(folded) or text


def _infer_column(name: str, texts: Sequence[str]) -> Column:
    values = [folded for folded in map(cells.fold, _sample(texts)) if not cells.is_missing(folded)]
    if says("code", cells.fold(name)) or _has_codes(texts):
        return Column(name=name, form="code", constraints=_key_constraints(name, texts))
    return Column(name=name, form=_fitting_form(name, values), constraints=_key_constraints(name, texts))


def _fitting_form(name: str, values: Sequence[str]) -> str:
    if not values:
        return "text"
    fits = {form: sum(FORMS[form].read(value) is not None for value in values) for form in FORMS if form != "code"}
    best = max(fits, key=lambda form: fits[form])
    if fits[best] < len(values) and (len(values) < _FEW_CELLS or fits[best] < _FITTING_SHARE * len(values)):
        return "text"
    if best == "boolean" and not any(value in vocabulary("true") for value in values):
        return "text"
    if best == "year" and "年" not in name and not any("年" in value for value in values):
        return "integer"
    return best


def _sample(texts: Sequence[str]) -> Sequence[str]:
    return texts if len(texts) <= _SAMPLE else texts[:: len(texts) // _SAMPLE + 1]


def _has_codes(texts: Sequence[str]) -> bool:
    """A figure with a leading zero, or longer than any quantity, names a thing; mobile numbers do too."""
    mobiles = figures = 0
    for text in map(cells.fold, texts):
        if not text or not text[-1].isalnum() or not text[0].isdigit():
            continue
        if text.isdecimal() and (cells.has_leading_zero(text) or len(text) > _LONGEST_INTEGER):
            return True
        figures += 1
        mobiles += cells.is_mobile(text)
    return bool(mobiles) and mobiles >= 0.5 * figures


def _key_constraints(name: str, texts: Sequence[str]) -> Mapping[str, Any]:
    """A column named like a key whose values hardly ever repeat is one: a repetition is then a problem."""
    if len(texts) < _FEW_CELLS or not says("key", cells.fold(name)):
        return {}
    values = Counter(text for text in map(cells.fold, texts) if not cells.is_missing(text))
    if sum(values.values()) < _KEY_SHARE * len(texts) or len(values) < _KEY_SHARE * len(texts):
        return {}
    return {"required": True, "unique": True}


def _declare(column: Column, hint: Mapping[str, Any]) -> Column:
    known: dict[str, Any] = {key: hint[key] for key in ("form", "description") if key in hint}
    constraints = {key: value for key, value in hint.items() if key not in {"form", "description", "missing"}}
    if known.get("form", column.form) not in FORMS or not set(constraints) <= _CONSTRAINTS:
        raise BadInput(why=f"列“{column.name}”的声明有误：{dict(hint)}")
    missing = tuple(map(str, hint.get("missing", column.missing)))
    return replace(column, **known, missing=missing, constraints={**column.constraints, **constraints})
