"""What a check says of a file: tables with their schema and preview, and problems by row and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gazette.errors import Finding, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem. `row` is the row in the file as it came, from 1; None where it concerns a column or the file."""

    level: Level
    code: str
    message: str
    row: int | None = None
    field: str | None = None
    cell: str | None = None

    @classmethod
    def from_finding(cls, finding: Finding) -> Problem:
        return cls(level=finding.level, code=finding.code, message=finding.message, row=finding.locator.line)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "level": self.level.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """One table of a file.

    `expected` is the schema it was checked against, `schema` the one it keeps: without the constraints it breaks, and
    with cells of a wrong type declared as no value. So a package never promises what its data does not keep.
    `problem_count` counts all problems, `problems` lists the first of them.
    """

    sheet: str
    title: str | None
    notes: tuple[str, ...]
    rows: int
    expected: dict[str, Any]
    schema: dict[str, Any]
    header: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]
    problem_count: Mapping[str, int]
    csv_sha256: str
    csv_bytes: int

    @property
    def valid(self) -> bool:
        return not self.problem_count.get(Level.ERROR.value)

    def to_json(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in self.__slots__}
        return data | {
            "notes": list(self.notes),
            "header": list(self.header),
            "preview": [list(row) for row in self.preview],
            "problems": [problem.to_json() for problem in self.problems],
            "problem_count": dict(self.problem_count),
            "valid": self.valid,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TableReport:
        values = {name: data[name] for name in cls.__slots__}
        return cls(
            **values
            | {
                "notes": tuple(data["notes"]),
                "header": tuple(data["header"]),
                "preview": tuple(tuple(row) for row in data["preview"]),
                "problems": tuple(Problem(**each | {"level": Level(each["level"])}) for each in data["problems"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The check of one file; a file that cannot be read raises instead."""

    name: str
    sha256: str
    bytes: int
    media_type: str
    charset: str | None
    tables: tuple[TableReport, ...]

    @property
    def valid(self) -> bool:
        """No problem of level error."""
        return all(table.valid for table in self.tables)

    def lines(self) -> Iterator[str]:
        """The report for a person at a terminal."""
        for number, table in enumerate(self.tables, 1):
            name = table.title or table.sheet or f"表 {number}"
            verdict = "校验通过" if table.valid else "校验未通过"
            yield f"{self.name}：{name}，{table.rows} 行 {len(table.header)} 列，{verdict}"
            for problem in table.problems:
                yield f"  [{problem.level.value}] {problem.message}"

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "media_type": self.media_type,
            "charset": self.charset,
            "valid": self.valid,
            "tables": [table.to_json() for table in self.tables],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        known = {name: data[name] for name in cls.__slots__ if name != "tables"}
        return cls(**known, tables=tuple(TableReport.from_json(table) for table in data["tables"]))
