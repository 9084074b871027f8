"""What every command shares: opening the store, printing results, showing progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

import click

from gazette.errors import BadInput
from gazette.settings import RecordSettings, RoomSettings
from gazette.store import Store
from portal.terminal import say, terminal_language

T = TypeVar("T")

_OUTCOMES = {
    "stored": "入库",
    "unchanged": "未变",
    "copy_added": "添加来源",
    "version_added": "添加版本",
    "failed": "未能入库",
    "draft": "草稿",
    "published": "已公开",
    "withdrawn": "已撤下",
}
_ACTS = {
    "commences": "施行",
    "expires": "期满失效",
    "repeals": "废止",
    "repeals_partially": "部分废止",
    "amends": "修改",
    "lapses": "失效",
    "suspends": "暂停施行",
    "resumes": "恢复施行",
    "overrides": "优先适用",
    "renews": "延长有效期",
    "attests": "认定效力",
    "promulgated": "公布",
    "commenced": "施行",
    "amended": "修改",
    "partly_repealed": "部分废止",
    "repealed": "废止",
    "lapsed": "失效",
    "suspended": "暂停施行",
    "resumed": "恢复施行",
    "overridden": "被优先适用",
    "renewed": "延长有效期",
    "attested": "认定效力",
}


@contextmanager
def opened_store() -> Iterator[Store]:
    """The store of GONGBAO_HOME, migrated to the newest tables."""
    from portal.database import open_store

    store = open_store(RecordSettings.load())
    try:
        yield store
    finally:
        store.close()


def emit_json(value: Any) -> None:
    """One object, one line, on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def with_pages(items: Iterable[T], label: str) -> Iterator[tuple[T, Callable[[int, int], None] | None]]:
    """The items, each with what is told (pages done, of how many) while it is read; None in a pipe."""
    if not sys.stderr.isatty():
        for item in items:
            yield item, None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        files = bar.add_task(say(label), total=None)
        pages = bar.add_task(say("页"), visible=False)
        for item in items:
            yield item, lambda done, total: bar.update(pages, completed=done, total=total or None, visible=True)
            bar.update(pages, visible=False)
            bar.advance(files)


@contextmanager
def told_progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """What is told (done, total) and moves a bar on a terminal's stderr; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say(label), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class SettingsGroup(click.Group):
    """A group whose help ends with the settings of a room."""

    def __init__(self, *args: Any, room: Callable[[], type[RoomSettings]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        room = self.room()
        with formatter.section("Settings (environment variables, or gongbao.toml)"):
            formatter.write_dl(
                [
                    (room.variable(each.name), f"{each.metadata['help']}  [default: {each.default}]")
                    for each in fields(room)
                ]
            )


def iter_inputs(text: str) -> Iterator[str]:
    """`-` reads one input a line from standard input; anything else is the input itself.

    Raises BadInput for bytes that are not UTF-8, which Python hands over as surrogates nothing can print or store.
    """
    for number, line in enumerate(sys.stdin if text == "-" else [text], 1):
        try:
            line.encode("utf-8")
        except UnicodeEncodeError as error:
            raise BadInput(why=f"第{number}行不是 UTF-8 文字 (line {number} is not UTF-8)") from error
        if text != "-":
            yield line
        elif line.strip():
            yield line.strip()


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


def in_words(value: str) -> str:
    """The official word for a status, a state or an outcome, as the renditions and pages print it."""
    return _words(terminal_language()).get(value, value.replace("_", " "))


def act_in_words(kind: str) -> str:
    """What an effect or an event does to its target."""
    return kind.replace("_", " ") if terminal_language() == "en" else _ACTS.get(kind, kind)


@cache
def _words(language: str) -> dict[str, str]:
    from gazette.renditions.frontmatter import wording

    status: dict[str, str] = wording(language)["status"]
    return status if language == "en" else _OUTCOMES | status
