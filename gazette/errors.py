"""Doubt and defeat.

A *finding* is doubt: it is recorded and work goes on. An *error* is defeat: it is raised once, carries a stable
code, a message in two languages and the place concerned, and is put into words by the web, the API and the
command line, once each.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from gazette.phrases import phrase_book


class Level(StrEnum):
    """How grave a finding is; only ERROR makes a command exit 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where in a text something stands; unknown parts are None. `box` is a scanned line's (`ScanLine`)."""

    eid: str | None = None
    page: int | None = None
    line: int | None = None
    quote: str | None = None
    box: tuple[float, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "box" or value}


NOWHERE = Locator()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One doubt about an input, kept with the record. `message` is Chinese, for editors."""

    level: Level
    code: str
    message: str
    locator: Locator = NOWHERE

    def to_json(self) -> dict[str, Any]:
        return {
            "level": self.level.value,
            "code": self.code,
            "message": self.message,
            "locator": self.locator.to_json(),
        }


class GongbaoError(Exception):
    """Root of the family. Subclasses set `code`, `zh`, `en` (format strings over `facts`) and `status`.

    `status` is the HTTP status the web answers with; `exit_code` what a command ends with.
    """

    code: ClassVar[str] = "error"
    zh: ClassVar[str] = "出错了"
    en: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 400
    exit_code: ClassVar[int] = 2

    def __init__(self, locator: Locator = NOWHERE, **facts: Any) -> None:
        self.locator = locator
        self.facts = facts
        super().__init__(self.message("zh"))

    def message(self, language: str = "zh") -> str:
        """One line of text in `language` (zh or en)."""
        if not language.startswith("en"):
            return self.zh.format(**self.facts)
        say = phrase_book().say
        return self.en.format(
            **{name: say(fact) if isinstance(fact, str) else fact for name, fact in self.facts.items()}
        )

    def to_finding(self) -> Finding:
        """The same defeat as a finding of level error, for batches that go on."""
        return Finding(level=Level.ERROR, code=self.code, message=self.message(), locator=self.locator)

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message("zh"),
            "message_en": self.message("en"),
            "locator": self.locator.to_json(),
        }


class NotFound(GongbaoError):
    code, status = "not_found", 404
    zh, en = "没有找到：{what}", "Not found: {what}"


class BadInput(GongbaoError):
    code = "bad_input"
    zh, en = "输入有误：{why}", "Bad input: {why}"


class Conflict(GongbaoError):
    code, status = "conflict", 409
    zh, en = "与现有记录冲突：{why}", "Conflicts with the record: {why}"


class Withdrawn(GongbaoError):
    """The document was published once and is a tombstone now (title, day, reason remain)."""

    code, status = "withdrawn", 410
    zh, en = "《{title}》已撤下：{reason}", "“{title}” was withdrawn: {reason}"


class CopyUnreadable(GongbaoError):
    code = "copy.unreadable"
    zh, en = "无法读取文件 {name}：{why}", "Cannot read the file {name}: {why}"
