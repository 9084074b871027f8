"""What every command shares: opening the store, printing results, showing progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from gazette.settings import RecordSettings
from gazette.store import Store

T = TypeVar("T")


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


def with_progress(items: Iterable[T], label: str, length: int | None = None) -> Iterator[T]:
    """The items, with a bar on a terminal's stderr and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=label, total=length, console=Console(stderr=True))


def iter_inputs(text: str) -> Iterator[str]:
    """`-` reads one input a line from standard input; anything else is the input itself."""
    if text != "-":
        yield text
        return
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
