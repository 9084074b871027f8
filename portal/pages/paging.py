"""Pages of a list: exact, without a ceiling, and an honest 404 past the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from gazette.errors import GongbaoError
from portal.addresses import same_page

T = TypeVar("T")

#: Numbers above are as good as this one: no list is so long.
_FARTHEST = 10**10
#: Pages shown on either side of the present one.
_AROUND = 2
#: Digits of a page number that are shown where there is no such page.
_LONGEST_SHOWN = 30


class PageMissing(GongbaoError):
    """No page has this number. `url` leads to the last one."""

    code, status = "page_missing", 404
    zh, en = "没有第{page}页，最后一页是第{last}页", "There is no page {page}; the last is page {last}"


class PageInvalid(PageMissing):
    code = "page_invalid"
    zh, en = "页码“{page}”有误，最后一页是第{last}页", "“{page}” is no page number; the last is page {last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """`numbers` are (number, address); no address is the present page, no number a gap."""

    page: int
    last: int
    numbers: tuple[tuple[int | None, str | None], ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Some lines of a list whose end nobody counts, as editors leaf through it, with the addresses before and after."""

    lines: Sequence[T]
    previous_url: str | None
    next_url: str | None


def read_stretch(read: Callable[..., Sequence[T]], size: int = 50) -> Stretch[T]:
    """The lines from `offset` in the address on; `read` takes limit and offset and may hand out fewer."""
    offset = min(max(0, request.args.get("offset", 0, type=int)), _FARTHEST)
    # One more than is shown tells whether there are more.
    lines = read(limit=size + 1, offset=offset)
    return Stretch(
        lines=lines[:size],
        previous_url=same_page(offset=str(max(0, offset - size))) if offset else None,
        next_url=same_page(offset=str(offset + size)) if len(lines) > size else None,
    )


def page_asked() -> int:
    """The page number in the address, 1 where none stands there and 0 where it is no number: `make_pager` judges it."""
    text = request.args.get("page", "1")
    return min(int(text), _FARTHEST) if text.isascii() and text.isdigit() and len(text) < 400 else 0


def first_of(page: int, size: int) -> int:
    """How many lines stand before a page."""
    return max(0, page - 1) * size


def make_pager(page: int, total: int, size: int) -> Pager:
    """Raises PageMissing when `page` lies before the first page or past the last."""
    last = max(1, -(-total // size))
    if not 1 <= page <= last:
        typed = request.args.get("page", "")[:_LONGEST_SHOWN]
        raise (PageMissing if page > last else PageInvalid)(page=typed, last=last, url=page_url(last))
    return Pager(
        page=page,
        last=last,
        numbers=tuple(_numbers(page, last, page_url)),
        previous_url=page_url(page - 1) if page > 1 else None,
        next_url=page_url(page + 1) if page < last else None,
    )


def page_url(number: int) -> str:
    """The address asked for, with another page number."""
    return same_page(page=str(number) if number > 1 else None, after=None, lang=None)


def _numbers(page: int, last: int, url: Callable[[int], str]):  # type: ignore[no-untyped-def]
    shown = sorted({1, last} | set(range(max(1, page - _AROUND), min(last, page + _AROUND) + 1)))
    before = 0
    for number in shown:
        if number > before + 1:
            yield None, None
        yield number, None if number == page else url(number)
        before = number
