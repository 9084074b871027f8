"""The checking process: reads one file of a stranger, cleans its tables and has frictionless validate them.

Started by `datasets.check` as `python -m datasets.check_worker` inside a folder of its own; it locks itself in before
it reads the request (one JSON object on standard input) and answers with one JSON object. Each cleaned table lies in
the folder as `table-N.csv`.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from datasets import cells
from datasets.report import Problem, Report, TableReport
from datasets.schema import Column, infer_columns, plain_rows, schema_json
from datasets.settings import DatasetSettings
from datasets.sources import read_grids, sniff
from datasets.tables import Table, find_tables
from gazette.blobs import sha256_of
from gazette.digitization.sandbox_worker import lock_in
from gazette.errors import GongbaoError, Level

#: More different wrong values than this, and the column is published as text.
_MAX_ODD_VALUES = 20
#: Problems after which frictionless stops looking.
_MAX_FOUND = 100_000
_NOTE = re.compile(r'constraint "(\w+)" is "(.*)"', re.DOTALL)


def check_here(path: Path, name: str, folder: Path, hints: Mapping[str, Any], settings: DatasetSettings) -> Report:
    """Read, clean, validate; the cleaned tables stay in `folder`."""
    data = path.read_bytes()
    media_type = sniff(data, name)
    tables = find_tables(read_grids(data, name, settings))
    reports = tuple(
        _check_table(table, folder / f"table-{number}.csv", hints, settings) for number, table in enumerate(tables)
    )
    return Report(
        name=name,
        sha256=sha256_of(data),
        bytes=len(data),
        media_type=media_type,
        charset=tables[0].charset if tables else None,
        tables=reports,
    )


def _check_table(table: Table, file: Path, hints: Mapping[str, Any], settings: DatasetSettings) -> TableReport:
    columns = infer_columns(table, hints)
    rows = list(plain_rows(table, columns))
    _write_csv(file, [table.header, *rows])
    found = list(_validate(file, columns, table.lines))
    kept = tuple(_iter_kept_columns(columns, found))
    problems = [
        *(Problem.from_finding(finding) for finding in table.findings),
        *_describe_changes(table, columns, rows),
        *_find_personal_data(table),
        *_find_lost_zeros(table, columns, rows),
        *found,
    ]
    problems.sort(key=lambda each: (-list(Level).index(each.level), each.row or 0))
    data = file.read_bytes()
    return TableReport(
        sheet=table.name,
        title=table.title,
        notes=table.notes,
        rows=len(rows),
        expected=schema_json(columns),
        schema=schema_json(kept),
        header=table.header,
        preview=tuple(rows[: settings.preview_rows]),
        problems=tuple(problems[: settings.max_problems]),
        problem_count=Counter(problem.level.value for problem in problems),
        csv_sha256=sha256_of(data),
        csv_bytes=len(data),
    )


def _write_csv(file: Path, rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 without a mark, lines ended by LF, quoted where needed: the same rows are the same bytes."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def _validate(file: Path, columns: Sequence[Column], lines: Sequence[int]) -> Iterator[Problem]:
    """What frictionless finds, by row of the original file."""
    from frictionless import Checklist, Dialect, Resource, Schema
    from frictionless.checks import duplicate_row  # type: ignore[attr-defined]
    from frictionless.formats.csv import CsvControl

    descriptor = schema_json(columns)
    resource = Resource(
        path=file.name,
        basepath=str(file.parent),
        format="csv",
        encoding="utf-8",
        schema=Schema.from_descriptor(descriptor),
        dialect=Dialect(controls=[CsvControl(delimiter=",", line_terminator="\n")]),
    )
    types = {column.name: column.type for column in columns}
    report = resource.validate(Checklist(checks=[duplicate_row()]), limit_errors=_MAX_FOUND)
    for error in (error for task in report.tasks for error in task.errors):
        found = error.to_descriptor()
        position = found.get("rowNumber")
        row = lines[position - 2] if position and position >= 2 else None
        yield _problem(found, row, types.get(found.get("fieldName", ""), "string"))


def _problem(error: Mapping[str, Any], row: int | None, kind: str) -> Problem:
    code = error["type"]
    words = _load_words()
    note = error.get("note", "")
    if constraint := _NOTE.fullmatch(note):
        template = words["constraint"].get(constraint[1])
        note = template.format(value=constraint[2]) if template else note
        if constraint[1] == "required":
            code = "required"
    facts = {
        "row": row or "?",
        "field": error.get("fieldName", ""),
        "cell": str(error.get("cell", ""))[:80],
        "type": words["type"].get(kind, kind),
        "note": note,
        "code": code,
    }
    template = words["message"].get(error["type"], words["message"]["other"])
    return Problem(
        # A repeated row may be meant; everything else contradicts what the column says.
        level=Level.WARNING if code == "duplicate-row" else Level.ERROR,
        code=code,
        message=template.format(**facts),
        row=row,
        field=error.get("fieldName"),
        cell=error.get("cell"),
    )


@cache
def _load_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("datasets").joinpath("data/problems.toml").read_text("utf-8"))


def _iter_kept_columns(columns: Sequence[Column], problems: Sequence[Problem]) -> Iterator[Column]:
    """The columns with only the promises that the data keeps; none where there are too many problems to know."""
    if len(problems) >= _MAX_FOUND:
        yield from (replace(column, form="text", constraints={}, missing=()) for column in columns)
        return
    for column in columns:
        mine = [problem for problem in problems if problem.field == column.name]
        odd = {problem.cell or "" for problem in mine if problem.code == "type-error"}
        if len(odd) > _MAX_ODD_VALUES:
            column = replace(column, form="text", constraints={})
        elif odd:
            column = replace(column, missing=(*column.missing, *sorted(odd)))
        broken = any(problem.code != "type-error" for problem in mine) or (odd and column.constraints)
        yield replace(column, constraints={}) if broken else column


def _describe_changes(table: Table, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """What cleaning rewrote, by column: nothing is changed in silence."""
    for position, column in enumerate(columns):
        emptied = rewritten = 0
        example = None
        for before, after in zip(table.rows, rows, strict=True):
            if before[position] == after[position]:
                continue
            emptied += not after[position]
            if after[position]:
                rewritten += 1
                example = example or (before[position], after[position])
        if emptied:
            message = f"“{column.name}”有 {emptied} 格以符号表示无值，已改为空白"
            yield Problem(level=Level.INFO, code="cell.missing", message=message, field=column.name)
        if example:
            message = f"“{column.name}”有 {rewritten} 格已改写，如“{example[0][:40]}”改为“{example[1][:40]}”"
            yield Problem(level=Level.INFO, code="cell.rewritten", message=message, field=column.name)


def _find_personal_data(table: Table) -> Iterator[Problem]:
    """Identity numbers must not be published as they are (个人信息保护法 第七十三条, 政府信息公开条例 第十五条); a
    column of mobile numbers deserves a look, for an office's hotline may be one."""
    for position, name in enumerate(table.header):
        identities = mobiles = 0
        first = None
        for row, line in zip(table.rows, table.lines, strict=True):
            text = cells.fold(row[position])
            if len(text) == 18 and cells.is_id_number(text):
                identities += 1
                first = first or line
            mobiles += len(text) == 11 and cells.is_mobile(text)
        if identities:
            message = f"“{name}”有 {identities} 个居民身份证号，公开前须去标识化"
            yield Problem(level=Level.ERROR, code="personal.id_number", message=message, row=first, field=name)
        if mobiles:
            message = f"“{name}”有 {mobiles} 个手机号码，请核对是否为对外公布的办公电话"
            yield Problem(level=Level.WARNING, code="personal.mobile", message=message, field=name)


def _find_lost_zeros(table: Table, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """Codes of one length, a few of them one digit shorter: a spreadsheet has eaten the zero in front."""
    for position, column in enumerate(columns):
        if column.form != "code":
            continue
        codes = [
            (row[position], line) for row, line in zip(rows, table.lines, strict=True) if row[position].isdecimal()
        ]
        lengths = Counter(len(code) for code, _ in codes)
        if len(codes) < 10 or not lengths:
            continue
        usual, count = lengths.most_common(1)[0]
        if count < 0.8 * len(codes) or not any(code.startswith("0") for code, _ in codes if len(code) == usual):
            continue
        for code, line in codes:
            if len(code) == usual - 1:
                message = f"第{line}行“{column.name}”的值“{code}”比其他编码少一位，可能丢失了开头的 0"
                yield Problem(
                    level=Level.WARNING, code="cell.lost_zero", message=message, row=line, field=column.name, cell=code
                )


def _answer(request: Mapping[str, Any], settings: DatasetSettings) -> dict[str, Any]:
    """What was asked for: the report on a file, or its sheets as they came."""
    path, name = Path(request["path"]), request["name"]
    if request.get("sheets"):
        return {"sheets": [(grid.name, grid.rows) for grid in read_grids(path.read_bytes(), name, settings)]}
    return {"report": check_here(path, name, Path.cwd(), request["hints"], settings).to_json()}


def main() -> None:
    request = json.load(sys.stdin)
    settings = DatasetSettings(**request["settings"])
    lock_in(settings.check_memory_bytes, settings.max_unpacked_bytes)
    # Nothing a library prints may get between the answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        answer: dict[str, Any] = _answer(request, settings)
    except GongbaoError as error:
        answer = {"error": {"code": error.code, "facts": error.facts}}
    except (MemoryError, RecursionError):
        answer = {"error": {"code": "table.too_large", "facts": {"name": request["name"], "why": "超出内存限制"}}}
    json.dump(answer, answers, ensure_ascii=False)
    answers.flush()


if __name__ == "__main__":
    main()
